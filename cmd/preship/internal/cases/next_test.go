package cases

import (
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/register"
)

// TestStandingOfDeletedData: a statement by another key than that of the report is said to be.
func TestStandingOfDeletedData(t *testing.T) {
	t.Parallel()
	on := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	e := register.Entry{Sealed: true, Verdict: report.VerdictReady, Signer: "SHA256:report", Backup: register.Held{Deleted: &on, DeletedBy: "SHA256:report"}}
	if where, _ := Standing(".", e); where.String() != "closed: data deleted on 2026-11-22" {
		t.Errorf("by the key of the report: %q", where)
	}
	e.Backup.DeletedBy = "SHA256:other"
	if where, _ := Standing(".", e); !strings.Contains(where.String(), "SHA256:other, which is not the key of the report") {
		t.Errorf("by another key: %q", where)
	}
	e.Backup.Deleted = nil
	if where, _ := Standing(".", e); strings.Contains(where.String(), "deleted") {
		t.Errorf("without a statement: %q", where)
	}
}
