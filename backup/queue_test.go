package backup

import (
	"testing"

	"preship/backup/manifest"
)

// TestQueueTroubleLast: during which the connection was lost comes after all
// others, and what was begun before them.
func TestQueueTroubleLast(t *testing.T) {
	t.Parallel()
	p := newPlan()
	addAll(t, p, "breaks", "closed", "film", "small")
	for i, size := range []int64{1, 1, largeFile, 1} {
		p.at(uint32(i)).size, p.at(uint32(i)).mode = size, manifest.ModeRegular|0o644
	}
	p.at(1).mode = manifest.ModeRegular | 0o600
	q := newQueue(p, []uint32{1, 2, 3})
	q.suspect(0)
	q.setAside(&torso{file: 9})
	if one, ok := q.torso(); !ok || one.file != 9 {
		t.Errorf("begun before is %+v", one)
	}
	if one, ok := q.torso(); ok {
		t.Errorf("%+v was begun twice", one)
	}
	for _, want := range []uint32{3, 2, 1, 0} {
		if i, ok := q.take(false); !ok || i != want {
			t.Errorf("took %q, want %q", p.path(i), p.path(want))
		}
	}
	q.setAside(&torso{})
	if q.empty() {
		t.Error("is empty with a file that was begun")
	}
}
