package adb

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"preship/adb/internal/wire"
)

// packets is a script of a shell v2 service: identifiers and data by turns.
func packets(idsAndData ...any) []byte {
	var b []byte
	for i := 0; i < len(idsAndData); i += 2 {
		b = wire.AppendShell(b, idsAndData[i].(byte), []byte(idsAndData[i+1].(string)))
	}
	return b
}

// says makes the service answer with b once stdin is closed.
func says(b []byte) func(net.Conn, string) {
	return func(c net.Conn, _ string) {
		io.CopyN(io.Discard, c, int64(len(packets(wire.ShellCloseStdin, ""))))
		c.Write(b)
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer []byte
		want   ShellResult
		err    error
	}{
		{
			"both outputs and the status", packets(wire.ShellStdout, "o\n", wire.ShellStderr, "e\n", wire.ShellStdout, "p\n", wire.ShellExit, "\x07"),
			ShellResult{[]byte("o\np\n"), []byte("e\n"), 7},
			nil,
		},
		{"nothing", packets(wire.ShellExit, "\x00"), ShellResult{Exit: 0}, nil},
		{"empty packets", packets(wire.ShellStdout, "", wire.ShellStdout, "o", wire.ShellExit, "\x00"), ShellResult{Stdout: []byte("o"), Exit: 0}, nil},
		{"what follows the status is not read", packets(wire.ShellExit, "\xff", wire.ShellStdout, "late"), ShellResult{Exit: 255}, nil},
		{"no status", packets(wire.ShellStdout, "half"), ShellResult{Stdout: []byte("half"), Exit: -1}, ErrClosed},
		{"breaks off in a packet", packets(wire.ShellStdout, "half")[:7], ShellResult{Exit: -1}, ErrClosed},
		{"unknown packet", packets(byte(9), "?"), ShellResult{Exit: -1}, ErrProtocol},
		{"status of two bytes", packets(wire.ShellExit, "\x00\x00"), ShellResult{Exit: -1}, ErrProtocol},
		{"packet too large", []byte("\x01\xff\xff\xff\x7f"), ShellResult{Exit: -1}, ErrProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScriptedServer(t)
			s.Service = says(tt.answer)
			got, err := s.device(t).Shell(t.Context(), "echo", nil)
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if !bytes.Equal(got.Stdout, tt.want.Stdout) || !bytes.Equal(got.Stderr, tt.want.Stderr) || got.Exit != tt.want.Exit {
				t.Errorf("got %q %q %d, want %q %q %d", got.Stdout, got.Stderr, got.Exit, tt.want.Stdout, tt.want.Stderr, tt.want.Exit)
			}
			if n := s.Count("shell,v2,raw:echo"); n != 1 {
				t.Errorf("asked %q", s.Questions())
			}
		})
	}
}

// cat is a command that echoes its input as it reads it.
func cat(c net.Conn, _ string) {
	r, buf := bufio.NewReader(c), []byte(nil)
	for {
		id, data, err := wire.ReadShell(r, buf)
		if err != nil {
			return
		}
		if id == wire.ShellCloseStdin {
			c.Write(packets(wire.ShellExit, "\x00"))
			return
		}
		buf = data
		if _, err := c.Write(wire.AppendShell(nil, wire.ShellStdout, data)); err != nil {
			return
		}
	}
}

func TestShellFeedsWhileItReads(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = cat
	in := make([]byte, 1<<20+5)
	rand.NewChaCha8([32]byte{}).Read(in)
	res, err := s.device(t).Shell(t.Context(), "cat", bytes.NewReader(in))
	if err != nil || !bytes.Equal(res.Stdout, in) || res.Exit != 0 {
		t.Errorf("cat gave %d bytes, exit %d, %v, want %d equal ones", len(res.Stdout), res.Exit, err, len(in))
	}
}

func TestShellThatIgnoresStdin(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, _ string) { c.Write(packets(wire.ShellStdout, "done", wire.ShellExit, "\x03")) }
	res, err := s.device(t).Shell(t.Context(), "true", bytes.NewReader(make([]byte, 1<<20)))
	if err != nil || string(res.Stdout) != "done" || res.Exit != 3 {
		t.Errorf("got %q, exit %d, %v", res.Stdout, res.Exit, err)
	}
}

