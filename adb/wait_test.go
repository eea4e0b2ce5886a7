package adb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// line is the list of a server that knows one device.
func line(serial string, state State, id int) string {
	return fmt.Sprintf("%-22s %s transport_id:%d\n", serial, state, id)
}

// moment is what the server lists from then on.
type moment struct {
	after time.Duration
	list  string
}

func (s *scriptedServer) play(story []moment) {
	for _, m := range story {
		time.Sleep(m.after)
		s.list(m.list)
	}
}

const otherDevice = "OTHER                  device transport_id:99\n"

func TestReturn(t *testing.T) {
	t.Parallel()
	const second = time.Second
	dev := func(state State, id int) string { return line(fakeSerial, state, id) }
	tests := []struct {
		name  string
		first string
		story []moment
		want  DeviceInfo
		after time.Duration // from the start
	}{
		{
			"reboots", dev(StateDevice, 1),
			[]moment{{second, otherDevice}, {30 * second, otherDevice + dev(StateOffline, 2)}, {second, otherDevice + dev(StateDevice, 2)}},
			DeviceInfo{Serial: fakeSerial, State: StateDevice, TransportID: 2},
			32 * second,
		},
		{
			"comes back in recovery", dev(StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(StateRecovery, 2)}},
			DeviceInfo{Serial: fakeSerial, State: StateRecovery, TransportID: 2},
			10 * second,
		},
		{
			"has forgotten our key", dev(StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(StateAuthorizing, 2)}, {second, dev(StateUnauthorized, 2)}, {9 * second, otherDevice}},
			DeviceInfo{Serial: fakeSerial, State: StateUnauthorized, TransportID: 2},
			11*second + settleTime,
		},
		{
			"unauthorized only while keys are tried", dev(StateDevice, 1),
			[]moment{{second, ""}, {9 * second, dev(StateUnauthorized, 2)}, {second, dev(StateDevice, 2)}},
			DeviceInfo{Serial: fakeSerial, State: StateDevice, TransportID: 2},
			11 * second,
		},
		{
			"another device does not start the settling anew", dev(StateDevice, 1),
			[]moment{{second, ""}, {second, dev(StateUnauthorized, 2)}, {second, dev(StateUnauthorized, 2) + otherDevice}},
			DeviceInfo{Serial: fakeSerial, State: StateUnauthorized, TransportID: 2},
			2*second + settleTime,
		},
		{
			"was away between two lists", dev(StateDevice, 1),
			[]moment{{second, dev(StateSideload, 2)}},
			DeviceInfo{Serial: fakeSerial, State: StateSideload, TransportID: 2},
			second,
		},
		{
			"is accepted without leaving, and leaves then", dev(StateUnauthorized, 1),
			[]moment{{second, dev(StateDevice, 1)}, {second, ""}, {second, dev(StateDevice, 2)}},
			DeviceInfo{Serial: fakeSerial, State: StateDevice, TransportID: 2},
			3 * second,
		},
		{
			"is away at the start", "",
			[]moment{{second, dev(StateDevice, 7)}},
			DeviceInfo{Serial: fakeSerial, State: StateDevice, TransportID: 7},
			second,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScriptedServer(t)
				s.devices = tt.first
				story := make(chan struct{})
				go func() {
					defer close(story)
					s.play(tt.story)
				}()
				start := time.Now()
				var last DeviceInfo
				got, err := s.device(t).Return(t.Context(), func(d DeviceInfo) { last = d })
				if err != nil || got != tt.want {
					t.Errorf("Return = %+v, %v, want %+v", got, err, tt.want)
				}
				if took := time.Since(start); took != tt.after {
					t.Errorf("returned after %v, want %v", took, tt.after)
				}
				if last != got {
					t.Errorf("last told of %+v", last)
				}
				<-story
				s.close()
			})
		})
	}
}

func TestReturnAfterAFastReboot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.service = func(net.Conn, string) { s.list(line(fakeSerial, StateRecovery, 2)) }
		d := s.device(t)
		if err := d.Reboot(t.Context(), "recovery"); err != nil {
			t.Fatal(err)
		}
		info, err := d.Return(t.Context(), nil)
		if err != nil || info.State != StateRecovery {
			t.Errorf("Return = %+v, %v, want recovery", info, err)
		}
		s.close()
	})
}

func TestReturnTellsEveryChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		go s.play([]moment{
			{time.Second, ""},
			{time.Second, otherDevice},
			{time.Second, line(fakeSerial, StateConnecting, 2)},
			{time.Second, line(fakeSerial, StateRescue, 2)},
		})
		var states []State
		if _, err := s.device(t).Return(t.Context(), func(d DeviceInfo) { states = append(states, d.State) }); err != nil {
			t.Fatal(err)
		}
		if want := []State{StateDevice, StateAbsent, StateConnecting, StateRescue}; !slices.Equal(states, want) {
			t.Errorf("told of %q, want %q", states, want)
		}
		s.close()
	})
}

func TestReturnOutlastsServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		go func() {
			time.Sleep(time.Second)
			s.cut(true)
			time.Sleep(5 * time.Second)
			// A new server counts anew: another id here is no reboot.
			s.list(line(fakeSerial, StateDevice, 5))
			s.up()
			s.play([]moment{{10 * time.Second, ""}, {time.Second, line(fakeSerial, StateDevice, 6)}})
		}()
		info, err := s.device(t).Return(t.Context(), nil)
		if err != nil || info.TransportID != 6 {
			t.Errorf("Return = %+v, %v, want transport 6", info, err)
		}
		s.close()
	})
}

func TestWaitingWithoutServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.cut(true)
		start := time.Now()
		if _, err := s.device(t).WaitFor(t.Context(), StateDevice); !errors.Is(err, ErrNoServer) {
			t.Errorf("WaitFor: %v, want ErrNoServer", err)
		}
		if got, want := time.Since(start), maxTrackFailures*trackRetry; got != want {
			t.Errorf("gave up after %v, want %v", got, want)
		}
	})
}

func TestWaitFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		d := s.device(t)
		if info, err := d.WaitFor(t.Context()); err != nil || info.State != StateDevice {
			t.Errorf("WaitFor any state = %+v, %v", info, err)
		}
		go s.play([]moment{{time.Hour, line(fakeSerial, StateSideload, 2)}})
		if info, err := d.WaitFor(t.Context(), StateRecovery, StateSideload); err != nil || info.State != StateSideload {
			t.Errorf("WaitFor sideload = %+v, %v", info, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		info, err := d.WaitFor(ctx, StateDevice)
		if !errors.Is(err, context.DeadlineExceeded) || info.State != StateSideload {
			t.Errorf("WaitFor past its time = %+v, %v, want the last state and the deadline", info, err)
		}
		s.close()
	})
}

func TestReturnReconnects(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.devices = line(serial, StateDevice, 1)
		tries := 0
		s.host["host:connect:"+serial] = func(c net.Conn) {
			if tries++; tries < 3 {
				okayBlock(c, "failed to connect to '"+serial+"': Connection refused")
				return
			}
			s.list(line(serial, StateDevice, 2))
			okayBlock(c, "connected to "+serial)
		}
		go s.play([]moment{{time.Second, ""}})
		info, err := s.client(t).Device(serial).Return(t.Context(), nil)
		if err != nil || info.TransportID != 2 || tries != 3 {
			t.Errorf("Return = %+v, %v after %d attempts, want transport 2 after 3", info, err, tries)
		}
		s.close()
	})
}

func TestReturnDropsADeadConnection(t *testing.T) {
	t.Parallel()
	const serial = "10.0.0.1:5555"
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.devices = line(serial, StateDevice, 1)
		s.host["host:disconnect:"+serial] = func(c net.Conn) {
			s.list("")
			okayBlock(c, "disconnected "+serial)
		}
		s.host["host:connect:"+serial] = func(c net.Conn) {
			s.list(line(serial, StateDevice, 2))
			okayBlock(c, "connected to "+serial)
		}
		go s.play([]moment{{time.Second, line(serial, StateOffline, 1)}})
		info, err := s.client(t).Device(serial).Return(t.Context(), nil)
		if err != nil || info.TransportID != 2 || s.count("host:disconnect:"+serial) != 1 {
			t.Errorf("Return = %+v, %v, asked %q", info, err, s.questions())
		}
		s.close()
	})
}

func TestTrack(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	enough := errors.New("enough")
	var seen []string
	err := s.client(t).Track(t.Context(), func(list []DeviceInfo) error {
		if len(list) == 0 {
			return enough
		}
		seen = append(seen, list[0].Serial)
		s.list("")
		return nil
	})
	if err != enough || !slices.Equal(seen, []string{fakeSerial}) {
		t.Errorf("Track = %v after %q", err, seen)
	}
	err = s.client(t).Track(t.Context(), func([]DeviceInfo) error { s.cut(false); return nil })
	if !errors.Is(err, ErrClosed) {
		t.Errorf("Track of a server that went away: %v, want ErrClosed", err)
	}
}

func TestTrackIsPatient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		go s.play([]moment{{time.Hour, ""}})
		enough := errors.New("enough")
		err := s.client(t).Track(t.Context(), func(list []DeviceInfo) error {
			if len(list) == 0 {
				return enough
			}
			return nil
		})
		if err != enough {
			t.Errorf("Track through an hour without a change: %v", err)
		}
		s.close()
	})
}

func TestTrackOnOldServer(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.host["host:track-devices-l"] = func(c net.Conn) { io.WriteString(c, failed("unknown host service")) }
	s.host["host:track-devices"] = func(c net.Conn) { okayBlock(c, "a\tno permissions (x)\n") }
	enough := errors.New("enough")
	err := s.client(t).Track(t.Context(), func(list []DeviceInfo) error {
		if want := []DeviceInfo{{Serial: "a", State: StateNoPermissions, Detail: "(x)"}}; !slices.Equal(list, want) {
			t.Errorf("list %+v, want %+v", list, want)
		}
		return enough
	})
	if err != enough {
		t.Errorf("Track: %v", err)
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	for serial, want := range map[string]State{fakeSerial: StateDevice, "other": StateAbsent} {
		if got, err := s.client(t).Device(serial).State(t.Context()); got != want || err != nil {
			t.Errorf("State of %s = %q, %v, want %q", serial, got, err, want)
		}
	}
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	for text, want := range map[string]int{"": 0, "cmd": 1, "shell_v2,cmd,": 2, " shell_v2 , cmd ": 2} {
		s.features = text
		f, err := s.device(t).Features(t.Context())
		if err != nil || len(f) != want || f.Has(FeatureShellV2) != (want == 2) {
			t.Errorf("Features of %q = %v, %v", text, f, err)
		}
	}
}
