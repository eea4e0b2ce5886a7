package devices

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/cmd/preship/internal/console"
)

func TestChangesBetween(t *testing.T) {
	t.Parallel()
	ready := adb.DeviceInfo{Serial: "a", State: adb.StateDevice, Model: "M", TransportID: 1}
	waits := adb.DeviceInfo{Serial: "a", State: adb.StateUnauthorized, TransportID: 1}
	again := ready
	again.TransportID = 2
	other := adb.DeviceInfo{Serial: "b", State: adb.StateOffline}
	tests := []struct {
		name          string
		before, after []adb.DeviceInfo
		want          string // EVENT SERIAL WAS>STATE
	}{
		{"nothing", nil, nil, ""},
		{"the same", []adb.DeviceInfo{ready}, []adb.DeviceInfo{ready}, ""},
		{"comes", nil, []adb.DeviceInfo{waits}, "appeared a >unauthorized"},
		{"is allowed", []adb.DeviceInfo{waits}, []adb.DeviceInfo{ready}, "changed a unauthorized>device"},
		{"left and came back", []adb.DeviceInfo{ready}, []adb.DeviceInfo{again}, "changed a device>device"},
		{"goes", []adb.DeviceInfo{ready, other}, []adb.DeviceInfo{other}, "gone a device>"},
		{"one for another", []adb.DeviceInfo{ready}, []adb.DeviceInfo{other}, "gone a device>; appeared b >offline"},
	}
	for _, tt := range tests {
		var got []string
		for _, ev := range changesBetween(tt.before, tt.after) {
			got = append(got, ev.Event+" "+ev.Serial+" "+ev.Was+">"+ev.State)
			if ev.Event == "gone" && ev.Next != "" {
				t.Errorf("%s: a handset that is gone waits for %q", tt.name, ev.Next)
			}
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, s, tt.want)
		}
	}
}

func emulated(t *testing.T) *adbtest.Handset {
	t.Helper()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	return adbtest.New(p)
}

func client(t *testing.T, addr string) *adb.Client {
	t.Helper()
	c, err := adb.New(adb.Options{Addr: addr})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWatchOutlastsServer: the adb server ends and another takes its place, as
// with adb kill-server in another window.
func TestWatchOutlastsServer(t *testing.T) {
	t.Parallel()
	h := emulated(t)
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	addr := s.Addr()
	watched := client(t, addr)
	r, w := io.Pipe()
	c := &console.Console{Out: w, Err: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := Watch(ctx, c, watched, true)
		w.Close()
		done <- err
	}()
	lines := bufio.NewScanner(r)
	next := func(want string) {
		t.Helper()
		var ev event
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &ev) != nil || ev.Event != want {
			t.Fatalf("%q, want event %s: %v", lines.Text(), want, lines.Err())
		}
		if ev.At.IsZero() {
			t.Errorf("%s has no time", want)
		}
	}
	next("appeared")
	s.Close()
	next("server-lost")
	s, err = adbtest.NewServer(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	next("server-back")
	next("gone")
	s.AddWireless(h, adbtest.Wireless{Addr: "192.0.2.7:5555"})
	if err := client(t, addr).Connect(ctx, "192.0.2.7"); err != nil {
		t.Fatal(err)
	}
	next("appeared")
	cancel()
	if lines.Scan() {
		t.Errorf("%q after the end", lines.Text())
	}
	if err := <-done; err != nil {
		t.Errorf("ended with %v, want nil", err)
	}
}

// TestWatchEndsWithItsReader: a reader that goes away ends the watch.
func TestWatchEndsWithItsReader(t *testing.T) {
	t.Parallel()
	h := emulated(t)
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, w := io.Pipe()
	r.Close()
	c := &console.Console{Out: w, Err: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
	if err := Watch(t.Context(), c, client(t, s.Addr()), false); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("ended with %v, want the pipe's error", err)
	}
}

func TestWatchScreen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := &console.Console{Out: &out, Err: io.Discard, Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local) }}
	w := &watch{console: c, screen: &console.Redraw{Out: &out, Width: func() int { return 60 }}}
	for i, tt := range []struct {
		list  []adb.DeviceInfo
		has   []string
		lacks string
	}{
		{nil, []string{"Handsets at 12:00:00", "There is no handset yet", "carries data"}, "\x1b[1A"},
		{[]adb.DeviceInfo{{Serial: "a\x1b[2J", State: adb.StateUnauthorized}}, []string{"\x1b[", "unauthorized", `a\u001b[2J`, "accept", "Revoke"}, "There is no handset yet"},
		{[]adb.DeviceInfo{{Serial: "a", State: adb.StateDevice, Model: "M2101"}}, []string{"\x1b[", "ready  a  M2101"}, "accept"},
		{make([]adb.DeviceInfo, crowd+1), []string{"Plug in a handset"}, "carries data"},
	} {
		rows := strings.Count(out.String(), "\n") // of the last drawing
		out.Reset()
		if err := w.update(tt.list); err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.has {
			if !strings.Contains(out.String(), want) {
				t.Errorf("screen %d lacks %q: %q", i, want, out.String())
			}
		}
		if strings.Contains(out.String(), tt.lacks) {
			t.Errorf("screen %d has %q: %q", i, tt.lacks, out.String())
		}
		if rows > 0 && !strings.HasPrefix(out.String(), "\x1b["+strconv.Itoa(rows)+"A\x1b[J") {
			t.Errorf("screen %d does not go back %d rows: %q", i, rows, out.String())
		}
	}
	out.Reset()
	if err := w.lostServer("x"); err != nil || !strings.Contains(out.String(), "server ended") {
		t.Errorf("%v, %q", err, out.String())
	}
}
