package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/internal/scripted"
)

// breakOnce breaks the connection, long after the break before it.
func breakOnce(l *Link) error {
	l.last = time.Time{}
	return l.Mend(context.Background(), fmt.Errorf("pull: %w", adb.ErrGone))
}

// A connection that breaks often is mended as often, as long as one file is
// finished in between; a break more in a row than allowed ends it.
func TestLinkCountsBreaksInARow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for n := range 2 * maxBreaks {
			if err := breakOnce(l); err != nil {
				t.Fatalf("break %d, each after a finished file: %v", n+1, err)
			}
			l.Progress()
		}
		for n := range maxBreaks {
			if err := breakOnce(l); err != nil {
				t.Fatalf("break %d in a row: %v", n+1, err)
			}
		}
		if err := breakOnce(l); !errors.Is(err, ErrLost) || !errors.Is(err, adb.ErrGone) {
			t.Errorf("break %d in a row: error %v, want %v because of %v", maxBreaks+1, err, ErrLost, adb.ErrGone)
		}
	})
}

// One cut breaks every stream at the same moment; it counts once.
func TestLinkCountsOneCutOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for n := range 2 * maxBreaks {
			if err := l.Mend(t.Context(), adb.ErrGone); err != nil {
				t.Fatalf("stream %d: %v", n+1, err)
			}
		}
		if n := l.breaks.Load(); n != 1 {
			t.Errorf("counted %d breaks, want 1", n)
		}
	})
}

// A command that succeeds starts the count of breaks again, and an error that is
// not of the connection is returned unchanged, with nothing waited for.
func TestLinkRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for round := range 2 {
			tries := 0
			err := l.Retry(t.Context(), func(context.Context) error {
				if l.last = (time.Time{}); tries < maxBreaks {
					tries++
					return adb.ErrClosed
				}
				return nil
			})
			if err != nil || tries != maxBreaks {
				t.Fatalf("round %d: error %v after %d tries, want none after %d", round+1, err, tries, maxBreaks)
			}
		}
		other, tries := errors.New("permission denied"), 0
		err := l.Retry(t.Context(), func(context.Context) error { tries++; return other })
		if err != other || tries != 1 {
			t.Errorf("error %v after %d tries, want %v after one", err, tries, other)
		}
	})
}

// A break counts anew only when it comes more than sameBreak after the last wait, and each
// break that counts makes the pause before the next question longer.
func TestMendPaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for n, tt := range []struct {
			after time.Duration
			want  int32
		}{{sameBreak, 0}, {sameBreak + 1, 1}, {sameBreak, 1}, {sameBreak + 1, 2}, {time.Hour, 3}} {
			l.last = time.Now().Add(-tt.after)
			start := time.Now()
			if err := l.Mend(t.Context(), adb.ErrGone); err != nil || l.breaks.Load() != tt.want {
				t.Errorf("break %d, %v after the last wait: counted %d, error %v; want %d", n+1, tt.after, l.breaks.Load(), err, tt.want)
			}
			if took, want := time.Since(start), time.Duration(tt.want)*pausePerBreak; took != want {
				t.Errorf("break %d: asked after %v, want %v", n+1, took, want)
			}
		}
	})
}

// A wait outlasts a server that is restarted, and says when it begins and ends.
func TestMendOutlastsServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		l := linkTo(t, s)
		var told []string
		l.options.Waiting = func() func() {
			told = append(told, "waiting")
			return func() { told = append(told, "back") }
		}
		s.Cut(true)
		go func() {
			time.Sleep(5 * time.Second)
			s.Up()
		}()
		if err := l.Mend(t.Context(), adb.ErrNoServer); err != nil || fmt.Sprint(told) != "[waiting back]" {
			t.Errorf("error %v, told %v; want none, and told of one wait", err, told)
		}
		s.Close()
	})
}

// A wait in vain names why the handset cannot be asked, or how the stream ended where
// nothing else is known. The link waits once in vain, until the handset is back.
func TestMendInVain(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		list string
		down bool
		why  error
		not  error
	}{
		{"no server", scripted.OneDevice, true, adb.ErrNoServer, adb.ErrGone},
		{"not listed", "", false, adb.ErrGone, adb.ErrNoServer},
		{"offline", line(scripted.Serial, adb.StateOffline, 1), false, adb.ErrGone, adb.ErrNoServer},
		{"in recovery", line(scripted.Serial, adb.StateRecovery, 1), false, adb.ErrGone, adb.ErrNoServer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				l := linkTo(t, s)
				vain := func(limit time.Duration) {
					t.Helper()
					s.List(tt.list)
					s.Cut(tt.down)
					start := time.Now()
					err := l.Mend(t.Context(), adb.ErrGone)
					if !errors.Is(err, ErrLost) || limit != glanceLimit && (!errors.Is(err, tt.why) || errors.Is(err, tt.not)) {
						t.Errorf("error %v, want %v because of %v", err, ErrLost, tt.why)
					}
					if took := time.Since(start); took > limit || took < limit && !tt.down {
						t.Errorf("waited %v, want %v", took, limit)
					}
				}
				back := func() {
					t.Helper()
					s.Up()
					s.List(scripted.OneDevice)
					if err := l.Mend(t.Context(), adb.ErrGone); err != nil {
						t.Errorf("the handset is back: %v", err)
					}
				}
				vain(defaultWait)
				vain(glanceLimit)
				back()
				vain(defaultWait)
				l.Progress()
				vain(defaultWait)
				s.Close()
			})
		})
	}
}

