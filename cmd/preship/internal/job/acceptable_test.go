package job

import (
	"testing"

	"preship/backup"
	"preship/report"
	"preship/report/check"
)

// TestSettledCovers: an acceptance covers the shown losses and fewer, and no more,
// also where as many other things are lost.
func TestSettledCovers(t *testing.T) {
	t.Parallel()
	one, two := [16]byte{1}, [16]byte{2}
	lost := func(names ...[16]byte) backup.Losses {
		l := backup.Loss{}
		for _, name := range names {
			l[name] = true
		}
		return backup.Losses{check.BackupUnreadable: l}
	}
	unreadable := report.Finding{ID: check.BackupUnreadable, Status: report.StatusFail, Summary: "a file is unreadable"}
	contacts := report.Finding{ID: check.BackupContacts, Status: report.StatusFail, Summary: "contacts could not be saved", Observed: "the handset refused"}
	fewer := contacts
	fewer.Observed = "0 contacts; the handset refused"
	for _, tt := range []struct {
		name     string
		was      report.Finding
		accepted bool
		before   backup.Losses
		now      report.Finding
		after    backup.Losses
		want     bool
	}{
		{"the same files", unreadable, true, lost(one, two), unreadable, lost(one, two), true},
		{"fewer files", unreadable, true, lost(one, two), unreadable, lost(one), true},
		{"one more", unreadable, true, lost(one), unreadable, lost(one, two), false},
		{"as many others", unreadable, true, lost(one), unreadable, lost(two), false},
		{"never accepted", unreadable, false, lost(one), unreadable, lost(one), false},
		{"the same words", contacts, true, nil, contacts, nil, true},
		{"other words", contacts, true, nil, fewer, nil, false},
		{"another loss was accepted", contacts, true, lost(), unreadable, lost(one), false},
	} {
		was := tt.was
		if tt.accepted {
			was = accepted(was)
		}
		s := settled{found: report.Findings{was}, losses: tt.before}
		if got := s.covers(tt.now, tt.after); got != tt.want {
			t.Errorf("%s: covered %t, want %t", tt.name, got, tt.want)
		}
	}
}
