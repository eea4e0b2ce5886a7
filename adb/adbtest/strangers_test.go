package adbtest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// waitUntil waits for a condition that comes true soon.
func waitUntil(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come true")
		}
	}
}

// What a program logs, logcat shows.
func TestLogReachesLogcat(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	got, err := p.Shell(t.Context(), "log -p w -t preship one; log two; logcat -d -v brief preship:V '*:S'; logcat -d | grep two | wc -l; logcat -c; logcat -d | wc -l", nil)
	if err != nil || len(got.Stderr) > 0 {
		t.Fatalf("%s, %v", got.Stderr, err)
	}
	lines := strings.Split(string(got.Stdout), "\n")
	if len(lines) != 5 || lines[0] != "--------- beginning of main" || !strings.HasPrefix(lines[1], "W/preship (") || !strings.HasSuffix(lines[1], "): one") || lines[2] != "1" || lines[3] != "1" {
		t.Errorf("got %q", got.Stdout)
	}
}

// A program on the handset reaches the computer by adb reverse.
func TestNCByReverse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	heard := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		b := make([]byte, 6)
		n, _ := conn.Read(b)
		heard <- string(b[:n])
		_, _ = conn.Write([]byte("answer\n"))
	}()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if _, err := p.Service(t.Context(), "reverse:forward:tcp:7001;tcp:"+port); err != nil {
		t.Fatal(err)
	}
	got, err := p.Shell(t.Context(), "nc 127.0.0.1 7001", []byte("hello\n"))
	if err != nil || string(got.Stdout) != "answer\n" || <-heard != "hello\n" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := p.Shell(t.Context(), "nc 192.0.2.1 80", nil); err != nil || got.Exit != 1 {
		t.Errorf("the network: %+v, %v", got, err)
	}
}

// A computer reaches a program that listens on the handset, as AOSP's test of zero packets
// does. The port is free afterwards.
func TestNCListens(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	for _, said := range []string{"foo\n", "bar\n"} {
		answer := make(chan string, 1)
		go func() {
			got, err := p.Shell(t.Context(), "printf '"+said+"' | nc -l -p 12345; echo done", nil)
			answer <- fmt.Sprintf("%s%v", got.Stdout, err)
		}()
		var heard []byte
		waitUntil(t, func() (ok bool) {
			s, err := p.Open(t.Context(), "tcp:12345")
			if err != nil {
				return false
			}
			defer s.Close()
			_, _ = io.WriteString(s, "called\n")
			heard = make([]byte, len(said))
			_, err = io.ReadFull(s, heard)
			return err == nil
		})
		if got := <-answer; string(heard) != said || got != "called\ndone\n<nil>" {
			t.Errorf("the computer read %q, the shell answered %q", heard, got)
		}
	}
}

func TestFramebuffer(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	got, err := p.Service(t.Context(), "framebuffer:")
	if err != nil || len(got) < 56 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	word := func(n int) int { return int(binary.LittleEndian.Uint32(got[4*n:])) }
	if word(0) != 2 || word(1) != 32 || word(3) != 4*word(4)*word(5) || len(got) != 56+word(3) {
		t.Errorf("header %x and %d bytes", got[:56], len(got))
	}
}

// adb tcpip and adb usb restart adbd, which says so and begins another stay on the bus.
func TestTCPIPRestarts(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	p := peerOf(newServer(t, h), h)
	for _, tt := range []struct{ service, answer, port string }{
		{"tcpip:5999", "restarting in TCP mode port: 5999\n", "5999"},
		{"usb:", "restarting in USB mode\n", "0"},
	} {
		_, before := h.bus.Presence()
		if got, err := p.Service(t.Context(), tt.service); err != nil || string(got) != tt.answer {
			t.Fatalf("%s: %q, %v", tt.service, got, err)
		}
		waitUntil(t, func() bool { _, stay := h.bus.Presence(); return stay != before })
		if got := h.state.Prop("service.adb.tcp.port"); got != tt.port {
			t.Errorf("%s: the port is %q", tt.service, got)
		}
	}
}
