package page

import (
	"cmp"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casetest"
	"preship/report/check"
	"preship/report/message"
	"preship/testdata/program"
)

func pageOf(t *testing.T, change func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)) string {
	t.Helper()
	r := casetest.Report(t, change)
	r.Signer = testSigner
	b, err := HTML(&r, token(t, &r))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The five seconds: the content of the first box, for each verdict.
func TestPageShowsTheVerdictFirst(t *testing.T) {
	t.Parallel()
	type steps = map[string]*report.StepRecord
	for _, tt := range []struct {
		change func(steps, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)
		want   []string
	}{
		{nil, []string{"<title>READY · Redmi Note 10", `"verdict READY"`, "This phone may be posted.", "356938035643809"}},
		{func(s steps, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepAccounts].Findings[0].Status, s[report.StepAccounts].Findings[0].Remedy = report.StatusFail, "sign out on the handset"
		}, []string{"<title>NOT READY", `"verdict NOT-READY"`, "Do not post this phone yet.", "sign out on the handset"}},
		{func(s steps, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			s[report.StepReset].State, s[report.StepReset].Error = report.StepFailed, "recovery refused"
		}, []string{"<title>FAILED", "Do not post this phone: the job failed.", "Step reset failed: recovery refused"}},
		{
			func(s steps, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) { clear(s) },
			[]string{"<title>INCOMPLETE · Unknown handset", "Do not post this phone: the job is not finished.", "IMEI unknown", "The handset was not identified."},
		},
		{
			func(_ steps, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
				h.Kind = report.KindEmulator
			},
			[]string{"<title>READY (EMULATED)", `class="stamp"`, `"verdict READY toy"`, "there is nothing to post"},
		},
	} {
		page := pageOf(t, tt.change)
		for _, want := range tt.want {
			if !strings.Contains(page, want) {
				t.Errorf("%q is not on the page:\n%s", want, page)
			}
		}
		if real := !strings.Contains(page, `class="stamp"`); real == strings.Contains(page, "EMULATED") {
			t.Errorf("stamp and word disagree:\n%s", page)
		}
	}
}

// One file, no network, no script, whatever a handset says of itself.
func TestPageIsHarmless(t *testing.T) {
	t.Parallel()
	const evil = `"><script>x()</script><img src=//example.net onerror=x()>'{{.}}` + "\x1b[2J\u202e"
	page := pageOf(t, func(s map[string]*report.StepRecord, h *report.Handset, a *report.Accounts, reset *report.Reset, c *report.Clean) {
		h.MarketName, h.Region, h.Serial = new(evil), new(evil), evil
		h.IMEI[0].Value, h.SIMs[0].State = evil, evil
		a.Locks[0].Status, a.Locks[0].Remove = report.StatusFail, evil
		reset.Answer, reset.Way = new(evil), evil
		c.NotProved = []string{evil}
		s[report.StepVerify].State, s[report.StepVerify].Error = report.StepFailed, evil
		f := &s[report.StepAccounts].Findings[0]
		f.Summary, f.Observed, f.Remedy, f.Status = evil, evil, evil, report.Status(evil)
		f.Evidence = []string{"javascript:x()", "//example.net/x", evil}
	})
	for _, bad := range []string{"<script", "<img", "\x1b", "\u202e", "{{.}}<"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if u, err := url.Parse(m[1]); err != nil || u.Scheme != "" && !strings.HasPrefix(m[1], "#") || strings.HasPrefix(m[1], "//") {
			t.Errorf("the page leads to %q", m[1])
		}
	}
	for _, bad := range []string{"@import", "url(", "http://", "https://"} {
		if strings.Contains(pageStyle, bad) {
			t.Errorf("the style holds %q", bad)
		}
	}
}

func TestPageNamesEveryCheckAndStep(t *testing.T) {
	t.Parallel()
	page := pageOf(t, func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		delete(s, report.StepVerify)
	})
	for _, want := range []string{
		"identity.imei", "backup.proved", "account.mi.signed-out", "lock.find-device.off", "reset.answered",
		"evidence/0001-getprop.txt", "evidence/0003-hash-files.txt", "8.4 GB", "(a person confirmed this)", "not run",
		"Format_data_success.", "This does not prove", testSigner, "NIST SP 800-88r2",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "Jordan") {
		t.Error("the page names the owner")
	}
}

