package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestMessage(t *testing.T) {
	t.Parallel()
	// A_OPEN of "shell:" as protocol.txt lays it out, with its checksum 0x252.
	open := Message{Command: CmdOpen, Arg0: 7, Data: []byte("shell:")}
	const want = "OPEN\x07\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x52\x02\x00\x00\xb0\xaf\xba\xb1shell:"
	if got := string(AppendMessage(nil, open, true)); got != want {
		t.Errorf("with checksum\n%q, want\n%q", got, want)
	}
	got, err := ReadMessage(overSlowLine(want), MaxPayload, true)
	if err != nil || got.Command != CmdOpen || got.Arg0 != 7 || got.Arg1 != 0 || string(got.Data) != "shell:" {
		t.Errorf("read %+v, %v", got, err)
	}
	without := AppendMessage(nil, open, false)
	if !bytes.Equal(without[16:20], make([]byte, 4)) {
		t.Errorf("without checksum the field is %q", without[16:20])
	}
	if _, err := ReadMessage(bytes.NewReader(without), MaxPayload, false); err != nil {
		t.Errorf("read without checksum: %v", err)
	}
}

func TestMessageBreaks(t *testing.T) {
	t.Parallel()
	whole := string(AppendMessage(nil, Message{Command: CmdWrte, Arg0: 1, Arg1: 2, Data: []byte("data")}, true))
	tests := []struct {
		name, bytes string
		max         uint32
		is          error
	}{
		{"nothing", "", MaxPayload, io.EOF},
		{"half a header", whole[:10], MaxPayload, io.ErrUnexpectedEOF},
		{"header alone", whole[:24], MaxPayload, io.ErrUnexpectedEOF},
		{"half the data", whole[:26], MaxPayload, io.ErrUnexpectedEOF},
		{"wrong magic", whole[:20] + "XXXX" + whole[24:], MaxPayload, ErrMalformed},
		{"wrong checksum", whole[:24] + "DATA", MaxPayload, ErrMalformed},
		{"more than agreed", whole, 3, ErrMalformed},
		{"HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", MaxPayload, ErrMalformed},
	}
	for _, tt := range tests {
		if _, err := ReadMessage(strings.NewReader(tt.bytes), tt.max, true); !errors.Is(err, tt.is) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.is)
		}
	}
}

func TestCommandsSpellTheirNames(t *testing.T) {
	t.Parallel()
	for name, cmd := range map[string]uint32{
		"SYNC": CmdSync, "CNXN": CmdCnxn, "AUTH": CmdAuth, "OPEN": CmdOpen, "OKAY": CmdOkay, "CLSE": CmdClse, "WRTE": CmdWrte, "STLS": CmdStls,
	} {
		if got := string(AppendMessage(nil, Message{Command: cmd}, false)[:4]); got != name {
			t.Errorf("command %#x spells %q, want %q", cmd, got, name)
		}
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add(AppendMessage(nil, Message{Command: CmdCnxn, Arg0: VersionMin, Arg1: MaxPayload, Data: []byte("host::")}, true), true)
	f.Add(AppendMessage(nil, Message{Command: CmdOkay, Arg0: 1, Arg1: 2}, false), false)
	f.Fuzz(func(t *testing.T, b []byte, checkSum bool) {
		m, err := ReadMessage(bytes.NewReader(b), MaxPayloadV1, checkSum)
		if err != nil {
			return
		}
		if len(m.Data) > MaxPayloadV1 {
			t.Errorf("message of %d bytes", len(m.Data))
		}
		if checkSum && !bytes.HasPrefix(b, AppendMessage(nil, m, true)) {
			t.Errorf("%q was read as %+v", b, m)
		}
	})
}