func TestShellStdinFails(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = cat
	broken := errors.New("broken source")
	in := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if res, err := s.device(t).Shell(t.Context(), "cat", in); !errors.Is(err, broken) || res.Exit != -1 {
		t.Errorf("exit %d, %v, want -1 and the source's error", res.Exit, err)
	}
}

func TestShellOutputIsBounded(t *testing.T) {
	t.Parallel()
	for _, id := range []byte{wire.ShellStdout, wire.ShellStderr} {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, _ string) {
			mib := wire.AppendShell(nil, id, make([]byte, 1<<20))
			go io.Copy(io.Discard, c)
			for {
				if _, err := c.Write(mib); err != nil {
					return
				}
			}
		}
		res, err := s.device(t).Shell(t.Context(), "yes", nil)
		if !errors.Is(err, ErrTooLarge) || res.Exit != -1 {
			t.Errorf("packet %d without end: exit %d, %v, want ErrTooLarge", id, res.Exit, err)
		}
		if n := len(res.Stdout) + len(res.Stderr); n > MaxShellOutput+1<<20 {
			t.Errorf("packet %d without end: kept %d bytes", id, n)
		}
	}
}

func TestShellWithoutV2(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Features = "cmd"
	s.Service = func(c net.Conn, service string) { io.WriteString(c, service+"\n") }
	d := s.device(t)
	res, err := d.Shell(t.Context(), "id", nil)
	if err != nil || string(res.Stdout) != "shell:id\n" || res.Exit != -1 {
		t.Errorf("got %q, exit %d, %v", res.Stdout, res.Exit, err)
	}
	if _, err := d.Shell(t.Context(), "cat", strings.NewReader("x")); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("stdin without shell_v2: %v, want ErrUnsupported", err)
	}
}

func TestShellStream(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, _ string) {
		c.Write(packets(wire.ShellStdout, "one"))
		id, data, _ := wire.ReadShell(c, nil)
		if id != wire.ShellStdin || string(data) != "go on" {
			return
		}
		c.Write(packets(wire.ShellStderr, "careful", wire.ShellStdout, "two", wire.ShellStdout, "three", wire.ShellExit, "\x02"))
	}
	sh, err := s.device(t).StartShell(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer sh.Close()
	buf := make([]byte, 2)
	if _, err := io.ReadFull(sh, buf); err != nil || string(buf) != "on" {
		t.Fatalf("read %q, %v", buf, err)
	}
	if _, err := sh.WriteStdin([]byte("go on")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(sh, buf); err != nil || string(buf) != "et" {
		t.Fatalf("read %q, %v", buf, err)
	}
	exit, err := sh.Wait()
	if exit != 2 || err != nil {
		t.Errorf("Wait = %d, %v, want 2", exit, err)
	}
	if text, whole := sh.Stderr(); string(text) != "careful" || !whole {
		t.Errorf("Stderr = %q, whole %v", text, whole)
	}
	if n, err := sh.Read(buf); n != 0 || err != io.EOF {
		t.Errorf("Read after the end = %d, %v, want EOF", n, err)
	}
}

func TestShellStreamCapsStderr(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, _ string) {
		c.Write(packets(wire.ShellStderr, strings.Repeat("e", maxStderr), wire.ShellStderr, "more", wire.ShellExit, "\x00"))
	}
	sh, err := s.device(t).StartShell(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer sh.Close()
	if exit, err := sh.Wait(); exit != 0 || err != nil {
		t.Fatalf("Wait = %d, %v", exit, err)
	}
	if text, whole := sh.Stderr(); len(text) != maxStderr || whole {
		t.Errorf("Stderr has %d bytes, whole %v, want %d and not whole", len(text), whole, maxStderr)
	}
}

func FuzzShell(f *testing.F) {
	f.Add(packets(wire.ShellStdout, "o\n", wire.ShellStderr, "e\n", wire.ShellExit, "\x07"))
	f.Add([]byte("\x01\xff\xff\xff\x7f"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, answer []byte) {
		s := newScriptedServer(t)
		s.Service = says(answer)
		res, err := s.device(t).Shell(t.Context(), "x", nil)
		if (err == nil) != (res.Exit >= 0) {
			t.Errorf("exit %d with error %v", res.Exit, err)
		}
		s.Close()
	})
}
