package plan

import (
	"fmt"
	"strings"
	"testing"

	"preship/adb"
	"preship/backup/manifest"
	"preship/report/message"
)

func addAll(t testing.TB, p *Plan, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := p.Add([]byte(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPlanKeepsNames(t *testing.T) {
	t.Parallel()
	p := New()
	const n = 3*entryChunk + 5
	name := func(i int) string { return fmt.Sprintf("/storage/%d/%s", i, strings.Repeat("x", i%300)) }
	for i := range n {
		addAll(t, p, name(i))
	}
	x := p.Index()
	for i := range n {
		if got := string(p.Path(uint32(i))); got != name(i) {
			t.Fatalf("entry %d is %q, want %q", i, got, name(i))
		}
		if at, ok := x.Find([]byte(name(i))); !ok || at != uint32(i) {
			t.Fatalf("find(%q) = %d, %v, want %d", name(i), at, ok, i)
		}
	}
	if _, ok := x.Find([]byte("/nowhere")); ok {
		t.Error("found a missing file")
	}
	if _, err := p.Add(make([]byte, manifest.MaxPath+1)); err == nil {
		t.Error("took a path longer than any")
	}
}

func TestPlanCut(t *testing.T) {
	t.Parallel()
	for _, keep := range []int{0, 1, entryChunk - 1, entryChunk, entryChunk + 1} {
		p := New()
		for i := range 2*entryChunk + 3 {
			addAll(t, p, fmt.Sprint(i))
		}
		p.Settle(uint32(keep), StateUnreadable, message.AsIs("old"))
		p.Cut(keep)
		addAll(t, p, "again")
		if e := p.at(uint32(keep)); p.count != keep+1 || string(p.Path(uint32(keep))) != "again" || e.state != StateListed || !p.reasons[uint32(keep)].Empty() {
			t.Errorf("cut(%d): %d entries, then %q %+v %q", keep, p.count, p.Path(uint32(keep)), e, p.reasons[uint32(keep)])
		}
		if keep > 0 && string(p.Path(uint32(keep-1))) != fmt.Sprint(keep-1) {
			t.Errorf("cut(%d) lost the entry before", keep)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	a, b := [32]byte{1}, [32]byte{2}
	for _, tt := range []struct {
		name  string
		do    func(p *Plan) bool
		agree bool
	}{
		{"copy first", func(p *Plan) bool { p.CopySum(0, a); return p.HandsetSum(0, a) }, true},
		{"handset first", func(p *Plan) bool { p.HandsetSum(0, a); return p.CopySum(0, a) }, true},
		{"no copy", func(p *Plan) bool { return p.HandsetSum(0, a) }, false},
		{"no answer", func(p *Plan) bool { return p.CopySum(0, a) }, false},
		{"they differ", func(p *Plan) bool { p.CopySum(0, a); return p.HandsetSum(0, b) }, false},
		{"they differ the other way round", func(p *Plan) bool { p.HandsetSum(0, b); return p.CopySum(0, a) }, false},
		{"zero sum is no answer", func(p *Plan) bool { return p.CopySum(0, [32]byte{}) }, false},
		{"read failed", func(p *Plan) bool { p.Failed(0, StateChanged, message.AsIs("x"), true); return p.HandsetSum(0, a) }, false},
		{"torn copy", func(p *Plan) bool {
			p.Failed(0, StateChanged, message.AsIs("x"), true)
			p.Torn(0, a, message.AsIs("x"))
			return p.HandsetSum(0, a)
		}, false},
	} {
		p := New()
		addAll(t, p, "/a")
		if got := tt.do(p); got != tt.agree || p.at(0).agreed() != tt.agree {
			t.Errorf("%s: agreed %v, entry %+v", tt.name, got, p.at(0))
		}
		if p.at(0).state == StateProved {
			t.Errorf("%s: proved before it was committed", tt.name)
		}
	}
}

// TestSized: sync version 1 gives sizes modulo 2^32.
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

// TestSizeOfACopy: if the handset gives a size modulo 2^32, the journal has the size of the
// copy, by which the next run finds it.
func TestSizeOfACopy(t *testing.T) {
	t.Parallel()
	p := New()
	addAll(t, p, "/storage/emulated/0/film.mp4")
	*p.at(0) = entry{size: 1 << 30, inexact: true, state: StateSaved, mode: manifest.ModeRegular}
	p.Resize(0, 5<<30)
	if got := p.Record(0, manifest.ProveHash).Size; got != 5<<30 {
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
		want   State
	}{{false, StateVanished}, {true, StateUnreadable}} {
		p := New()
		addAll(t, p, "/storage/emulated/0/a.jpg")
		p.Describe(0, adb.FileInfo{}, &adb.SyncError{Op: "stat", Path: "/storage/emulated/0/a.jpg", Errno: 2, Unsure: tt.unsure})
		if got := p.at(0).state; got != tt.want {
			t.Errorf("unsure %v: state %d, want %d", tt.unsure, got, tt.want)
		}
	}
}
