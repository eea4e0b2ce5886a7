package backup

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/handset"
	"preship/backup/manifest"
)

func addAll(t testing.TB, p *plan, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := p.add([]byte(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPlanKeepsNames(t *testing.T) {
	t.Parallel()
	p := newPlan()
	const n = 3*entryChunk + 5
	name := func(i int) string { return fmt.Sprintf("/storage/%d/%s", i, strings.Repeat("x", i%300)) }
	for i := range n {
		addAll(t, p, name(i))
	}
	x := p.index()
	for i := range n {
		if got := string(p.path(uint32(i))); got != name(i) {
			t.Fatalf("entry %d is %q, want %q", i, got, name(i))
		}
		if at, ok := x.find([]byte(name(i))); !ok || at != uint32(i) {
			t.Fatalf("find(%q) = %d, %v, want %d", name(i), at, ok, i)
		}
	}
	if _, ok := x.find([]byte("/nowhere")); ok {
		t.Error("found what is not there")
	}
	if _, err := p.add(make([]byte, manifest.MaxPath+1)); err == nil {
		t.Error("took a path longer than any")
	}
}

func TestPlanCut(t *testing.T) {
	t.Parallel()
	for _, keep := range []int{0, 1, entryChunk - 1, entryChunk, entryChunk + 1} {
		p := newPlan()
		for i := range 2*entryChunk + 3 {
			addAll(t, p, fmt.Sprint(i))
		}
		p.settle(uint32(keep), stateUnreadable, "old")
		p.cut(keep)
		addAll(t, p, "again")
		if e := p.at(uint32(keep)); p.count != keep+1 || string(p.path(uint32(keep))) != "again" || e.state != stateListed || p.reasons[uint32(keep)] != "" {
			t.Errorf("cut(%d): %d entries, then %q %+v %q", keep, p.count, p.path(uint32(keep)), e, p.reasons[uint32(keep)])
		}
		if keep > 0 && string(p.path(uint32(keep-1))) != fmt.Sprint(keep-1) {
			t.Errorf("cut(%d) lost the entry before", keep)
		}
	}
}

func TestQueueOrder(t *testing.T) {
	t.Parallel()
	p := newPlan()
	for i, e := range []struct {
		size int64
		mode uint32
	}{{10, 0o660}, {largeFile, 0o660}, {20, 0o600}, {largeFile + 1, 0o660}, {30, 0o604}} {
		addAll(t, p, fmt.Sprint(i))
		p.at(uint32(i)).size, p.at(uint32(i)).mode = e.size, manifest.ModeRegular|e.mode
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
	p := newPlan()
	q := newHashQueue(p)
	add := func(name string, size int64) {
		addAll(t, p, name)
		p.at(uint32(p.count - 1)).size = size
		q.add(uint32(p.count - 1))
	}
	add("a", 1)
	add("new\nline", 1) // alone: its line cannot be told from two
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
			names += len(p.path(i))
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

func TestBelow(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"/s": true, "/s/a": true, "/s/a/..b": true, "/s/...": true, "/s/a\nb/\xff": true,
		"": false, "/": false, "/sa": false, "/t": false, "s/a": false, "/s/": false, "/s//a": false,
		"/s/../etc": false, "/s/a/..": false, "/s/./a": false, "/s/" + strings.Repeat("a", manifest.MaxPath): false,
	} {
		if got := below([]byte(name), "/s"); got != want {
			t.Errorf("below(%.20q) = %v, want %v", name, got, want)
		}
	}
}

func TestReadNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, out, want string // want joined by "|"
		odd             int
		fails           bool
	}{
		{"all", "/s\x00/s/a\x00/s/new\nline\x00", "/s|/s/a|/s/new\nline", 0, false},
		{"none", "", "", 0, false},
		{"outside", "/s\x00/etc/passwd\x00/s/../x\x00\x00/s/b\x00", "/s|/s/b", 3, false},
		{"cut short", "/s\x00/s/a", "/s", 0, true},
		{"endless name", "/s\x00" + strings.Repeat("x", 3*manifest.MaxPath), "/s", 0, true},
	} {
		var got []string
		odd, err := readNames(strings.NewReader(tt.out), "/s", func(name []byte) error {
			got = append(got, string(name))
			return nil
		})
		if s := strings.Join(got, "|"); s != tt.want || odd != tt.odd || (err != nil) != tt.fails {
			t.Errorf("%s: names %q, %d odd, error %v", tt.name, s, odd, err)
		}
	}
}

func FuzzReadNames(f *testing.F) {
	f.Add([]byte("/s\x00/s/sub dir\x00/s/bad\xffutf8\x00/s/new\nline.txt\x00/s/-dash\x00"))
	f.Add([]byte("/s/../../etc\x00"))
	f.Fuzz(func(t *testing.T, out []byte) {
		_, err := readNames(bytes.NewReader(out), "/s", func(name []byte) error {
			if c := path.Clean(string(name)); c != string(name) || c != "/s" && !strings.HasPrefix(c, "/s/") {
				t.Fatalf("took %q", name)
			}
			return nil
		})
		if whole := len(out) == 0 || out[len(out)-1] == 0; whole && len(out) <= manifest.MaxPath && err != nil || !whole && err == nil {
			t.Fatalf("%q: error %v", out, err)
		}
	})
}

func TestComplaint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line, name, reason string
		ok                 bool
	}{
		{"find: /s/a: Permission denied", "/s/a", "Permission denied", true}, // toybox 0.8.9
		{"find: '/s/a: b': Permission denied", "/s/a: b", "Permission denied", true},
		{"find: /s/a: b: No such file or directory", "/s/a: b", "No such file or directory", true},
		{"find: bad arg", "", "", false},
		{"sh: find: not found", "", "", false},
		{"", "", "", false},
	} {
		name, reason, ok := complaint(tt.line)
		if ok != tt.ok || ok && (name != tt.name || reason != tt.reason) {
			t.Errorf("complaint(%q) = %q, %q, %v", tt.line, name, reason, ok)
		}
	}
}

