package link

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/internal/scripted"
)

// A server that hangs up on every list is asked so often as Tries says, and started only
// after Patience: whoever ended a server mostly starts the next.
func TestTrackTries(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	for _, tt := range []struct {
		name                  string
		tracking              Tracking
		ends                  int // Lost ends it at this failure; 0: never
		asked, lost, versions int
		err                   error
	}{
		{"patient", Tracking{Tries: 5, Patience: 2}, 0, 6, 5, 3, adb.ErrClosed},
		{"impatient", Tracking{Tries: 5}, 0, 6, 5, 5, adb.ErrClosed},
		{"one try more", Tracking{Tries: 1}, 0, 2, 1, 1, adb.ErrClosed},
		{"without a limit", Tracking{Patience: 100}, 100, 100, 100, 0, stop},
		{"ended by its caller", Tracking{Tries: 5}, 1, 1, 1, 0, stop},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				s.Host["host:track-devices-l"] = func(net.Conn) {}
				lost := 0
				tt.tracking.Lost = func(error) error {
					if lost++; lost == tt.ends {
						return stop
					}
					return nil
				}
				err := Track(t.Context(), linkTo(t, s).Device().Client(), tt.tracking, func([]adb.DeviceInfo) error { return nil })
				asked, versions := s.Count("host:track-devices-l"), s.Count("host:version")
				if !errors.Is(err, tt.err) || asked != tt.asked || lost != tt.lost || versions != tt.versions {
					t.Errorf("asked %d times, told %d times, looked for the server %d times, error %v; want %d, %d, %d, %v", asked, lost, versions, err, tt.asked, tt.lost, tt.versions, tt.err)
				}
				s.Close()
			})
		})
	}
}

// A list starts the count of failures again.
func TestTrackCountsInARow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		enough, lists := errors.New("enough"), 0
		err := Track(t.Context(), linkTo(t, s).Device().Client(), Tracking{Tries: 1}, func([]adb.DeviceInfo) error {
			if lists++; lists == 4 {
				return enough
			}
			go s.Cut(false)
			return nil
		})
		if err != enough || lists != 4 {
			t.Errorf("error %v after %d lists, want %v after 4", err, lists, enough)
		}
		s.Close()
	})
}

// Whoever ends it learns their own reason, also between two tries.
func TestTrackIsEnded(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]bool{"with a server": false, "without one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				s.Cut(down)
				reason := errors.New("interrupted")
				ctx, cancel := context.WithCancelCause(t.Context())
				go func() {
					time.Sleep(time.Minute + time.Second/2)
					cancel(reason)
				}()
				if err := Track(ctx, linkTo(t, s).Device().Client(), Tracking{}, func([]adb.DeviceInfo) error { return nil }); err != reason {
					t.Errorf("error %v, want %v", err, reason)
				}
				s.Close()
			})
		})
	}
}

// A dead connection is dropped when it was seen offline three times in a row, at one look
// a second.
func TestReconnector(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	type look struct {
		state                 adb.State
		connects, disconnects int // so far
	}
	offline := func(n int) look { return look{adb.StateOffline, 0, n} }
	for _, tt := range []struct {
		name, serial string
		looks        []look
	}{
		{"offline", serial, []look{offline(0), offline(0), offline(1), offline(1), offline(1), offline(2)}},
		{"there in between", serial, []look{offline(0), offline(0), {adb.StateDevice, 0, 0}, offline(0), offline(0), offline(1)}},
		{"away in between", serial, []look{offline(0), offline(0), {adb.StateAbsent, 1, 0}, {adb.StateOffline, 1, 0}, {adb.StateOffline, 1, 0}, {adb.StateOffline, 1, 1}, {adb.StateAbsent, 2, 1}}},
		{"on USB", scripted.Serial, []look{{adb.StateAbsent, 0, 0}, offline(0), offline(0), offline(0), offline(0)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				r := newReconnector(linkWith(t, s, tt.serial).Device())
				ctx, cancel := context.WithCancel(t.Context())
				go r.run(ctx)
				time.Sleep(reconnectPause / 2) // between two looks
				for i, look := range tt.looks {
					r.see(look.state)
					time.Sleep(reconnectPause)
					connects, disconnects := 0, 0
					for _, addr := range []string{serial, scripted.Serial + ":5555"} {
						connects += s.Count("host:connect:" + addr)
						disconnects += s.Count("host:disconnect:" + addr)
					}
					if connects != look.connects || disconnects != look.disconnects {
						t.Errorf("look %d: %d times connected and %d times disconnected, want %d and %d", i+1, connects, disconnects, look.connects, look.disconnects)
					}
				}
				cancel()
				s.Close()
			})
		})
	}
}
