package adbtest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb/adbtest/vfs"
)

func TestParseTrouble(t *testing.T) {
	t.Parallel()
	const text = `# what goes wrong
unauthorized
cut service=sync: after=1M times=1   # once
stall after=64K for=30s
chop service=shell
deny path="/sdcard/a b\xff#.jpg"
grow path=/sdcard/*.log by=10
wrong-size path=/sdcard/x by=-3
full-disk
low-battery level=3
huge-output command=getprop bytes=2G
format answer=disabled
no-network times=2
swapped
row uri=mms/part id=2 times=1
row uri=sms column=body answer=ends
`
	want := []Trouble{
		{Kind: TroubleUnauthorized},
		{Kind: TroubleCut, Service: "sync:", After: 1 << 20, Times: 1, For: 2 * time.Second},
		{Kind: TroubleStall, After: 64 << 10, For: 30 * time.Second},
		{Kind: TroubleChop, Service: "shell"},
		{Kind: TroubleDeny, Path: "/sdcard/a b\xff#.jpg"},
		{Kind: TroubleGrow, Path: "/sdcard/*.log", By: 10},
		{Kind: TroubleWrongSize, Path: "/sdcard/x", By: -3},
		{Kind: TroubleFullDisk},
		{Kind: TroubleLowBattery, Level: 3},
		{Kind: TroubleHugeOutput, Command: "getprop", Bytes: 2 << 30},
		{Kind: TroubleFormat, Answer: "disabled"},
		{Kind: TroubleNoNetwork, Times: 2},
		{Kind: TroubleSwapped},
		{Kind: TroubleRow, URI: "mms/part", ID: "2", Times: 1},
		{Kind: TroubleRow, URI: "sms", Column: "body", Answer: "ends"},
	}
	got, err := ParseTrouble(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("parsed\n%+v, %v; want\n%+v", got, err, want)
	}
	for _, bad := range []string{
		"nonsense", "deny", "deny path=", "deny path=relative", "deny path=/[", "deny path=/a path=/b", "deny by=3 path=/a",
		"grow path=/a by=x", "grow path=/a by=9223372036854775807", "grow path=/a by=99999999999G", "low-battery level=101",
		"low-battery level=-1", "stall for=-1s", "stall for=soon", "stall after=-1", "format answer=maybe", "format answer=ends", "row id=3", "row uri=sms answer=failed",
		`deny path="/unended`, `deny path="\q"`, "unauthorized now", "cut times=99999999999", strings.Repeat("x", maxTroubleLine+1),
		strings.Repeat("offline\n", maxTroubles+1),
	} {
		if got, err := ParseTrouble(strings.NewReader("offline\n" + bad)); !errors.Is(err, ErrTroubleText) || got != nil {
			t.Errorf("%.60q: %v, %v", bad, got, err)
		}
	}
}

// TestTroubleTakesItsKeys: the tables agree with each other.
func TestTroubleTakesItsKeys(t *testing.T) {
	t.Parallel()
	for kind, takes := range troubleTakes {
		for _, key := range append(takes.needs, takes.may...) {
			if troubleKeys[key] == nil {
				t.Errorf("%s takes %q, which is not read", kind, key)
			}
		}
	}
}

func FuzzParseTrouble(f *testing.F) {
	f.Add([]byte("cut service=sync: after=1M for=2s times=1\ndeny path=\"/a b\"#"))
	f.Add([]byte("grow path=/sdcard/[a-z]*\\? by=-1K"))
	f.Fuzz(func(t *testing.T, in []byte) {
		list, err := ParseTrouble(bytes.NewReader(in))
		if err != nil && list != nil {
			t.Fatalf("%v beside error %v", list, err)
		}
		for _, one := range list {
			tr := newTroubles([]Trouble{one})
			_, _ = tr.file(one.Kind, one.Path)
			_, _ = tr.within(one.Kind, "/sdcard/a/b")
		}
	})
}

func TestTroubleHappensSoOften(t *testing.T) {
	t.Parallel()
	tr := newTroubles([]Trouble{{Kind: TroubleStall, Service: "sync:", Times: 2}, {Kind: TroubleOffline}})
	for i, want := range []bool{true, true, false} {
		if _, ok := tr.stream(TroubleStall, "shell:x"); ok {
			t.Error("befell another service")
		}
		if _, ok := tr.stream(TroubleStall, "sync:"); ok != want {
			t.Errorf("time %d: %t", i+1, ok)
		}
		if _, ok := tr.now(TroubleOffline); !ok {
			t.Error("offline only for a time")
		}
	}
}

