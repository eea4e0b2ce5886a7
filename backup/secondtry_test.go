package backup

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"preship/adb"
	"preship/backup/manifest"
	"preship/backup/query"
)

// A file whose read failed for a passing reason is read again, at most as often
// as maxTries says; one that is gone or forbidden is not.
func TestFailedFileIsReadAgain(t *testing.T) {
	t.Parallel()
	there := adb.FileInfo{Mode: manifest.ModeRegular | 0o660, Size: 7, MTime: time.Unix(1772359200, 0), Ino: 42}
	for _, tt := range []struct {
		name  string
		err   error // of the read
		tries int   // in all
		state state
	}{
		{"input/output error", errors.New("read failed: I/O error"), maxTries, stateUnreadable},
		{"answered without the file", nil, maxTries, stateUnreadable},
		{"permission denied", fs.ErrPermission, 1, stateUnreadable},
		{"gone", fs.ErrNotExist, 1, stateVanished},
	} {
		p := newPlan()
		addAll(t, p, "/sdcard/a.jpg")
		p.describe(0, there, nil)
		r := &round{plan: p}
		tries := 1
		for r.refused(0, tt.err); p.at(0).marks&markAgain != 0 && r.second(0, query.Seen{Info: there}); r.refused(0, tt.err) {
			if tries++; tries > 2*maxTries {
				break
			}
			if e := p.at(0); e.state != stateListed || p.reasons[0] != "" {
				t.Errorf("%s: before try %d its state is %v because of %q, want listed", tt.name, tries, e.state, p.reasons[0])
			}
		}
		if tries != tt.tries || p.at(0).state != tt.state || p.reasons[0] == "" {
			t.Errorf("%s: read %d times, then %v because of %q; want %d times, then %v", tt.name, tries, p.at(0).state, p.reasons[0], tt.tries, tt.state)
		}
	}
}
