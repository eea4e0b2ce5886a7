package trouble

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestParseTrouble(t *testing.T) {
	t.Parallel()
	const text = `# what goes wrong
unauthorized
cut service=sync: after=1M times=1   # once
stall after=64K for=30s
deny path="/sdcard/a b\xff#.jpg"
grow path=/sdcard/*.log by=10
wrong-size path=/sdcard/x by=-3
full-disk
low-battery level=3
format answer=disabled
no-network times=2
swapped
row uri=mms/part id=2 times=1
row uri=sms column=body answer=ends
`
	want := []Trouble{
		{Kind: Unauthorized},
		{Kind: Cut, Service: "sync:", After: 1 << 20, Times: 1, For: 2 * time.Second},
		{Kind: Stall, After: 64 << 10, For: 30 * time.Second},
		{Kind: Deny, Path: "/sdcard/a b\xff#.jpg"},
		{Kind: Grow, Path: "/sdcard/*.log", By: 10},
		{Kind: WrongSize, Path: "/sdcard/x", By: -3},
		{Kind: FullDisk},
		{Kind: LowBattery, Level: 3},
		{Kind: Format, Answer: "disabled"},
		{Kind: NoNetwork, Times: 2},
		{Kind: Swapped},
		{Kind: Row, URI: "mms/part", ID: "2", Times: 1},
		{Kind: Row, URI: "sms", Column: "body", Answer: "ends"},
	}
	got, err := Parse(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("parsed\n%+v, %v; want\n%+v", got, err, want)
	}
	for _, bad := range []string{
		"nonsense", "deny", "deny path=", "deny path=relative", "deny path=/[", "deny path=/a path=/b", "deny by=3 path=/a",
		"grow path=/a by=x", "grow path=/a by=9223372036854775807", "grow path=/a by=99999999999G", "low-battery level=101",
		"low-battery level=-1", "stall for=-1s", "stall for=soon", "stall after=-1", "format answer=maybe", "format answer=ends", "row id=3", "row uri=sms answer=failed",
		`deny path="/unended`, `deny path="\q"`, "unauthorized now", "cut times=99999999999", strings.Repeat("x", maxLine+1),
		strings.Repeat("offline\n", maxLines+1),
	} {
		if got, err := Parse(strings.NewReader("offline\n" + bad)); !errors.Is(err, ErrText) || got != nil {
			t.Errorf("%.60q: %v, %v", bad, got, err)
		}
	}
}

// TestTroubleTakesItsKeys: the tables agree with each other.
func TestTroubleTakesItsKeys(t *testing.T) {
	t.Parallel()
	for kind, takes := range takesOf {
		for key := range strings.FieldsSeq(takes) {
			if readers[strings.TrimSuffix(key, "*")] == nil {
				t.Errorf("%s takes %q, which is not read", kind, key)
			}
		}
	}
}

func FuzzParseTrouble(f *testing.F) {
	f.Add([]byte("cut service=sync: after=1M for=2s times=1\ndeny path=\"/a b\"#"))
	f.Add([]byte("grow path=/sdcard/[a-z]*\\? by=-1K"))
	f.Fuzz(func(t *testing.T, in []byte) {
		list, err := Parse(bytes.NewReader(in))
		if err != nil && list != nil {
			t.Fatalf("%v beside error %v", list, err)
		}
		for _, one := range list {
			tr := NewList([]Trouble{one})
			_, _ = tr.File(one.Kind, one.Path)
			_, _ = tr.within(one.Kind, "/sdcard/a/b")
		}
	})
}

func TestTroubleHappensSoOften(t *testing.T) {
	t.Parallel()
	tr := NewList([]Trouble{{Kind: Stall, Service: "sync:", Times: 2}, {Kind: Offline}})
	for i, want := range []bool{true, true, false} {
		if _, ok := tr.stream(Stall, "shell:x"); ok {
			t.Error("befell another service")
		}
		if _, ok := tr.stream(Stall, "sync:"); ok != want {
			t.Errorf("time %d: %t", i+1, ok)
		}
		if _, ok := tr.Happens(Offline); !ok {
			t.Error("offline only for a time")
		}
	}
}

// TestStallForEver: the stream stays open and silent until somebody hangs up.
func TestStallForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &countingStream{gone: make(chan struct{})}
		stalled := &halting{Stream: s, left: 2, halt: func() error { return stall(t.Context(), s, 0) }}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = stalled.Write([]byte("12345"))
		}()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		select {
		case <-ended:
			t.Error("continued after a day")
		default:
		}
		if s.written != 2 {
			t.Errorf("%d bytes came through, want 2", s.written)
		}
		close(s.gone)
		<-ended
	})
}

// countingStream counts the bytes written to it.
type countingStream struct {
	io.Reader
	written int64
	gone    chan struct{}
}

func (s *countingStream) Write(p []byte) (int, error) { s.written += int64(len(p)); return len(p), nil }
func (*countingStream) Close() error                  { return nil }
func (s *countingStream) HungUp() <-chan struct{}     { return s.gone }
