package copying

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"preship/adb"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
)

// A file whose read failed is read again, at most [plan.MaxTries] times; a deleted or
// forbidden file is not.
func TestFailedFileIsReadAgain(t *testing.T) {
	t.Parallel()
	there := adb.FileInfo{Mode: manifest.ModeRegular | 0o660, Size: 7, MTime: time.Unix(1772359200, 0), Ino: 42}
	for _, tt := range []struct {
		name  string
		err   error // of the read
		tries int   // in all
		state plan.State
	}{
		{"input/output error", errors.New("read failed: I/O error"), plan.MaxTries, plan.StateUnreadable},
		{"answered without the file", nil, plan.MaxTries, plan.StateUnreadable},
		{"permission denied", fs.ErrPermission, 1, plan.StateUnreadable},
		{"gone", fs.ErrNotExist, 1, plan.StateVanished},
	} {
		p := plan.New()
		listed(t, p, "/sdcard/a.jpg", 7, 0o660)
		p.Describe(0, there, nil)
		r := &round{Copier: &Copier{Plan: p}}
		tries := 1
		for r.refused(0, tt.err); p.Again(0) && r.second(0, query.Seen{Info: there}); r.refused(0, tt.err) {
			if tries++; tries > 2*plan.MaxTries {
				break
			}
			if p.State(0) != plan.StateListed || !p.Reason(0).Empty() {
				t.Errorf("%s: before try %d its state is %v because of %q, want listed", tt.name, tries, p.State(0), p.Reason(0))
			}
		}
		if tries != tt.tries || p.State(0) != tt.state || p.Reason(0).Empty() {
			t.Errorf("%s: read %d times, then %v because of %q; want %d times, then %v", tt.name, tries, p.State(0), p.Reason(0), tt.tries, tt.state)
		}
	}
}