func TestFileTroubles(t *testing.T) {
	t.Parallel()
	const dir = "/data/local/tmp"
	h := newHandset(t, WithTrouble(
		Trouble{Kind: TroubleDeny, Path: dir + "/denied"},
		Trouble{Kind: TroubleDeny, Path: dir + "/locked"},
		Trouble{Kind: TroubleGrow, Path: dir + "/*.log", By: 3, Times: 1},
		Trouble{Kind: TroubleShrink, Path: dir + "/shrinks", By: 2},
		Trouble{Kind: TroubleVanish, Path: dir + "/vanishes"},
		Trouble{Kind: TroubleWrongSize, Path: dir + "/lies", By: 1},
		Trouble{Kind: TroubleWrongHash, Path: dir + "/hash"},
	))
	for _, name := range []string{"grows.log", "shrinks", "vanishes", "lies", "hash", "plain"} {
		put(t, h, dir+"/"+name, "12345")
	}
	p := peerOf(newServer(t, h), h)
	ctx := context.Background()
	for _, tt := range []struct {
		name          string
		before, after int64 // -1: not there
		pulled        string
		refused       bool
	}{
		{name: "grows.log", before: 5, pulled: "12345\x00\x00\x00", after: 8},
		{name: "grows.log", before: 8, pulled: "12345\x00\x00\x00", after: 8},
		{name: "shrinks", before: 5, pulled: "123", after: 3},
		{name: "shrinks", before: 3, pulled: "1", after: 1},
		{name: "shrinks", before: 1, pulled: "", after: 0},
		{name: "vanishes", before: 5, refused: true, after: -1},
		{name: "lies", before: 6, pulled: "12345", after: 6},
		{name: "plain", before: 5, pulled: "12345", after: 5},
	} {
		size := func(when string, want int64) {
			got, err := p.Stat(ctx, dir+"/"+tt.name)
			if want < 0 && !errors.Is(err, fs.ErrNotExist) || want >= 0 && (err != nil || got.Size != want) {
				t.Errorf("%s: %d bytes %s, %v; want %d", tt.name, got.Size, when, err, want)
			}
		}
		size("before", tt.before)
		got, err := p.Pull(ctx, dir+"/"+tt.name)
		if (err != nil) != tt.refused || string(got) != tt.pulled {
			t.Errorf("%s: pulled %q, %v; want %q", tt.name, got, err, tt.pulled)
		}
		size("after", tt.after)
	}
	if a, err := p.Shell(ctx, "sha256sum "+dir+"/plain", nil); err != nil || !strings.HasPrefix(string(a.Stdout), "5994471a") {
		t.Errorf("honest hash: %q, %d, %v", a.Stdout, a.Exit, err)
	}
	if a, err := p.Shell(ctx, "sha256sum "+dir+"/hash", nil); err != nil || a.Exit != 0 || strings.HasPrefix(string(a.Stdout), "5994471a") {
		t.Errorf("lying hash: %q, %d, %v", a.Stdout, a.Exit, err)
	}
}

