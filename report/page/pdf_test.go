package page

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"preship/report"
	"preship/report/casetest"
	"preship/testdata/program"
)

// pdfOf renders a page and returns its path.
func pdfOf(t *testing.T, render func(*report.Report, string) ([]byte, error), r *report.Report) string {
	t.Helper()
	b, err := render(r, token(t, r))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// textOf is what other people's software reads in a PDF.
func textOf(t *testing.T, path string, flags ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program.Path(t, "pdftotext"), append(flags, "-enc", "UTF-8", path, "-")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestPDFMatchesTheReport(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		lang   string
		change casetest.Change
		want   []string
	}{
		{"ready", "en", nil, []string{
			"READY", "This phone may be posted.", "Redmi Note 10", "356938035643809", "490154203237518", "1,204 files, 8.4 GB",
			"Format_data_success.", "The handset was set up without accounts", "This does not prove", "NIST SP 800-88r2", "No Mi account is signed in",
			"(a person confirmed this)", "page 2 of 2", "SHA256:",
		}},
		{"not ready", "en", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepAccounts].Findings[0].Status, s[report.StepAccounts].Findings[0].Remedy = report.StatusFail, "sign out on the handset"
		}, []string{"NOT READY", "Do not post this phone yet.", "→ sign out on the handset", "✕ fail", "account.mi.signed-out: "}},
		{"nothing done", "en", casetest.Variants["nothing done"], []string{"INCOMPLETE", "IMEI unknown", "The handset was not identified.", "This step was not run."}},
		{"emulated", "es", casetest.Variants["nothing known"], []string{"EMULADO", "Un teléfono emulado"}},
		{"chinese", "zh", nil, []string{"可以寄出", "这部手机可以寄出。", "已备份并核实的内容", "小米账号已退出", "第 2 页，共 2 页"}},
		{"names", "en", func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			h.MarketName = new("红米 喆堃 한글 กข 😀")
		}, []string{"红米 喆堃 한글 [U+0E01][U+0E02] [U+1F600]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := casetest.Report(t, tt.change)
			r.Language, r.Signer = tt.lang, testSigner
			text := textOf(t, pdfOf(t, PDF, &r), "-layout")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("the PDF lacks %q:\n%s", want, text)
				}
			}
			if pages := strings.Count(text, "\f"); pages != 2 {
				t.Errorf("%d pages, want 2", pages)
			}
			if r.Emulated {
				word := langNamed(tt.lang).text("page.emulated")
				for n, page := range strings.SplitN(textOf(t, pdfOf(t, PDF, &r), "-raw"), "\f", 3)[:2] {
					// Across the page: three lines of nothing but the word.
					got := 0
					for line := range strings.Lines(page) {
						if strings.TrimSpace(line) == word {
							got++
						}
					}
					if got != 3 {
						t.Errorf("page %d is stamped %s %d times, want 3", n+1, word, got)
					}
				}
			} else if strings.Contains(text, "EMULATED") {
				t.Error("a real handset's report is stamped")
			}
		})
	}
}

// Whatever a handset says stays text on two pages.
func TestPDFIsHarmless(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{
		") Tj ET endstream endobj (", `\\)\n(<</JS (app.alert(1))/S/JavaScript>>`, "\x1b[2J\x1b]0;x\a", "\u202egnp.exe", "{nb}",
		strings.Repeat("W", 10_000), strings.Repeat("很", 10_000), "\xff\xfe", "尨⤨嘨", "A\u0301\u0301\u0301", "\u202eאבג", "\r\n\t",
	} {
		r := casetest.Report(t, func(s map[string]*report.StepRecord, h *report.Handset, a *report.Accounts, reset *report.Reset, c *report.Clean) {
			h.MarketName, h.Region, h.Serial, h.Manufacturer = new(evil), new(evil), evil, new(evil)
			h.IMEI[0].Value, h.SIMs[0].State = evil, evil
			reset.Answer, reset.Way = new(evil), evil
			s[report.StepVerify].State, s[report.StepVerify].Error = report.StepFailed, evil
			f := &s[report.StepAccounts].Findings[0]
			f.ID, f.Summary, f.Remedy, f.Status = evil, evil, evil, report.StatusFail
		})
		r.Ticket = &report.Ticket{ID: evil, RMA: evil, ShipBy: evil}
		report.Tidy(r.Ticket)
		for name, render := range map[string]func(*report.Report, string) ([]byte, error){"report": PDF, "label": Label} {
			path := pdfOf(t, render, &r)
			text := textOf(t, path)
			if want := map[string]int{"report": 2, "label": 1}[name]; strings.Count(text, "\f") != want {
				t.Errorf("%s with %.20q: %d pages, want %d", name, evil, strings.Count(text, "\f"), want)
			}
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\a\u202e") {
				t.Errorf("%s with %.20q says it as it was", name, evil)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte("/JavaScript")) || len(b) > 1<<20 {
				t.Errorf("%s with %.20q: %d bytes, with a script: %t", name, evil, len(b), bytes.Contains(b, []byte("/JavaScript")))
			}
		}
	}
}

// Two renderings in two languages' order must not influence each other.
func TestPDFIsDeterministic(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	for _, render := range []func(*report.Report, string) ([]byte, error){PDF, Label} {
		var first []byte
		for i := range 3 {
			other := r
			other.Language = report.Languages[i]
			if _, err := render(&other, token(t, &r)); err != nil {
				t.Fatal(err)
			}
			b, err := render(&r, token(t, &r))
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = b
			}
			if !bytes.Equal(b, first) {
				t.Fatal("the same report gives other bytes")
			}
		}
	}
	if b, _ := PDF(&r, token(t, &r)); bytes.Contains(b, []byte(time.Now().Format("D:2006"))) && r.Finished.Year() != time.Now().Year() {
		t.Error("the PDF knows what year it is")
	}
}

