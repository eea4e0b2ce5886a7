package report

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report/safefile"
)

// A report that no check would read is not sealed: Seal and Verify share one limit.
func TestSealRefusesAReportTooLarge(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	w := sealer{report: &Report{ID: strings.Repeat("x", maxReportFile)}, root: c.Root(), signer: testSigner(t, 1)}
	err := w.writeReport()
	if !errors.Is(err, safefile.ErrTooLarge) {
		t.Errorf("error %v, want %v", err, safefile.ErrTooLarge)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), reportName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s was written all the same: %v", reportName, err)
	}
}

func TestReadBounded(t *testing.T) {
	t.Parallel()
	c := newCase(t)
	if err := os.WriteFile(filepath.Join(c.Dir(), "ten"), []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int64]error{11: nil, 10: nil, 9: safefile.ErrTooLarge, 0: safefile.ErrTooLarge} {
		b, err := safefile.Read(safefile.In(c.root), "ten", limit)
		if !errors.Is(err, want) || (want == nil) != (string(b) == "0123456789") {
			t.Errorf("limit %d: %q, error %v; want error %v", limit, b, err, want)
		}
	}
}
