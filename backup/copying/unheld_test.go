package copying

import (
	"testing"

	"preship/backup/disk"
	"preship/backup/plan"
)

// A disk that says it is full ends a backup, unless it has space left and the file is at
// the limit of FAT32, of which Windows says the same.
func TestFullDiskOrLimitOfFAT32(t *testing.T) {
	t.Parallel()
	full := disk.FullErrors[0]
	for _, tt := range []struct {
		received, left int64
		ends           bool
	}{
		{1 << 32, 1 << 40, false},
		{1 << 32, disk.LeastSpace - 1, true},
		{1 << 31, 1 << 40, true},
	} {
		p := plan.New()
		i, err := p.Add([]byte("/storage/emulated/0/film.mp4"))
		if err != nil {
			t.Fatal(err)
		}
		r := &round{Copier: &Copier{Plan: p, Free: func() (int64, error) { return tt.left, nil }}}
		err = r.unheld(i, tt.received, full)
		if (err != nil) != tt.ends || p.IsUnheld(i) == tt.ends {
			t.Errorf("%d bytes received and %d left: %v, not held: %t", tt.received, tt.left, err, p.IsUnheld(i))
		}
	}
}