func TestDeniedFilesAndFolders(t *testing.T) {
	t.Parallel()
	const dir = "/data/local/tmp"
	h := newHandset(t)
	put(t, h, dir+"/file", "12345")
	if err := h.tree.MkdirAll(dir+"/folder", vfs.ModeDir|0o755); err != nil {
		t.Fatal(err)
	}
	put(t, h, dir+"/folder/in", "12345")
	h.troubles = newTroubles([]Trouble{{Kind: TroubleDeny, Path: dir + "/file"}, {Kind: TroubleDeny, Path: dir + "/folder"}})
	h.tree.SetHooks(h.treeTrouble())
	p := peerOf(newServer(t, h), h)
	ctx := context.Background()
	for _, tt := range []struct {
		name      string
		statFails bool
	}{{"/file", false}, {"/folder", false}, {"/folder/in", true}} {
		if _, err := p.Stat(ctx, dir+tt.name); (err != nil) != tt.statFails || tt.statFails && !errors.Is(err, fs.ErrPermission) {
			t.Errorf("stat %s: %v", tt.name, err)
		}
		if got, err := p.Pull(ctx, dir+tt.name); err == nil || !strings.Contains(err.Error(), "Permission denied") {
			t.Errorf("pull %s: %q, %v", tt.name, got, err)
		}
	}
	a, err := p.Shell(ctx, "find "+dir+"/folder", nil)
	if err != nil || a.Exit == 0 || !strings.Contains(string(a.Stderr), "Permission denied") {
		t.Errorf("find: %+v, %v", a, err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(Trouble{Kind: TroubleFullDisk, Bytes: 1000}))
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := p.Push(ctx, "/data/local/tmp/large", make([]byte, 300_000), 0o644, checkMTime)
	if err == nil || !strings.Contains(err.Error(), "write failed: No space left on device") {
		t.Errorf("push of more than fits: %v", err)
	}
	// adbd answers, takes in what still comes, and only then removes it.
	for {
		_, err := p.Stat(ctx, "/data/local/tmp/large")
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("what did fit is still there: %v", err)
		}
	}
	if err := p.Push(ctx, "/data/local/tmp/small", make([]byte, 900), 0o644, checkMTime); err != nil {
		t.Errorf("push of what fits: %v", err)
	}
}

// TestFormatTroubles: recovery says that it did not wipe, and did not.
func TestFormatTroubles(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"": "Format_data_success.\n", "failed": "Format_data_failed.\n", "disabled": "Format_data_is_already_disable.\n",
	} {
		h := newHandset(t)
		if answer != "" {
			h.troubles = newTroubles([]Trouble{{Kind: TroubleFormat, Answer: answer}})
		}
		h.bus.set(busSideload)
		got, err := peerOf(newServer(t, h), h).Service(t.Context(), "format-data:")
		if err != nil || string(got) != want {
			t.Errorf("%q: answered %q, %v; want %q", answer, got, err, want)
		}
		if wiped := !h.setUpDone(); wiped != (answer == "") {
			t.Errorf("%q: wiped %t", answer, wiped)
		}
	}
}

func TestStreamTroubles(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(
		Trouble{Kind: TroubleChop, Service: "shell:echo chopped"},
		Trouble{Kind: TroubleStall, Service: "shell:echo stalled", After: 3, For: time.Millisecond},
		Trouble{Kind: TroubleCut, Service: "shell:echo cut", After: 2, For: time.Millisecond, Times: 1},
	))
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for service, want := range map[string]string{"shell:echo chopped": "chopped\n", "shell:echo stalled": "stalled\n"} {
		if got, err := p.Service(ctx, service); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", service, got, err)
		}
	}
	_, before := h.bus.presence()
	if got, _ := p.Service(ctx, "shell:echo cut"); len(got) > 2 {
		t.Errorf("cut after 2 bytes: received %q", got)
	}
	for state, stay, changed := h.bus.watch(); state != busDevice || stay == before; state, stay, changed = h.bus.watch() {
		<-changed
	}
	if got, err := p.Service(ctx, "shell:echo cut"); err != nil || string(got) != "cut\n" {
		t.Errorf("plugged in again: %q, %v", got, err)
	}
}

// TestStallForEver: the stream stays open and silent until somebody hangs up.
func TestStallForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &sentStream{gone: make(chan struct{})}
		var h *Handset
		stalled := &halting{stream: s, left: 2, halt: func() error { return h.stall(t.Context(), s, 0) }}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = stalled.Write([]byte("12345"))
		}()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		select {
		case <-ended:
			t.Error("went on after a day")
		default:
		}
		if s.answered != 2 {
			t.Errorf("%d bytes came through, want 2", s.answered)
		}
		close(s.gone)
		<-ended
	})
}

func TestSpeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pace pacer
		began := time.Now()
		ended := make(chan struct{})
		for range 2 {
			go func() {
				s := &paced{stream: &sentStream{gone: make(chan struct{})}, pacer: &pace, speed: 100_000}
				_, _ = s.Write(make([]byte, 500_000))
				ended <- struct{}{}
			}()
		}
		<-ended
		<-ended
		// The last piece leaves when those before it have passed.
		if took := time.Since(began); took < 9*time.Second || took > 10*time.Second {
			t.Errorf("1 MB at 100 kB/s took %s", took)
		}
	})
}