func TestRootsOfVolumes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		volumes string
		roots   string
		notes   int
	}{
		{"private mounted null\nemulated;0 mounted null\n", "/storage/emulated/0", 0},
		{"private mounted null\nemulated mounted null\n", "/storage/emulated/0", 0}, // Android 10
		{"private mounted null\nemulated;0 mounted null\npublic:179,65 mounted 6132-3A29\n", "/storage/emulated/0 /storage/6132-3A29", 0},
		{"private mounted null\nemulated;0 mounted null\nemulated;999 mounted null\nemulated;10 unmounted null\n", "/storage/emulated/0 /storage/emulated/999 /storage/emulated/10", 0},
		{"private mounted null\nemulated;0 mounted null\npublic:8,1 unmountable null\n", "/storage/emulated/0", 1},
		{"private mounted null\nemulated;0 mounted null\npublic:8,1 removed null\n", "/storage/emulated/0", 0},
	} {
		volumes, err := handset.ParseVolumes([]byte(tt.volumes))
		if err != nil {
			t.Fatal(err)
		}
		f := &finder{roots: []storage{{Root: manifest.Root{Path: manifest.OwnerRoot}}}}
		f.addVolumes(volumes)
		var paths []string
		for _, r := range f.roots {
			paths = append(paths, r.Path)
		}
		if got := strings.Join(paths, " "); got != tt.roots || len(f.unknown) != tt.notes {
			t.Errorf("%q: roots %q and notes %q", tt.volumes, got, f.unknown)
		}
	}
}

