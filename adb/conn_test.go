package adb

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

func TestIdleTimeoutMovesWithProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, _ string) {
			for range 10 { // three times the idle timeout, in total
				time.Sleep(DefaultIdleTimeout / 3)
				io.WriteString(c, "x")
			}
			io.Copy(io.Discard, c) // and then nothing
		}
		conn, err := s.device(t).Open(t.Context(), "slow:")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		start := time.Now()
		b, err := io.ReadAll(conn)
		if string(b) != "xxxxxxxxxx" || !errors.Is(err, ErrTimeout) {
			t.Errorf("read %q, %v, want ten bytes and ErrTimeout", b, err)
		}
		if got, want := time.Since(start), 10*(DefaultIdleTimeout/3)+DefaultIdleTimeout; got != want {
			t.Errorf("gave up after %v, want %v", got, want)
		}
		s.Close()
	})
}

// A stream that is never silent for the idle time, and brings next to nothing, ends by
// itself. One that moves in both directions at an ordinary pace does not.
func TestDripEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		every time.Duration // between two pieces of the answer
		piece int
		ends  bool
	}{
		{"a byte every second", time.Second, 1, true},
		{"a byte just before each limit", DefaultIdleTimeout - time.Second, 1, true},
		{"a line every second", time.Second, 100, false},
		{"a block just before each limit", DefaultIdleTimeout - time.Second, 4096, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScriptedServer(t)
				s.Service = func(c net.Conn, _ string) {
					for start := time.Now(); time.Since(start) < 2*time.Hour; {
						time.Sleep(tt.every)
						if _, err := c.Write(make([]byte, tt.piece)); err != nil {
							return
						}
					}
				}
				conn, err := s.device(t).Open(t.Context(), "drip:")
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				start := time.Now()
				_, err = io.Copy(io.Discard, conn)
				if took := time.Since(start); errors.Is(err, ErrTimeout) != tt.ends || tt.ends && took > (patience+1)*DefaultIdleTimeout {
					t.Errorf("ended after %v: %v, want it to end early: %t", took, err, tt.ends)
				}
				s.Close()
			})
		})
	}
}

func TestContextClosesStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		hungUp := false
		s.Service = func(c net.Conn, _ string) {
			io.Copy(io.Discard, c)
			hungUp = true
		}
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		conn, err := s.device(t).Open(ctx, "silent:")
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { cancel(stop) })
		start := time.Now()
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, stop) || time.Since(start) != time.Second {
			t.Errorf("read ended after %v: %v, want the context's cause after 1s", time.Since(start), err)
		}
		synctest.Wait()
		if !hungUp {
			t.Error("the server still has its end of the stream")
		}
		if err := conn.Close(); err != nil {
			t.Errorf("Close after that: %v", err)
		}
		s.Close()
	})
}

func TestOpenRefused(t *testing.T) {
	t.Parallel()
	const unauthorized = "SERIAL1                unauthorized transport_id:1\n"
	tests := []struct {
		name, devices, serial, service, transport string
		want                                      error
	}{
		{name: "no such device", devices: oneDevice, serial: "other", want: ErrNoDevice},
		{name: "no such service", devices: oneDevice, serial: fakeSerial, want: ErrRefused},
		{name: "unauthorized", devices: unauthorized, serial: fakeSerial, transport: failed("device unauthorized.\nThis…"), want: ErrUnauthorized},
		{name: "answer breaks off", devices: oneDevice, serial: fakeSerial, transport: "OK", want: ErrClosed},
		{name: "answer is no status", devices: oneDevice, serial: fakeSerial, transport: "HTTP", want: ErrProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScriptedServer(t)
			s.Devices = tt.devices
			if tt.transport != "" {
				s.Host["host:transport:"+tt.serial] = func(c net.Conn) { io.WriteString(c, tt.transport) }
			}
			if _, err := s.client(t).Device(tt.serial).Open(t.Context(), "x:"); !errors.Is(err, tt.want) {
				t.Errorf("Open: %v, want %v", err, tt.want)
			}
		})
	}
}

func TestServiceReadsToTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, service string) {
			time.Sleep(10 * DefaultIdleTimeout) // a recovery formats
			io.WriteString(c, service+" done")
		}
		b, err := s.device(t).Service(t.Context(), "work:", 100)
		if string(b) != "work: done" || err != nil {
			t.Errorf("Service = %q, %v", b, err)
		}
		b, err = s.device(t).Service(t.Context(), "work:", 4)
		if string(b) != "work" || !errors.Is(err, ErrTooLarge) {
			t.Errorf("Service limited to 4 = %q, %v, want ErrTooLarge", b, err)
		}
		s.Close()
	})
}

func TestDeviceThatLeaves(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, _ string) { s.List("") }
	_, err := s.device(t).Shell(t.Context(), "id", nil)
	if !errors.Is(err, ErrGone) || !errors.Is(err, ErrClosed) {
		t.Errorf("Shell: %v, want ErrGone", err)
	}
}

func TestReboot(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	asked := ""
	s.Service = func(_ net.Conn, service string) { asked = service }
	if err := s.device(t).Reboot(t.Context(), "recovery"); err != nil {
		t.Fatal(err)
	}
	if asked != "reboot:recovery" {
		t.Errorf("asked %q", asked)
	}
	s.Service = nil
	if err := s.device(t).Reboot(t.Context(), ""); !errors.Is(err, ErrRefused) {
		t.Errorf("Reboot: %v, want ErrRefused", err)
	}
}
