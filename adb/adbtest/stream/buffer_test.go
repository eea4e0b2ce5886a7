package stream

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"testing/synctest"
)

func TestBufferKeepsOrder(t *testing.T) {
	t.Parallel()
	in := NewBuffer(nil)
	want := bytes.Repeat([]byte("0123456789abc"), 40_000)
	go func() {
		for rest := want; len(rest) > 0; {
			n := min(len(rest), 7777)
			in.Put(append([]byte(nil), rest[:n]...))
			in.WaitRoom()
			rest = rest[n:]
		}
		in.End(io.EOF)
	}()
	if err := iotest.TestReader(in, want); err != nil {
		t.Error(err)
	}
}

func TestBufferReportsRoom(t *testing.T) {
	t.Parallel()
	drained := 0
	in := NewBuffer(func() { drained++ })
	if !in.Put(make([]byte, BufferRoom)) {
		t.Error("full at its bound")
	}
	if in.Put([]byte("x")) {
		t.Error("room beyond its bound")
	}
	if _, err := io.CopyN(io.Discard, in, 1); err != nil || drained != 1 {
		t.Errorf("reported room %d times, %v; want once", drained, err)
	}
	if _, err := io.CopyN(io.Discard, in, 100); err != nil || drained != 1 {
		t.Errorf("reported room %d times, %v; want once", drained, err)
	}
}

func TestBufferEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why  error
		left string
	}{{io.EOF, "left"}, {ErrHungUp, ""}} {
		in := NewBuffer(nil)
		in.Put([]byte("left"))
		in.End(tt.why)
		in.Put([]byte("late"))
		b := make([]byte, 10)
		n, err := in.Read(b)
		if string(b[:n]) != tt.left {
			t.Errorf("%v: read %q, want %q", tt.why, b[:n], tt.left)
		}
		if n > 0 {
			n, err = in.Read(b)
		}
		if n != 0 || !errors.Is(err, tt.why) {
			t.Errorf("%v: then %d bytes, %v", tt.why, n, err)
		}
	}
}

// TestBufferEndFreesBothSides: neither side waits for ever.
func TestBufferEndFreesBothSides(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, full := NewBuffer(nil), NewBuffer(nil)
		full.Put(make([]byte, BufferRoom+1))
		go func() { _, _ = in.Read(make([]byte, 1)) }()
		go full.WaitRoom()
		synctest.Wait()
		in.End(ErrHungUp)
		full.End(ErrHungUp)
	})
}
