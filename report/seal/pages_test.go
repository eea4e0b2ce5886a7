package seal

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"preship/report"
	"preship/report/casedir"
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

// A signer can sign any page. What is not drawn from the report is named, if the same
// program looks.
func TestVerifyComparesPages(t *testing.T) {
	t.Parallel()
	c := sealedWith(t, realPages, nil)
	o := VerifyOptions{Pages: realPages, Tool: sampleTool}
	if got := mustVerify(t, c.Dir(), o); !got.OK || got.Pages == nil || !got.Pages.Compared || len(got.Pages.Other) > 0 {
		t.Errorf("%+v, %+v", got, got.Pages)
	}
	o.Tool.Version = "v0.0.0-other"
	if got := mustVerify(t, c.Dir(), o); !got.OK || got.Pages == nil || got.Pages.Compared {
		t.Errorf("another version: %+v", got.Pages)
	}
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.Pages != nil {
		t.Errorf("not asked: %+v", got.Pages)
	}
	o.Tool = sampleTool
	edit := func(render func(*report.Report, string) ([]byte, error)) func(*report.Report, string) ([]byte, error) {
		return func(r *report.Report, token string) ([]byte, error) {
			other := *r
			other.Emulated = !other.Emulated
			return render(&other, token)
		}
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
		{"report.pdf", Pages{HTML: realPages.HTML, PDF: edit(realPages.PDF), Label: realPages.Label}, []string{pdfName}},
		{"label.pdf", Pages{HTML: realPages.HTML, PDF: realPages.PDF, Label: edit(realPages.Label)}, []string{labelName}},
		{"report.html", Pages{HTML: edit(realPages.HTML), PDF: realPages.PDF, Label: realPages.Label}, []string{htmlName}},
		{"the code of another report", Pages{HTML: replayed, PDF: realPages.PDF, Label: realPages.Label}, []string{pdfName, labelName}},
		{"no code", Pages{HTML: standIn("<p>READY"), PDF: realPages.PDF, Label: realPages.Label}, []string{htmlName, pdfName, labelName}},
	} {
		sealWith(t, c, tt.pages)
		if got := mustVerify(t, c.Dir(), o); !got.OK || !slices.Equal(got.Pages.Other, tt.want) {
			t.Errorf("%s: %+v, %+v", tt.name, got.Pages, got.Problems)
		}
	}
}
