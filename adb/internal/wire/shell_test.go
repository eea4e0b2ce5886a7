package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// recordedShell is AOSP's adbd 34.0.5 on "echo o; echo e >&2; exit 7".
const recordedShell = "\x01\x02\x00\x00\x00o\n\x02\x02\x00\x00\x00e\n\x03\x01\x00\x00\x00\x07"

func TestShellPackets(t *testing.T) {
	t.Parallel()
	r := overSlowLine(recordedShell)
	var buf, again []byte
	for _, want := range []struct {
		id   byte
		data string
	}{{ShellStdout, "o\n"}, {ShellStderr, "e\n"}, {ShellExit, "\x07"}} {
		id, data, err := ReadShell(r, buf)
		if id != want.id || string(data) != want.data || err != nil {
			t.Fatalf("packet %d %q, %v, want %d %q", id, data, err, want.id, want.data)
		}
		again = AppendShell(again, id, data)
		buf = data
	}
	if _, _, err := ReadShell(r, buf); err != io.EOF {
		t.Errorf("behind the last packet: %v, want io.EOF", err)
	}
	if string(again) != recordedShell {
		t.Errorf("appended %q, want %q", again, recordedShell)
	}
}

func TestShellPacketsBreak(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]error{
		"":                           io.EOF,
		"\x01\x02":                   io.ErrUnexpectedEOF,
		recordedShell[:5]:            io.ErrUnexpectedEOF,
		recordedShell[:6]:            io.ErrUnexpectedEOF,
		"\x01\x01\x00\x10\x00":       ErrMalformed, // one byte more than MaxShellPacket
		"\x01\xff\xff\xff\xff":       ErrMalformed,
		"\x01\x00\x00\x10\x00" + "x": io.ErrUnexpectedEOF,
	} {
		if _, _, err := ReadShell(strings.NewReader(in), nil); !errors.Is(err, want) {
			t.Errorf("ReadShell(%q): %v, want %v", in, err, want)
		}
	}
}

func TestReadShellReusesBuffer(t *testing.T) {
	t.Parallel()
	buf := make([]byte, 0, 16)
	_, data, err := ReadShell(strings.NewReader(recordedShell), buf)
	if err != nil || &data[0] != &buf[:1][0] {
		t.Errorf("data is not in the buffer that had room for it, %v", err)
	}
}

func FuzzReadShell(f *testing.F) {
	f.Add([]byte(recordedShell))
	f.Add([]byte("\x04\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		id, data, err := ReadShell(bytes.NewReader(b), nil)
		if err == nil && !bytes.HasPrefix(b, AppendShell(nil, id, data)) {
			t.Errorf("%q was read as %d %q", b, id, data)
		}
	})
}