func TestEmulatedUser(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"emulated;0": "0", "emulated": "0", "emulated:179,66;10": "10", "emulated;../0": "", "emulated;": "", "public:1,2": "",
	} {
		if got, ok := emulatedUser(id); ok != (want != "") || ok && got != want {
			t.Errorf("emulatedUser(%q) = %q, %v, want %q", id, got, ok, want)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	a, b := [32]byte{1}, [32]byte{2}
	for _, tt := range []struct {
		name  string
		do    func(p *plan) bool
		agree bool
	}{
		{"copy first", func(p *plan) bool { p.hostSum(0, a); return p.deviceSum(0, a) }, true},
		{"handset first", func(p *plan) bool { p.deviceSum(0, a); return p.hostSum(0, a) }, true},
		{"no copy", func(p *plan) bool { return p.deviceSum(0, a) }, false},
		{"no answer", func(p *plan) bool { return p.hostSum(0, a) }, false},
		{"they differ", func(p *plan) bool { p.hostSum(0, a); return p.deviceSum(0, b) }, false},
		{"they differ the other way round", func(p *plan) bool { p.deviceSum(0, b); return p.hostSum(0, a) }, false},
		{"zero sum is no answer", func(p *plan) bool { return p.hostSum(0, [32]byte{}) }, false},
		{"read failed", func(p *plan) bool { p.failed(0, stateChanged, "x", true); return p.deviceSum(0, a) }, false},
		{"torn copy", func(p *plan) bool {
			p.failed(0, stateChanged, "x", true)
			p.torn(0, a, "x")
			return p.deviceSum(0, a)
		}, false},
	} {
		p := newPlan()
		addAll(t, p, "/a")
		if got := tt.do(p); got != tt.agree || p.at(0).agreed() != tt.agree {
			t.Errorf("%s: agreed %v, entry %+v", tt.name, got, p.at(0))
		}
		if p.at(0).state == stateProved {
			t.Errorf("%s: proved before it was committed", tt.name)
		}
	}
}

// TestSized: sync version 1 tells sizes modulo 2^32.
func TestSized(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		listed, came int64
		inexact      bool
		want         bool
	}{
		{5 << 30, 5 << 30, false, true},
		{5 << 30, 1 << 30, false, false},
		{1 << 30, 5 << 30, true, true},
		{1 << 30, 5<<30 + 1, true, false},
		{1 << 30, 5 << 30, false, false},
	} {
		e := entry{size: tt.listed, inexact: tt.inexact}
		if got := e.sized(tt.came); got != tt.want {
			t.Errorf("listed %d, came %d, inexact %v: %v, want %v", tt.listed, tt.came, tt.inexact, got, tt.want)
		}
	}
}

// TestSizeOfACopy: where the handset gives a size modulo 2^32, the journal has the
// size of the copy, or the next run would not know the copy again.
func TestSizeOfACopy(t *testing.T) {
	t.Parallel()
	p := newPlan()
	addAll(t, p, "/storage/emulated/0/film.mp4")
	*p.at(0) = entry{size: 1 << 30, inexact: true, state: stateSaved, mode: manifest.ModeRegular}
	p.resize(0, 5<<30)
	if got := p.record(0, manifest.ProveHash).Size; got != 5<<30 {
		t.Errorf("the journal has %d bytes, want %d", got, int64(5<<30))
	}
	if got := p.entry(0).Size; got != 5<<30 {
		t.Errorf("the manifest has %d bytes, want %d", got, int64(5<<30))
	}
}

// TestGone: a handset without stat_v2 is never sure that a file is gone, so such a
// file counts as unreadable and not as vanished.
func TestGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		unsure bool
		want   state
	}{{false, stateVanished}, {true, stateUnreadable}} {
		p := newPlan()
		addAll(t, p, "/storage/emulated/0/a.jpg")
		p.describe(0, adb.FileInfo{}, &adb.SyncError{Op: "stat", Path: "/storage/emulated/0/a.jpg", Errno: 2, Unsure: tt.unsure})
		if got := p.at(0).state; got != tt.want {
			t.Errorf("unsure %v: state %d, want %d", tt.unsure, got, tt.want)
		}
	}
}
