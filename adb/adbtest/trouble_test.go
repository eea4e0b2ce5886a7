package adbtest

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest/bus"
	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
)

func TestFileTroubles(t *testing.T) {
	t.Parallel()
	const dir = "/data/local/tmp"
	h := newHandset(t, WithTrouble(
		trouble.Trouble{Kind: trouble.Deny, Path: dir + "/denied"},
		trouble.Trouble{Kind: trouble.Deny, Path: dir + "/locked"},
		trouble.Trouble{Kind: trouble.Grow, Path: dir + "/*.log", By: 3, Times: 1},
		trouble.Trouble{Kind: trouble.Shrink, Path: dir + "/shrinks", By: 2},
		trouble.Trouble{Kind: trouble.Vanish, Path: dir + "/vanishes"},
		trouble.Trouble{Kind: trouble.WrongSize, Path: dir + "/lies", By: 1},
		trouble.Trouble{Kind: trouble.WrongHash, Path: dir + "/hash"},
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
	if err := h.state.Tree.MkdirAll(dir+"/folder", vfs.ModeDir|0o755); err != nil {
		t.Fatal(err)
	}
	put(t, h, dir+"/folder/in", "12345")
	h.state.Troubles = trouble.NewList([]trouble.Trouble{{Kind: trouble.Deny, Path: dir + "/file"}, {Kind: trouble.Deny, Path: dir + "/folder"}})
	h.state.Troubles.InTree(h.state.Tree)
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
	h := newHandset(t, WithTrouble(trouble.Trouble{Kind: trouble.FullDisk, Bytes: 1000}))
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := p.Push(ctx, "/data/local/tmp/large", make([]byte, 300_000), 0o644, pushTime)
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
	if err := p.Push(ctx, "/data/local/tmp/small", make([]byte, 900), 0o644, pushTime); err != nil {
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
			h.state.Troubles = trouble.NewList([]trouble.Trouble{{Kind: trouble.Format, Answer: answer}})
		}
		h.bus.Set(bus.Sideload)
		got, err := peerOf(newServer(t, h), h).Service(t.Context(), "format-data:")
		if err != nil || string(got) != want {
			t.Errorf("%q: answered %q, %v; want %q", answer, got, err, want)
		}
		if wiped := !h.state.SetUpDone(); wiped != (answer == "") {
			t.Errorf("%q: wiped %t", answer, wiped)
		}
	}
}

func TestStreamTroubles(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(
		trouble.Trouble{Kind: trouble.Stall, Service: "shell:echo stalled", After: 3, For: time.Millisecond},
		trouble.Trouble{Kind: trouble.Cut, Service: "shell:echo cut", After: 2, For: time.Millisecond, Times: 1},
	))
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for service, want := range map[string]string{"shell:echo stalled": "stalled\n"} {
		if got, err := p.Service(ctx, service); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", service, got, err)
		}
	}
	_, before := h.bus.Presence()
	if got, _ := p.Service(ctx, "shell:echo cut"); len(got) > 2 {
		t.Errorf("cut after 2 bytes: received %q", got)
	}
	for state, stay, changed := h.bus.Watch(); state != bus.Device || stay == before; state, stay, changed = h.bus.Watch() {
		<-changed
	}
	if got, err := p.Service(ctx, "shell:echo cut"); err != nil || string(got) != "cut\n" {
		t.Errorf("plugged in again: %q, %v", got, err)
	}
}
