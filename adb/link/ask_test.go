package link

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/internal/scripted"
	"preship/adb/internal/wire"
)

// stalls is a device that runs every command in so long.
func stalls(d time.Duration) func(net.Conn, string) {
	return func(c net.Conn, _ string) {
		time.Sleep(d)
		b := wire.AppendShell(nil, wire.ShellStdout, []byte("No result found.\n"))
		_, _ = c.Write(wire.AppendShell(b, wire.ShellExit, []byte{0}))
	}
}

// A provider that stalls is waited for as long as its row allows: not 20 s, which is
// the silence that adb allows other streams, and not 30 s, which other rows have.
func TestAskWaitsForAStalledAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		line handset.Line
		took time.Duration
		late bool
	}{
		{"a provider", handset.RowIDs.Must("content://sms"), 24 * time.Second, false},
		{"a provider that hangs", handset.RowIDs.Must("content://sms"), 121 * time.Second, true},
		{"test harness mode", handset.TestHarness.Must(), 45 * time.Second, false},
		{"a row without a limit of its own", handset.DumpAccounts.Must(), 29 * time.Second, false},
		{"one that hangs", handset.DumpAccounts.Must(), 31 * time.Second, true},
		{"Find Device, which hangs behind a lock", handset.FindDevice.Must(), 11 * time.Second, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				s.Service = stalls(tt.took)
				l := linkTo(t, s)
				start := time.Now()
				a, err := l.Ask(t.Context(), Reader(l.Device()), tt.line)
				if late := errors.As(err, new(*handset.LateError)); late != tt.late || !late && (err != nil || len(a.Stdout) == 0) {
					t.Errorf("answer %q, error %v; want it late: %t", a.Stdout, err, tt.late)
				}
				if took := time.Since(start); took > tt.took {
					t.Errorf("took %v: a late answer is not asked for again", took)
				}
				s.Close()
			})
		})
	}
}

// A row that streams is bounded by silence, however long the answer is.
func TestStartBoundsSilence(t *testing.T) {
	t.Parallel()
	const names = 200 // each time: a stream that only drips is given up
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Service = func(c net.Conn, _ string) {
			for range 10 { // longer than any limit together
				time.Sleep(29 * time.Second)
				_, _ = c.Write(wire.AppendShell(nil, wire.ShellStdout, bytes.Repeat([]byte("/sdcard/a\x00"), names)))
			}
			time.Sleep(31 * time.Second)
		}
		sh, err := linkTo(t, s).Start(t.Context(), handset.FindFiles.Must("/sdcard"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(struct{ io.Reader }{sh})
		if n := strings.Count(string(b), "\x00"); n != 10*names || !errors.Is(err, adb.ErrTimeout) {
			t.Errorf("%d names and error %v, want %d and %v", n, err, 10*names, adb.ErrTimeout)
		}
		sh.Close()
		s.Close()
	})
}

// Hashing is silent for as long as the files of a batch take.
func TestRunAllowsForTheWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Service = func(c net.Conn, service string) {
			s.Go(func() { _, _ = io.Copy(io.Discard, c) })
			stalls(80*time.Second)(c, service)
		}
		l := linkTo(t, s)
		if _, err := l.Run(t.Context(), handset.HashFiles.Must().Over(512<<20), []byte("/sdcard/a\x00")); err != nil {
			t.Errorf("half a gigabyte in 80 s: %v", err)
		}
		if _, err := l.Run(t.Context(), handset.HashFiles.Must().Over(1<<20), []byte("/sdcard/a\x00")); !errors.Is(err, adb.ErrTimeout) {
			t.Errorf("a megabyte in 80 s: error %v, want %v", err, adb.ErrTimeout)
		}
		s.Close()
	})
}

// A question is sent three times over a connection that breaks, and then given up
// without ending the work.
func TestAskGivesUpAQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Service = func(net.Conn, string) {}
		l := linkTo(t, s)
		_, err := l.Ask(t.Context(), Reader(l.Device()), handset.DumpAccounts.Must())
		if !errors.Is(err, adb.ErrClosed) || Ended(t.Context(), err) {
			t.Errorf("error %v, want %v, which does not end the work", err, adb.ErrClosed)
		}
		if n := s.Count("shell,v2,raw:" + handset.DumpAccounts.Line); n != questionTries {
			t.Errorf("asked %d times, want %d: %q", n, questionTries, s.Questions())
		}
		s.Cut(true)
		if _, err := l.Ask(t.Context(), Reader(l.Device()), handset.DumpAccounts.Must()); !Ended(t.Context(), err) {
			t.Errorf("without a server: error %v, want one that ends the work", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := l.Ask(ctx, Reader(l.Device()), handset.DumpAccounts.Must()); !Ended(ctx, err) {
			t.Errorf("with an ended context: error %v, want one that ends the work", err)
		}
	})
}

func TestStrikes(t *testing.T) {
	t.Parallel()
	var s Strikes[string]
	for n := 1; n < maxStrikes; n++ {
		if got, out := s.Add("a"); got != n || out {
			t.Fatalf("strike %d counts as %d, given up: %t", n, got, out)
		}
	}
	if n, out := s.Add("b"); n != 1 || out {
		t.Errorf("the first strike of another piece is %d, given up: %t", n, out)
	}
	s.Clear("b")
	if n, out := s.Add("a"); n != maxStrikes || !out {
		t.Errorf("strike %d does not give the piece up", n)
	}
	s.Clear("a")
	if n, out := s.Add("a"); n != 1 || out {
		t.Errorf("after more of it was done the next strike is %d, given up: %t", n, out)
	}
}
