package link

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/internal/scripted"
)

// line is one line of a server's list.
func line(serial string, state adb.State, id int) string {
	return scripted.Line(serial, string(state), id)
}

// moment is what the server lists from then on.
type moment struct {
	after time.Duration
	list  string
}

func play(s *scripted.Server, story []moment) {
	for _, m := range story {
		time.Sleep(m.after)
		s.List(m.list)
	}
}

// linkTo is a link to the device of a scripted server.
func linkTo(t *testing.T, s *scripted.Server) *Link { return linkWith(t, s, scripted.Serial) }

func linkWith(t *testing.T, s *scripted.Server, serial string) *Link {
	t.Helper()
	c, err := adb.New(adb.Options{Addr: "scripted:1", Dial: s.Dial})
	if err != nil {
		t.Fatal(err)
	}
	return New(c.Device(serial), Options{})
}

const otherDevice = "OTHER                  device transport_id:99\n"

func TestReturn(t *testing.T) {
	t.Parallel()
	const second = time.Second
	dev := func(state adb.State, id int) string { return line(scripted.Serial, state, id) }
	tests := []struct {
		name  string
		first string
		story []moment
		want  adb.DeviceInfo
		after time.Duration // from the start
	}{
		{
			"reboots", dev(adb.StateDevice, 1),
			[]moment{{second, otherDevice}, {30 * second, otherDevice + dev(adb.StateOffline, 2)}, {second, otherDevice + dev(adb.StateDevice, 2)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateDevice, TransportID: 2},
			32 * second,
		},
		{
			"comes back in recovery", dev(adb.StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(adb.StateRecovery, 2)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateRecovery, TransportID: 2},
			10 * second,
		},
		{
			"has forgotten our key", dev(adb.StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(adb.StateAuthorizing, 2)}, {second, dev(adb.StateUnauthorized, 2)}, {9 * second, otherDevice}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateUnauthorized, TransportID: 2},
			11*second + settleTime,
		},
		{
			"unauthorized only while keys are tried", dev(adb.StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(adb.StateUnauthorized, 2)}, {second, dev(adb.StateDevice, 2)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateDevice, TransportID: 2},
			11 * second,
		},
		{
			"another device does not start the settling anew", dev(adb.StateDevice, 1),
			[]moment{{second, ""}, {second, dev(adb.StateUnauthorized, 2)}, {second, dev(adb.StateUnauthorized, 2) + otherDevice}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateUnauthorized, TransportID: 2},
			2*second + settleTime,
		},
		{
			"was away between two lists", dev(adb.StateDevice, 1),
			[]moment{{second, dev(adb.StateSideload, 2)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateSideload, TransportID: 2},
			second,
		},
		{
			"is accepted without leaving, and leaves then", dev(adb.StateUnauthorized, 1),
			[]moment{{second, dev(adb.StateDevice, 1)}, {second, ""}, {second, dev(adb.StateDevice, 2)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateDevice, TransportID: 2},
			3 * second,
		},
		{
			"is away at the start", "",
			[]moment{{second, dev(adb.StateDevice, 7)}},
			adb.DeviceInfo{Serial: scripted.Serial, State: adb.StateDevice, TransportID: 7},
			second,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := scripted.New(t)
				s.Devices = tt.first
				story := make(chan struct{})
				go func() {
					defer close(story)
					play(s, tt.story)
				}()
				start := time.Now()
				var last adb.DeviceInfo
				got, err := linkTo(t, s).Return(t.Context(), func(d adb.DeviceInfo) { last = d })
				if err != nil || got != tt.want {
					t.Errorf("Return = %+v, %v, want %+v", got, err, tt.want)
				}
				if took := time.Since(start); took != tt.after {
					t.Errorf("returned after %v, want %v", took, tt.after)
				}
				if last != got {
					t.Errorf("last reported %+v", last)
				}
				<-story
				s.Close()
			})
		})
	}
}

func TestReturnAfterAFastReboot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Service = func(net.Conn, string) { s.List(line(scripted.Serial, adb.StateRecovery, 2)) }
		d := linkTo(t, s)
		if err := d.Reboot(t.Context(), "recovery"); err != nil {
			t.Fatal(err)
		}
		info, err := d.Return(t.Context(), nil)
		if err != nil || info.State != adb.StateRecovery {
			t.Errorf("Return = %+v, %v, want recovery", info, err)
		}
		s.Close()
	})
}

func TestReturnReportsEveryChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		go play(s, []moment{
			{time.Second, ""},
			{time.Second, otherDevice},
			{time.Second, line(scripted.Serial, adb.StateConnecting, 2)},
			{time.Second, line(scripted.Serial, adb.StateRescue, 2)},
		})
		var states []adb.State
		if _, err := linkTo(t, s).Return(t.Context(), func(d adb.DeviceInfo) { states = append(states, d.State) }); err != nil {
			t.Fatal(err)
		}
		if want := []adb.State{adb.StateDevice, adb.StateAbsent, adb.StateConnecting, adb.StateRescue}; !slices.Equal(states, want) {
			t.Errorf("reported %q, want %q", states, want)
		}
		s.Close()
	})
}

func TestReturnOutlastsServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		go func() {
			time.Sleep(time.Second)
			s.Cut(true)
			time.Sleep(5 * time.Second)
			// A new server counts anew: another id here is no reboot.
			s.List(line(scripted.Serial, adb.StateDevice, 5))
			s.Up()
			play(s, []moment{{10 * time.Second, ""}, {time.Second, line(scripted.Serial, adb.StateDevice, 6)}})
		}()
		info, err := linkTo(t, s).Return(t.Context(), nil)
		if err != nil || info.TransportID != 6 {
			t.Errorf("Return = %+v, %v, want transport 6", info, err)
		}
		s.Close()
	})
}

func TestWaitingWithoutServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Cut(true)
		start := time.Now()
		if _, err := linkTo(t, s).WaitFor(t.Context(), adb.StateDevice); !errors.Is(err, adb.ErrNoServer) {
			t.Errorf("WaitFor: %v, want adb.ErrNoServer", err)
		}
		if got, want := time.Since(start), waitTries*trackPace; got != want {
			t.Errorf("gave up after %v, want %v", got, want)
		}
	})
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		d := linkTo(t, s)
		if info, err := d.WaitFor(t.Context()); err != nil || info.State != adb.StateDevice {
			t.Errorf("WaitFor any state = %+v, %v", info, err)
		}
		go play(s, []moment{{time.Hour, line(scripted.Serial, adb.StateSideload, 2)}})
		if info, err := d.WaitFor(t.Context(), adb.StateRecovery, adb.StateSideload); err != nil || info.State != adb.StateSideload {
			t.Errorf("WaitFor sideload = %+v, %v", info, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		info, err := d.WaitFor(ctx, adb.StateDevice)
		if !errors.Is(err, context.DeadlineExceeded) || info.State != adb.StateSideload {
			t.Errorf("WaitFor past its time = %+v, %v, want the last state and the deadline", info, err)
		}
		s.Close()
	})
}

func TestReturnReconnects(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Devices = line(serial, adb.StateDevice, 1)
		tries := 0
		s.Host["host:connect:"+serial] = func(c net.Conn) {
			if tries++; tries < 3 {
				scripted.OkayBlock(c, "failed to connect to '"+serial+"': Connection refused")
				return
			}
			s.List(line(serial, adb.StateDevice, 2))
			scripted.OkayBlock(c, "connected to "+serial)
		}
		go play(s, []moment{{time.Second, ""}})
		info, err := linkWith(t, s, serial).Return(t.Context(), nil)
		if err != nil || info.TransportID != 2 || tries != 3 {
			t.Errorf("Return = %+v, %v after %d attempts, want transport 2 after 3", info, err, tries)
		}
		s.Close()
	})
}

func TestReturnDropsADeadConnection(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	synctest.Test(t, func(t *testing.T) {
		s := scripted.New(t)
		s.Devices = line(serial, adb.StateDevice, 1)
		s.Host["host:disconnect:"+serial] = func(c net.Conn) {
			s.List("")
			scripted.OkayBlock(c, "disconnected "+serial)
		}
		s.Host["host:connect:"+serial] = func(c net.Conn) {
			s.List(line(serial, adb.StateDevice, 2))
			scripted.OkayBlock(c, "connected to "+serial)
		}
		go play(s, []moment{{time.Second, line(serial, adb.StateOffline, 1)}})
		info, err := linkWith(t, s, serial).Return(t.Context(), nil)
		if err != nil || info.TransportID != 2 || s.Count("host:disconnect:"+serial) != 1 {
			t.Errorf("Return = %+v, %v, asked %q", info, err, s.Questions())
		}
		s.Close()
	})
}
