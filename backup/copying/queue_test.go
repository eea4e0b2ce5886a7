package copying

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preship/adb"
	"preship/backup/manifest"
	"preship/backup/plan"
)

// TestQueueAfterLostConnections: a file during which the connection was lost comes after
// all others, and a partial file before them.
func TestQueueAfterLostConnections(t *testing.T) {
	t.Parallel()
	p := plan.New()
	listed(t, p, "breaks", 1, 0o644)
	listed(t, p, "closed", 1, 0o600)
	listed(t, p, "film", largeFile, 0o644)
	listed(t, p, "small", 1, 0o644)
	q := newQueue(p, []uint32{1, 2, 3})
	q.suspect(0)
	q.setAside(&partial{file: 9}, false)
	if one, ok := q.nextPartial(); !ok || one.file != 9 {
		t.Errorf("begun before is %+v", one)
	}
	if one, ok := q.nextPartial(); ok {
		t.Errorf("%+v was begun twice", one)
	}
	for _, want := range []uint32{3, 2, 1, 0} {
		if i, ok := q.take(false); !ok || i != want {
			t.Errorf("took %q, want %q", p.Path(i), p.Path(want))
		}
	}
	q.setAside(&partial{}, false)
	if q.empty() {
		t.Error("is empty with a file that was begun")
	}
}

// listed adds a regular file to a plan.
func listed(t testing.TB, p *plan.Plan, name string, size int64, mode uint32) uint32 {
	t.Helper()
	i, err := p.Add([]byte(name))
	if err != nil {
		t.Fatal(err)
	}
	p.Describe(i, adb.FileInfo{Mode: manifest.ModeRegular | mode, Size: size, SizeExact: true}, nil)
	return i
}

func TestQueueOrder(t *testing.T) {
	t.Parallel()
	p := plan.New()
	for i, e := range []struct {
		size int64
		mode uint32
	}{{10, 0o660}, {largeFile, 0o660}, {20, 0o600}, {largeFile + 1, 0o660}, {30, 0o604}} {
		listed(t, p, fmt.Sprint(i), e.size, e.mode)
	}
	all := []uint32{0, 1, 2, 3, 4}
	for large, want := range map[bool][]uint32{false: {0, 4, 3, 1, 2}, true: {3, 1, 0, 4, 2}} {
		q := newQueue(p, all)
		var got []uint32
		for i, ok := q.take(large); ok; i, ok = q.take(large) {
			got = append(got, i)
		}
		if !slices.Equal(got, want) || !q.empty() {
			t.Errorf("prefers large %v: took %v, want %v", large, got, want)
		}
		q.giveBack(want[:2])
		if i, ok := q.take(false); !ok || i != want[0] {
			t.Errorf("given back, took %d %v, want %d", i, ok, want[0])
		}
	}
}

func TestHashBatches(t *testing.T) {
	t.Parallel()
	p := plan.New()
	q := newHashQueue(p)
	add := func(name string, size int64) {
		q.add(listed(t, p, name, size, 0o660))
	}
	add("a", 1)
	add("new\nline", 1) // alone: its line looks like two
	add("b", batchBytes)
	for range batchFiles + 1 {
		add("c", 1)
	}
	add(strings.Repeat("d", manifest.MaxPath), 1)
	q.close()
	var sizes []int
	for batch, ok := q.take(); ok; batch, ok = q.take() {
		sizes = append(sizes, len(batch))
		names := 0
		for _, i := range batch {
			names += len(p.Path(i))
		}
		if len(batch) > batchFiles || names > batchNames {
			t.Errorf("a batch of %d files and %d bytes of names", len(batch), names)
		}
	}
	if want := []int{1, 1, 1, batchFiles, 2}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v files, want %v", sizes, want)
	}
	if _, ok := q.take(); ok {
		t.Error("a batch after the last")
	}
}

// A file that fell silent is taken after all others, and it is not forgotten.
func TestQueueSilentLast(t *testing.T) {
	t.Parallel()
	q := &queue{small: []uint32{1}, suspects: []uint32{2}}
	q.setAside(&partial{file: 7}, true)
	for range 2 {
		if p, ok := q.nextPartial(); ok {
			t.Fatalf("file %d is taken while others wait", p.file)
		}
		if _, ok := q.take(false); !ok || q.empty() {
			t.Fatal("the queue lost files")
		}
	}
	if p, ok := q.nextPartial(); !ok || p.file != 7 || !q.empty() {
		t.Errorf("%v %v, want the silent file", p, ok)
	}
}