// The barcode by what Code 128 prescribes: start C, seven pairs of digits, the
// change to set B for the odd digit, check symbol and stop make 134 modules.
func TestBarcode(t *testing.T) {
	t.Parallel()
	code, err := newBarcode("356938035643809")
	if err != nil {
		t.Fatal(err)
	}
	modules := make([]byte, code.Width)
	for i := range modules {
		modules[i] = '0'
	}
	for _, m := range regexp.MustCompile(`M(\d+) 0h(\d+)v`).FindAllStringSubmatch(string(code.Path), -1) {
		x, _ := strconv.Atoi(m[1])
		w, _ := strconv.Atoi(m[2])
		copy(modules[x:x+w], strings.Repeat("1", w))
	}
	quiet := strings.Repeat("0", quietZone)
	got := strings.TrimSuffix(strings.TrimPrefix(string(modules), quiet), quiet)
	const startC, pair35, stop = "11010011100", "10001000110", "1100011101011"
	if len(got) != 134 || !strings.HasPrefix(got, startC+pair35) || !strings.HasSuffix(got, stop) {
		t.Errorf("%d modules: %s", len(got), got)
	}
}

func TestPageHasBarcodesOfRealPhonesOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(map[string]*report.StepRecord, *report.Handset, *report.Accounts, *report.Reset, *report.Clean)
		want   int
	}{
		{"two IMEIs", nil, 2},
		{"no number", func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			h.IMEI[0].Value = "35693803564380x"
		}, 1},
		{"emulated", func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			h.Kind = report.KindEmulator
		}, 0},
		{"never identified", func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
			clear(s)
		}, 0},
	} {
		if got := strings.Count(pageOf(t, tt.change), `<svg class="code"`); got != tt.want {
			t.Errorf("%s: %d barcodes, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPageSaysTheNextThingOnce(t *testing.T) {
	t.Parallel()
	page := pageOf(t, func(s map[string]*report.StepRecord, _ *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		clear(s)
	})
	if got := strings.Count(page, `class="next"`); got != 1 {
		t.Errorf("it is said %d times", got)
	}
}

// A browser must see a page without errors, and put the verdict on the first
// screen of a phone.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	chromium := program.Path(t, "chromium")
	dir := t.TempDir()
	path := filepath.Join(dir, "report.html")
	if err := os.WriteFile(path, []byte(pageOf(t, nil)), 0o600); err != nil {
		t.Fatal(err)
	}
	dom := browse(t, chromium, path)
	for _, want := range []string{`<html lang="en">`, "<main>", "READY", "<footer>", `--qr eyJ`, `class="code"`} {
		if !strings.Contains(dom, want) {
			t.Errorf("the browser's page lacks %q", want)
		}
	}
}

// browse returns the document that a browser makes of a file.
func browse(t *testing.T, chromium, path string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu",
		"--disable-background-networking", "--no-first-run", "--disable-sync", "--allow-file-access-from-files", "--disable-web-security",
		"--user-data-dir="+filepath.Join(t.TempDir(), "profile"), "--dump-dom", "file://"+path)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// everyCheck is a report with every check of the product, most of them passed.
func everyCheck(t *testing.T, tag string) *report.Report {
	t.Helper()
	r := casetest.Report(t, func(s map[string]*report.StepRecord, h *report.Handset, a *report.Accounts, _ *report.Reset, c *report.Clean) {
		steps := map[string]string{"identity": report.StepIdentify, "backup": report.StepBackup, "reset": report.StepReset, "clean": report.StepVerify}
		for i, row := range check.Rows {
			family, _, _ := strings.Cut(row.ID, ".")
			step := cmp.Or(steps[family], report.StepAccounts)
			if _, there := s[step].Findings.ByID(row.ID); there || family == "fault" {
				continue
			}
			f := report.Finding{ID: row.ID, Status: report.StatusPass, Method: report.MethodObserved, Evidence: []string{"evidence/0001-getprop.txt"}, At: casetest.Time}
			f.Tell(message.AsIs("The handset gave answer number " + strconv.Itoa(i) + "."))
			s[step].Findings = append(s[step].Findings, f)
			if step == report.StepAccounts {
				a.Locks = append(a.Locks, report.Lock{ID: row.ID, Status: report.StatusPass, Method: report.MethodObserved})
			}
			if row.NotProved != "" {
				c.NotProved = append(c.NotProved, "What check number "+strconv.Itoa(i)+" leaves open stands here at some length.")
			}
		}
		f := &s[report.StepAccounts].Findings[2]
		f.Status, f.Observed = report.StatusWarn, "356938035643809"
		f.Tell(message.Say("clean.contacts.there", "count", 3))
		f.Advise(message.Say("clean.remedy.look"))
		f = &s[report.StepVerify].Findings[1]
		f.Status = report.StatusWarn
		f.Tell(message.Say("clean.contacts.there", "count", 3))
	})
	r.Language, r.Signer = tag, testSigner
	r.Ticket = &report.Ticket{ID: "T-2041", RMA: "RMA-778", ShipBy: "2026-12-22"}
	return &r
}

// On a phone, the page of a report with every check is under eight screens, no line
// breaks inside an IMEI, and nothing is wider than the screen. On paper, folded text
// is open.
func TestPageOnAPhone(t *testing.T) {
	t.Parallel()
	chromium := program.Path(t, "chromium")
	dir := t.TempDir()
	var measure strings.Builder
	measure.WriteString("<body><pre></pre>")
	for _, tag := range report.Languages {
		r := everyCheck(t, tag)
		b, err := HTML(r, token(t, r))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, tag+".html"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, width := range []string{"390", "160", "900"} {
			measure.WriteString(`<iframe style="width:` + width + `px;height:844px;border:0" src="` + tag + `.html"></iframe>`)
		}
	}
	measure.WriteString(`<script>onload = () => { for (const f of document.querySelectorAll("iframe")) {
		const d = f.contentDocument, e = d.documentElement
		let broken = 0
		for (const i of d.querySelectorAll(".imei")) broken += i.getClientRects().length > 1 && i.checkVisibility()
		document.querySelector("pre").textContent += [f.getAttribute("src"), f.clientWidth, e.scrollWidth, e.scrollHeight, d.querySelectorAll(".imei").length, broken].join(" ") + "\n"
	}}</script>`)
	path := filepath.Join(dir, "measure.html")
	if err := os.WriteFile(path, []byte(measure.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	dom := browse(t, chromium, path)
	lines := regexp.MustCompile(`(?m)([a-z]+)\.html (\d+) (\d+) (\d+) (\d+) (\d+)$`).FindAllStringSubmatch(dom, -1)
	if len(lines) != 3*len(report.Languages) {
		t.Fatalf("the browser measured %d pages:\n%s", len(lines), dom)
	}
	for _, m := range lines {
		var n [5]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+2])
		}
		width, wide, high, numbers, broken := n[0], n[1], n[2], n[3], n[4]
		if width == 390 && (high >= 8*844 || wide > width) || numbers < 6 || broken > 0 {
			t.Errorf("%s at %d pixels: %d wide, %d high, %d of %d IMEIs are broken", m[1], width, wide, high, broken, numbers)
		}
	}
}

