package seal

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/testdata/program"
)

// The report travels inside the PDF, byte for byte.
func TestPDFCarriesTheReport(t *testing.T) {
	t.Parallel()
	detach := program.Path(t, "pdfdetach")
	c := sealedWith(t, realPages, nil)
	out := filepath.Join(t.TempDir(), "out.json")
	if msg, err := exec.CommandContext(t.Context(), detach, "-save", "1", "-o", out, filepath.Join(c.Dir(), pdfName)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want := readFile(t, c, casedir.ReportName); string(got) != want {
		t.Errorf("attached is another report.json: %d bytes, want %d", len(got), len(want))
	}
}

// A signer can sign any page. A page not drawn from the report is named, if the same
// program looks.
func TestVerifyComparesPages(t *testing.T) {
	t.Parallel()
	c := withIntake(t, nil)
	sealWith(t, c, realPages)
	o := VerifyOptions{Pages: realPages, Tool: sampleTool}
	if got := mustVerify(t, c.Dir(), o); !got.OK || got.Pages == nil || !got.Pages.Compared || len(got.Pages.Other) > 0 {
		t.Errorf("%+v, %+v", got, got.Pages)
	}
	o.Tool.Version = "v0.0.0-other"
	if got := mustVerify(t, c.Dir(), o); !got.OK || got.Pages == nil || got.Pages.Compared {
		t.Errorf("another version: %+v", got.Pages)
	}
	must(t, os.Rename(filepath.Join(c.Dir(), casedir.IntakeName), filepath.Join(t.TempDir(), "form")))
	o.Tool = sampleTool
	if got := mustVerify(t, c.Dir(), o); !got.OK || !got.Pages.Compared || len(got.Pages.Other) > 0 {
		t.Errorf("without the form: %+v", got.Pages)
	}
	c = withIntake(t, nil)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.Pages != nil {
		t.Errorf("not asked: %+v", got.Pages)
	}
	other := func(r *report.Report) *report.Report {
		o := *r
		o.Emulated = !o.Emulated
		return &o
	}
	with := func(change func(*Pages)) Pages {
		p := realPages
		change(&p)
		return p
	}
	replayed := func(r *report.Report, _ string) ([]byte, error) {
		token, err := newToken(r, report.Digest([]byte("another report")), testSigner(t, 1))
		if err != nil {
			return nil, err
		}
		return realPages.HTML(r, token)
	}
	for _, tt := range []struct {
		name  string
		pages Pages
		want  []string
	}{
		{"report.pdf", with(func(p *Pages) {
			p.PDF = func(r *report.Report, token string) ([]byte, error) { return realPages.PDF(other(r), token) }
		}), []string{pdfName}},
		{"label.pdf", with(func(p *Pages) {
			p.Label = func(r *report.Report, in *intake.Form) ([]byte, error) { return realPages.Label(other(r), in) }
		}), []string{casedir.LabelName}},
		{"fault.pdf", with(func(p *Pages) { p.Fault = faultStandIn }), []string{casedir.FaultName}},
		{"report.html", with(func(p *Pages) {
			p.HTML = func(r *report.Report, token string) ([]byte, error) { return realPages.HTML(other(r), token) }
		}), []string{htmlName}},
		{"the code of another report", with(func(p *Pages) { p.HTML = replayed }), []string{pdfName, casedir.FaultName}},
		{"no code", with(func(p *Pages) { p.HTML = standIn("<p>READY") }), []string{htmlName, pdfName, casedir.FaultName}},
	} {
		sealWith(t, c, tt.pages)
		if got := mustVerify(t, c.Dir(), o); !got.OK || !slices.Equal(got.Pages.Other, tt.want) {
			t.Errorf("%s: %+v, %+v", tt.name, got.Pages, got.Problems)
		}
	}
}