// Whoever ends the wait learns their own reason, and the next wait is a whole one.
func TestMendIsEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.List("")
		l := linkTo(t, s)
		reason := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			time.Sleep(time.Minute)
			cancel(reason)
		}()
		for _, when := range []string{"while it waits", "before it waits"} {
			if err := l.Mend(ctx, adb.ErrGone); err != reason || l.absent.Load() {
				t.Errorf("ended %s: error %v, absent %t; want %v", when, err, l.absent.Load(), reason)
			}
		}
		s.Close()
	})
}

// A handset on the network is connected again where it is not listed, and only there.
func TestMendReconnects(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	for _, tt := range []struct {
		name, list string
		connects   int
		err        error
	}{
		{"listed", line(serial, adb.StateDevice, 1), 0, nil},
		{"not listed", "", 1, nil},
		{"not connected in time", "", 2, ErrLost},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				s.Devices = tt.list
				s.Host["host:connect:"+serial] = func(c net.Conn) {
					if tt.err != nil {
						scripted.OkayBlock(c, "failed to connect to '"+serial+"': Connection refused")
						return
					}
					s.List(line(serial, adb.StateDevice, 2))
					scripted.OkayBlock(c, "connected to "+serial)
				}
				l := linkWith(t, s, serial)
				l.options.Wait = 2 * time.Second // two tries
				err := l.Mend(t.Context(), adb.ErrGone)
				if n := s.Count("host:connect:" + serial); !errors.Is(err, tt.err) || n != tt.connects {
					t.Errorf("error %v after %d tries to connect, want %v after %d", err, n, tt.err, tt.connects)
				}
				s.Close()
			})
		})
	}
}

// A handset on the network that the server calls connected, and that is not up, is waited
// for as long as any other, and asked no faster.
func TestMendWaitsForAConnectedHandset(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	for _, state := range []adb.State{adb.StateOffline, adb.StateUnauthorized} {
		synctest.Test(t, func(t *testing.T) {
			s := scripted.New(t)
			s.Devices = line(serial, state, 1)
			s.Host["host:connect:"+serial] = func(c net.Conn) { scripted.OkayBlock(c, "already connected to "+serial) }
			s.Host["host:disconnect:"+serial] = func(c net.Conn) { scripted.OkayBlock(c, "disconnected "+serial) }
			l := linkWith(t, s, serial)
			tries, start := 0, time.Now()
			err := l.Retry(t.Context(), func(context.Context) error { tries++; return adb.ErrOffline })
			if took := time.Since(start); !errors.Is(err, ErrLost) || tries != 1 || took != defaultWait {
				t.Errorf("%s: error %v after %d tries and %v, want %v after 1 and %v", state, err, tries, took, ErrLost, defaultWait)
			}
			s.Close()
		})
	}
}

// A deadline of the caller's that ends the wait is the caller's reason, and no lost handset.
func TestMendWithinADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.List("")
		l := linkTo(t, s)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := l.Mend(ctx, adb.ErrGone); err != context.DeadlineExceeded || l.absent.Load() {
			t.Errorf("error %v, absent %t; want %v", err, l.absent.Load(), context.DeadlineExceeded)
		}
		s.Close()
	})
}

// Work that cannot continue in the middle is tried so often, and its own error is returned
// then: the handset is still there.
func TestRetryLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		err := linkTo(t, scripted.New(t)).RetryLong(t.Context(), func(context.Context) error { tries++; return adb.ErrClosed })
		if err != adb.ErrClosed || tries != longTries {
			t.Errorf("error %v after %d tries, want %v after %d", err, tries, adb.ErrClosed, longTries)
		}
	})
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for _, err := range append(broken[:len(broken):len(broken)], &adb.LostError{Err: errors.New("x")}, &net.OpError{Op: "read", Err: errors.New("x")}) {
		if !Broken(err) || !Broken(fmt.Errorf("pull: %w", err)) {
			t.Errorf("%v does not count as a broken connection", err)
		}
	}
	for _, err := range []error{nil, errors.New("x"), adb.ErrRefused, ErrLost, io.ErrShortWrite, context.Canceled} {
		if Broken(err) {
			t.Errorf("%v counts as a broken connection", err)
		}
	}
}
