package adb

import (
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb/internal/scripted"
)

// scriptedServer is a scripted server, with the clients of this package.
type scriptedServer struct{ *scripted.Server }

func newScriptedServer(t testing.TB) *scriptedServer { return &scriptedServer{scripted.New(t)} }

func (s *scriptedServer) client(t testing.TB) *Client {
	t.Helper()
	c, err := New(Options{Addr: "scripted:1", Dial: s.Dial})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *scriptedServer) device(t testing.TB) *Device { return s.client(t).Device(fakeSerial) }

const (
	fakeSerial = scripted.Serial
	oneDevice  = scripted.OneDevice
)

var okayBlock = scripted.OkayBlock

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
		s.List("")
		return nil
	})
	if err != enough || !slices.Equal(seen, []string{fakeSerial}) {
		t.Errorf("Track = %v after %q", err, seen)
	}
	err = s.client(t).Track(t.Context(), func([]DeviceInfo) error { s.Cut(false); return nil })
	if !errors.Is(err, ErrClosed) {
		t.Errorf("Track of a server that went away: %v, want ErrClosed", err)
	}
}

func TestTrackIsPatient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		go func() {
			time.Sleep(time.Hour)
			s.List("")
		}()
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
		s.Close()
	})
}

func TestTrackOnOldServer(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Host["host:track-devices-l"] = func(c net.Conn) { io.WriteString(c, failed("unknown host service")) }
	s.Host["host:track-devices"] = func(c net.Conn) { okayBlock(c, "a\tno permissions (x)\n") }
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
		s.Features = text
		f, err := s.device(t).Features(t.Context())
		if err != nil || len(f) != want || f.Has(FeatureShellV2) != (want == 2) {
			t.Errorf("Features of %q = %v, %v", text, f, err)
		}
	}
}
