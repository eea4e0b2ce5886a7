package recording

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/adbtest/trouble"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/report/safefile"
)

func device(t *testing.T, troubles ...adbtest.Trouble) *adb.Device {
	t.Helper()
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	h := adbtest.New(p, adbtest.WithTrouble(troubles...))
	s, err := adbtest.NewServer("127.0.0.1:0", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	c, err := adb.New(adb.Options{Addr: s.Addr()})
	if err != nil {
		t.Fatal(err)
	}
	return c.Device(h.Serial())
}

func gone(t *testing.T, dev *adb.Device) bool {
	t.Helper()
	_, err := dev.PullFile(t.Context(), handset.RecordingPath, io.Discard)
	return err != nil
}

// The emulated handset records, and nothing of the recording stays there.
func TestTake(t *testing.T) {
	t.Parallel()
	dev := device(t)
	m, left, err := Take(t.Context(), link.Reader(dev), dev)
	if err != nil || left || m.Length != Length || len(m.Bytes) < 900 {
		t.Fatalf("%d bytes, %v, left %t, %v", len(m.Bytes), m.Length, left, err)
	}
	if bytes.Contains(m.Bytes, []byte("com.android.version")) || !gone(t, dev) {
		t.Error("the recording is not cleaned, or still on the handset")
	}
}

// A handset without room leaves half a file, which is refused and removed.
func TestFullHandset(t *testing.T) {
	t.Parallel()
	dev := device(t, adbtest.Trouble{Kind: trouble.FullDisk, Bytes: 100})
	if _, left, err := Take(t.Context(), link.Reader(dev), dev); !errors.Is(err, ErrFailed) || left || !gone(t, dev) {
		t.Errorf("left %t, %v", left, err)
	}
}

// script answers the two lines, and pulls a file.
type script struct {
	record, remove handset.Answer
	file           []byte
	asked          []string
}

func (s *script) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	s.asked = append(s.asked, line.Command().Name)
	if line.Command() == handset.RemoveRecording {
		return s.remove, ctx.Err() // a canceled context must not keep the file there
	}
	return s.record, ctx.Err()
}

func (s *script) PullFile(_ context.Context, _ string, w io.Writer) (int64, error) {
	n, err := w.Write(s.file)
	return int64(n), err
}

func TestTakeFails(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		s    script
		err  error
		says string
		left bool
	}{
		{"refused", t.Context(), script{record: handset.Answer{Exit: 1, Stderr: []byte("ERROR: unable to \x1b[2Jget display\n")}}, ErrFailed, "unable to", false},
		{"no program", t.Context(), script{record: handset.Answer{Exit: 127, Stderr: []byte("/system/bin/sh: screenrecord: inaccessible or not found\n")}}, ErrFailed, "not found", false},
		{"another file", t.Context(), script{file: []byte("GIF89a and so on")}, ErrForeign, "", false},
		{"too large", t.Context(), script{file: make([]byte, MaxSize+1)}, safefile.ErrTooLarge, "", false},
		{"it stays", t.Context(), script{file: []byte("x"), remove: handset.Answer{Exit: 1, Stderr: []byte("rm: denied")}}, ErrForeign, "", true},
		{"it stays, without an exit status", t.Context(), script{file: []byte("x"), remove: handset.Answer{Exit: -1, Stdout: []byte("rm: denied")}}, ErrForeign, "", true},
		{"interrupted", canceled, script{}, context.Canceled, "", false},
	} {
		_, left, err := Take(tt.ctx, &tt.s, &tt.s)
		if !errors.Is(err, tt.err) || left != tt.left || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: left %t, %v", tt.name, left, err)
		}
		if n := len(tt.s.asked); n != 2 || tt.s.asked[1] != handset.RemoveRecording.Name {
			t.Errorf("%s: asked %q", tt.name, tt.s.asked)
		}
	}
}
