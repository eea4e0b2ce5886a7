package seal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/safefile"
)

// A report that no check would read is not sealed: Seal and Verify share one limit.
func TestSealRefusesAReportTooLarge(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	w := sealer{report: &report.Report{ID: strings.Repeat("x", casedir.MaxReportFile)}, root: c.Root(), signer: testSigner(t, 1)}
	err := w.writeReport()
	if !errors.Is(err, safefile.ErrTooLarge) {
		t.Errorf("error %v, want %v", err, safefile.ErrTooLarge)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), casedir.ReportName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was written all the same: %v", casedir.ReportName, err)
	}
}