// No sentence stands twice on the page, and the IDs of checks are in their own column.
func TestPageSaysEachSentenceOnce(t *testing.T) {
	t.Parallel()
	for _, tag := range report.Languages {
		r := everyCheck(t, tag)
		b, err := HTML(r, token(t, r))
		if err != nil {
			t.Fatal(err)
		}
		page := string(b)
		sentence := langNamed(tag).text("clean.contacts.there", "count", 3)
		if got := strings.Count(page, sentence); got != 2 { // of two checks
			t.Errorf("%s: %q stands on the page %d times, want 2", tag, sentence, got)
		}
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`<bdi(?: class="first")?(?: lang="en")?>([^<]{25,})</bdi>`).FindAllStringSubmatch(page, -1) {
			if seen[m[1]] && m[1] != sentence {
				t.Errorf("%s: %q stands on the page twice", tag, m[1])
			}
			seen[m[1]] = true
		}
		column := regexp.MustCompile(`<p class="details soft"><code>[^<]*</code>`)
		rest := column.ReplaceAllString(page, "")
		for _, row := range check.Rows {
			if strings.Contains(rest, ">"+row.ID) || strings.Contains(rest, " "+row.ID+" ") {
				t.Errorf("%s: %s stands outside its column", tag, row.ID)
			}
		}
	}
}
