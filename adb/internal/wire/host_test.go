package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// Answers recorded on 2026-11-22 from an adb server 29.0.6.
const (
	recordedVersion = "OKAY00040029"
	recordedUnknown = "FAIL0014unknown host service"
	recordedRefused = "FAIL0006closed"
	recordedDevices = "005a127.0.0.1:5555         device transport_id:2\nemulator-5554          device transport_id:1\n"
)

func TestReadStatus(t *testing.T) {
	t.Parallel()
	r := overSlowLine(recordedVersion)
	if err := ReadStatus(r); err != nil {
		t.Errorf("ReadStatus(%q): %v", recordedVersion, err)
	}
	if b, err := ReadBlock(r); string(b) != "0029" || err != nil {
		t.Errorf("block behind it = %q, %v", b, err)
	}
	for recorded, want := range map[string]string{recordedUnknown: "unknown host service", recordedRefused: "closed"} {
		var fail *FailError
		if err := ReadStatus(overSlowLine(recorded)); !errors.As(err, &fail) || fail.Message != want {
			t.Errorf("ReadStatus(%q): %v, want FAIL %q", recorded, err, want)
		}
		if got := string(AppendFail(nil, want)); got != recorded {
			t.Errorf("AppendFail(%q) = %q, want %q", want, got, recorded)
		}
	}
	for bytes, want := range map[string]error{
		"": io.EOF, "OK": io.ErrUnexpectedEOF, "FAIL": io.ErrUnexpectedEOF, "FAIL00": io.ErrUnexpectedEOF,
		"FAIL0006clo": io.ErrUnexpectedEOF, "FAIL-001x": ErrMalformed, "okay": ErrMalformed, "HTTP": ErrMalformed,
	} {
		if err := ReadStatus(strings.NewReader(bytes)); !errors.Is(err, want) {
			t.Errorf("ReadStatus(%q): %v, want %v", bytes, err, want)
		}
	}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	b, err := ReadBlock(overSlowLine(recordedDevices))
	if err != nil || len(b) != 0x5a {
		t.Fatalf("block of %d bytes, %v", len(b), err)
	}
	if again, err := AppendBlock(nil, b); string(again) != recordedDevices || err != nil {
		t.Errorf("AppendBlock = %q, %v, want %q", again, err, recordedDevices)
	}
	for _, n := range []int{0, 1, MaxRequest} {
		in := bytes.Repeat([]byte("x"), n)
		enc, err := AppendBlock([]byte("before"), in)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := ReadBlock(bytes.NewReader(enc[len("before"):])); !bytes.Equal(out, in) || err != nil {
			t.Errorf("block of %d came back as %d, %v", n, len(out), err)
		}
	}
	if b, err := AppendBlock([]byte("before"), make([]byte, MaxRequest+1)); string(b) != "before" || !errors.Is(err, ErrMalformed) {
		t.Errorf("block too long = %d bytes, %v, want the input and ErrMalformed", len(b), err)
	}
	for in, want := range map[string]error{
		"": io.EOF, "00": io.ErrUnexpectedEOF, "0002x": io.ErrUnexpectedEOF, "0x10": ErrMalformed, "+001": ErrMalformed, " 001": ErrMalformed, "zzzz": ErrMalformed,
	} {
		if _, err := ReadBlock(strings.NewReader(in)); !errors.Is(err, want) {
			t.Errorf("ReadBlock(%q): %v, want %v", in, err, want)
		}
	}
	if b, err := ReadBlock(strings.NewReader("000AABCDEFGHIJ")); string(b) != "ABCDEFGHIJ" || err != nil {
		t.Errorf("block with a capital length = %q, %v", b, err)
	}
}

func TestAppendFailCutsText(t *testing.T) {
	t.Parallel()
	b := AppendFail(nil, strings.Repeat("x", MaxRequest+5))
	var fail *FailError
	if err := ReadStatus(bytes.NewReader(b)); !errors.As(err, &fail) || len(fail.Message) != MaxRequest {
		t.Errorf("a text too long came back as %v", err)
	}
}

func FuzzReadBlock(f *testing.F) {
	f.Add([]byte(recordedDevices))
	f.Add([]byte("000AABCDEFGHIJ"))
	f.Fuzz(func(t *testing.T, b []byte) {
		body, err := ReadBlock(bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := AppendBlock(nil, body)
		if err != nil || !bytes.EqualFold(again[:4], b[:4]) || !bytes.HasPrefix(b[4:], body) {
			t.Errorf("%q was read as %q, which is %q, %v", b, body, again, err)
		}
	})
}

func FuzzReadStatus(f *testing.F) {
	f.Add([]byte(recordedVersion))
	f.Add([]byte(recordedRefused))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := ReadStatus(bytes.NewReader(b))
		var fail *FailError
		if errors.As(err, &fail) && len(fail.Message) > MaxRequest {
			t.Errorf("FAIL of %d bytes", len(fail.Message))
		}
		if err == nil && !bytes.HasPrefix(b, []byte(StatusOkay)) {
			t.Errorf("%q was taken for OKAY", b)
		}
	})
}
