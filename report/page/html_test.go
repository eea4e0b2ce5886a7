package page

import (
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

// The five seconds: what stands in the first box, for each verdict.
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
	cmd := exec.CommandContext(t.Context(), chromium, "--headless", "--no-sandbox", "--disable-gpu",
		"--disable-background-networking", "--no-first-run", "--disable-sync",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--dump-dom", "file://"+path)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dom := string(out)
	for _, want := range []string{`<html lang="en">`, "<main>", "READY", "<footer>", `<code id="token">eyJ`, `class="code"`} {
		if !strings.Contains(dom, want) {
			t.Errorf("the browser's page lacks %q", want)
		}
	}
}
