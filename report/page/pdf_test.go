package page

import (
	"bytes"
	"fmt"
	"math"
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
	"preship/report/intake"
	"preship/testdata/program"
)

// pdfOf renders a page and returns its path.
func pdfOf(t *testing.T, render func(*report.Report, string) ([]byte, error), r *report.Report) string {
	t.Helper()
	return drawn(t, render, r, token(t, r))
}

// drawn is pdfOf with a code of the caller's.
func drawn(t *testing.T, render func(*report.Report, string) ([]byte, error), r *report.Report, code string) string {
	t.Helper()
	b, err := render(r, code)
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

// labelOf renders the label with a form.
func labelOf(in *intake.Form) func(*report.Report, string) ([]byte, error) {
	return func(r *report.Report, _ string) ([]byte, error) { return Label(r, in) }
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
			"(a person confirmed this)", "page 2 of 2", "SHA256:", "Ended: 2026-11-22",
		}},
		{"not ready", "en", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepAccounts].Findings[0].Status, s[report.StepAccounts].Findings[0].Remedy = report.StatusFail, "sign out on the handset"
		}, []string{"NOT READY", "Do not post this phone yet.", "→ sign out on the handset", "✕ fail", "[account.mi.signed-out]"}},
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
			if pages := strings.Count(text, "\f"); pages > 2 {
				t.Errorf("%d pages, want at most 2", pages)
			}
			if r.Emulated {
				word := langNamed(tt.lang).text("page.emulated")
				pages := strings.Split(textOf(t, pdfOf(t, PDF, &r), "-raw"), "\f")
				for n, page := range pages[:len(pages)-1] {
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

// Whatever a handset or a form says stays text, and does not become a book.
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
		form := &intake.Form{Customer: intake.Customer{Name: evil, Address: evil + "\n" + evil}}
		report.Tidy(form)
		r.Verdict = report.VerdictReady // the label with everything on it
		for name, render := range map[string]func(*report.Report, string) ([]byte, error){"report": PDF, "label": labelOf(form)} {
			path := pdfOf(t, render, &r)
			text := textOf(t, path)
			if most := map[string]int{"report": 4, "label": 1}[name]; strings.Count(text, "\f") > most {
				t.Errorf("%s with %.20q: %d pages, want at most %d", name, evil, strings.Count(text, "\f"), most)
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
	for _, render := range []func(*report.Report, string) ([]byte, error){PDF, labelOf(nil)} {
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

// The outside of the box shows a number and the sender, and nothing of the contents. A
// handset that stays has a label that says so.
func TestLabelShowsNothingOfTheHandset(t *testing.T) {
	t.Parallel()
	form := casetest.Intake()
	form.Customer.Address = "Calle Mayor 1\n28013 Madrid"
	for _, tag := range report.Languages {
		for _, tt := range []struct {
			name    string
			ticket  *report.Ticket
			form    *intake.Form
			verdict report.Verdict
			want    []string
			not     []string
		}{
			{"an RMA number", &report.Ticket{ID: "T-2041", RMA: "RMA 77 红", ShipBy: "2026-12-22"}, &form, report.VerdictReady, []string{"RMA 77 红", "Jordan Example", "Calle Mayor 1", "28013 Madrid"}, []string{"T-2041"}},
			{"a ticket", &report.Ticket{ID: "T-2041", ShipBy: "2026-12-22"}, &form, report.VerdictReady, []string{"T-2041", "Jordan Example"}, nil},
			{"no form", nil, nil, report.VerdictReady, []string{casetest.ID}, []string{"Jordan"}},
			{"not ready", &report.Ticket{ID: "T-2041", ShipBy: "2026-12-22"}, &form, report.VerdictNotReady, []string{"T-2041"}, []string{"Jordan", "2026-12-22"}},
			{"failed", nil, &form, report.VerdictFailed, []string{casetest.ID}, []string{"Jordan"}},
		} {
			r := casetest.Report(t, nil)
			r.Language, r.Ticket, r.Verdict = tag, tt.ticket, tt.verdict
			text := textOf(t, pdfOf(t, labelOf(tt.form), &r), "-layout")
			flat := strings.Join(strings.Fields(text), " ")
			l := langNamed(tag)
			not := append(tt.not, "READY", "356938035643809", "Redmi", "Xiaomi", "M2101K7AG", "phone number", form.Salt, l.say(report.VerdictReady.Word()))
			if tt.verdict != report.VerdictReady {
				said := strings.ReplaceAll(l.text(verdictLook[tt.verdict].say), " ", "")
				if !strings.Contains(strings.ReplaceAll(flat, " ", ""), said) {
					t.Errorf("%s, %s: the label does not say %q:\n%s", tag, tt.name, said, text)
				}
			}
			for _, want := range tt.want {
				if !strings.Contains(flat, want) {
					t.Errorf("%s, %s: the label lacks %q:\n%s", tag, tt.name, want, text)
				}
			}
			for _, wrong := range not {
				if strings.Contains(flat, wrong) {
					t.Errorf("%s, %s: the label shows %q:\n%s", tag, tt.name, wrong, text)
				}
			}
		}
	}
}

// A photograph of the page must hold the code: drawn, it is compared module by
// module with the encoded text.
func TestCodeIsDrawnAsEncoded(t *testing.T) {
	t.Parallel()
	ppm := program.Path(t, "pdftoppm")
	r := casetest.Report(t, nil)
	path := pdfOf(t, PDF, &r)
	const dpi = 300
	out, err := exec.CommandContext(t.Context(), ppm, "-r", strconv.Itoa(dpi), "-f", "1", "-l", "1", "-gray", path).Output()
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
	module := reportCode / float64(len(code)+2*qrQuiet)
	// How far down the code stands depends on what there is to mind above it.
	left := pageWidth - pageMargin - reportCode
	at := func(mm float64) int { return int(mm / 25.4 * dpi) }
	drawn := func(top float64) bool {
		for y, row := range code {
			for x, dark := range row {
				px, py := at(left+(float64(qrQuiet+x)+0.5)*module), at(top+(float64(qrQuiet+y)+0.5)*module)
				if pixels[py*width+px] < 128 != dark {
					return false
				}
			}
		}
		return true
	}
	for top := float64(pageMargin); top < pageHeight-pageMargin-reportCode; top += 0.1 {
		if drawn(top) {
			return
		}
	}
	t.Error("the code is not on the page as it was encoded")
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

// However much there is to say, nothing is written over the foot of a page, and the pages
// end.
func TestPDFKeepsItsFoot(t *testing.T) {
	t.Parallel()
	many := func(s map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		long := strings.Repeat("something a handset says at length ", 20)
		for i := range 200 {
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
		top := int(math.Floor((flowBottom + 4) * 72 / 25.4)) // points from the top: where the foot begins
		foot := textOf(t, path, "-r", "72", "-x", "0", "-y", strconv.Itoa(top), "-W", "600", "-H", "90", "-layout")
		pages := strings.Split(strings.TrimSuffix(foot, "\f"), "\f")
		for n, page := range pages {
			lines := strings.FieldsFunc(page, func(r rune) bool { return r == '\n' })
			if len(lines) != 3 || !strings.HasPrefix(lines[0], r.ID) || !strings.HasPrefix(lines[1], "Signed by SHA256:") || !strings.Contains(lines[0], fmt.Sprintf("page %d of %d", n+1, len(pages))) {
				t.Errorf("%s: the foot of page %d reads %q", name, n+1, lines)
			}
		}
		if len(pages) > maxPDFPages {
			t.Errorf("%s: %d pages", name, len(pages))
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

// Nothing that a job finds is cut off in the PDF.
func TestPDFCutsNothing(t *testing.T) {
	t.Parallel()
	for _, tag := range report.Languages {
		r := everyCheck(t, tag)
		r.Handset.OS.Version = new("OS2.0.207.0.VMNCNXM.OTA-incremental-build-of-the-maker.20250701.1")
		text := textOf(t, pdfOf(t, PDF, r), "-layout")
		if strings.Contains(text, "…") || strings.Contains(text, "⋯") {
			t.Errorf("%s: something is cut off:\n%s", tag, text)
		}
		flat := strings.Join(strings.Fields(textOf(t, pdfOf(t, PDF, r))), "")
		for _, s := range r.Steps {
			for _, f := range s.Findings {
				told := langNamed(tag).told(f)
				if said := strings.Join(strings.Fields(told.Text), ""); !told.English && !strings.Contains(flat, said) {
					t.Errorf("%s: the PDF lacks %q", tag, said)
				}
			}
		}
	}
}
