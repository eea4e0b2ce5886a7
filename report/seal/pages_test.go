package seal

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

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