func TestLabelHasBarcodes(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	r.Ticket = &report.Ticket{ID: "T-2041", RMA: "RMA 77 红", ShipBy: "2026-12-22"}
	text := textOf(t, pdfOf(t, Label, &r))
	for _, want := range []string{"READY", r.ID, "IMEI 356938035643809", "Ticket T-2041", "RMA number RMA 77 红", "Post by 2026-12-22"} {
		if !strings.Contains(text, want) {
			t.Errorf("the label lacks %q:\n%s", want, text)
		}
	}
}

// A photograph of the page must hold the code: drawn, it is compared module by
// module with the encoded text.
func TestCodeIsDrawnAsEncoded(t *testing.T) {
	t.Parallel()
	ppm := program.Path(t, "pdftoppm")
	r := casetest.Report(t, nil)
	path := pdfOf(t, Label, &r)
	const dpi = 600
	out, err := exec.CommandContext(t.Context(), ppm, "-r", strconv.Itoa(dpi), "-gray", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	header := bytes.SplitN(out, []byte("\n"), 4)
	var width, height int
	dims := strings.Fields(string(header[1]))
	width, _ = strconv.Atoi(dims[0])
	height, _ = strconv.Atoi(dims[1])
	pixels := header[3]
	if width == 0 || len(pixels) != width*height {
		t.Fatalf("%d x %d pixels in %d bytes", width, height, len(pixels))
	}
	code, err := newSquare(token(t, &r))
	if err != nil {
		t.Fatal(err)
	}
	const size = 42.0
	module := size / float64(len(code)+2*qrQuiet)
	left, top := (labelWidth-size)/2, labelHeight-labelMargin-size
	at := func(mm float64) int { return int(mm / 25.4 * dpi) }
	for y, row := range code {
		for x, dark := range row {
			px, py := at(left+(float64(qrQuiet+x)+0.5)*module), at(top+(float64(qrQuiet+y)+0.5)*module)
			if got := pixels[py*width+px] < 128; got != dark {
				t.Fatalf("module %d,%d is dark: %t, want %t", x, y, got, dark)
			}
		}
	}
}

func TestFontCoverage(t *testing.T) {
	t.Parallel()
	f, err := wholeFont()
	if err != nil {
		t.Fatal(err)
	}
	for id := range englishTexts() {
		for _, tag := range report.Languages {
			// A line break is no character of a font; a text for a terminal or a file has some.
			text := strings.ReplaceAll(langNamed(tag).text(id), "\n", " ")
			if got := f.spell(text); got != text {
				t.Errorf("the font lacks something of %q: %q", text, got)
			}
		}
	}
	for _, tt := range []struct{ in, want string }{
		{"Ñandú 喆 ✓", "Ñandú 喆 ✓"}, {"ก", "[U+0E01]"}, {"😀", "[U+1F600]"}, {"a\u200db", "a[U+200D]b"},
	} {
		if got := f.spell(tt.in); got != tt.want {
			t.Errorf("spell(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzCoverage(f *testing.F) {
	font, err := wholeFont()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(font.ttf[:2000])
	f.Fuzz(func(t *testing.T, b []byte) {
		if covered, err := glyphsOf(b); err == nil && len(covered) != 1<<16 {
			t.Errorf("%d characters", len(covered))
		}
	})
}

// However much there is to say, nothing is written over the foot of a page.
func TestPDFKeepsItsFoot(t *testing.T) {
	t.Parallel()
	many := func(s map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		long := strings.Repeat("something a handset says at length ", 20)
		for i := range 120 {
			f := casetest.Found("account.x"+strconv.Itoa(i), report.StatusFail, long)
			f.Remedy = long
			s[report.StepAccounts].Findings = append(s[report.StepAccounts].Findings, f)
		}
		h.MarketName = new(long)
	}
	for name, change := range map[string]casetest.Change{"little": nil, "much": many, "nothing": casetest.Variants["nothing done"]} {
		r := casetest.Report(t, change)
		r.Signer = testSigner
		r.Ticket = &report.Ticket{ID: "T-1", RMA: "R-1", ShipBy: "2026-12-22", Photos: []report.Photo{{File: "evidence/condition-01.jpg"}}}
		path := pdfOf(t, PDF, &r)
		const top = 761 // points from the top: where the foot begins
		foot := textOf(t, path, "-r", "72", "-x", "0", "-y", strconv.Itoa(top), "-W", "600", "-H", "90", "-layout")
		for n, page := range strings.SplitN(foot, "\f", 3)[:2] {
			lines := strings.FieldsFunc(page, func(r rune) bool { return r == '\n' })
			if len(lines) != 4 || !strings.HasPrefix(lines[0], r.ID) || !strings.HasPrefix(lines[1], "Signed by SHA256:") {
				t.Errorf("%s: the foot of page %d reads %q", name, n+1, lines)
			}
		}
		whole := textOf(t, path, "-layout")
		for _, want := range []string{"This does not prove", "Every check"} {
			if !strings.Contains(whole, want) {
				t.Errorf("%s: the PDF lacks %q", name, want)
			}
		}
		if more := strings.Contains(whole, "more, in report.html"); more != (name == "much") {
			t.Errorf("%s: it says that there are more checks: %t", name, more)
		}
	}
}
