package adb

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"preship/adb/internal/wire"
)

// received is what the scripted device was sent.
type received struct {
	path        string
	mode, mtime uint32
	data        []byte
	whole       bool
}

// takeFile is the device's side of SEND and SND2, ending with answer.
func takeFile(got *received, answer []byte) func(net.Conn, string) {
	return func(c net.Conn, _ string) {
		r := bufio.NewReader(c)
		id, n, _ := wire.ReadSyncHeader(r)
		path := make([]byte, n)
		io.ReadFull(r, path)
		got.path = id.String() + " " + string(path)
		if id == wire.IDSendV2 {
			_, got.mode, _ = wire.ReadSyncHeader(r)
			io.CopyN(io.Discard, r, 4) // flags
		}
		for {
			id, n, err := wire.ReadSyncHeader(r)
			if err != nil {
				return
			}
			if id == wire.IDDone {
				got.mtime, got.whole = n, true
				c.Write(answer)
				return
			}
			data := make([]byte, n)
			io.ReadFull(r, data)
			got.data = append(got.data, data...)
		}
	}
}

func TestPush(t *testing.T) {
	t.Parallel()
	okay := wire.AppendSyncHeader(nil, wire.IDOkay, 0)
	content := bytes.Repeat([]byte("0123456789abcdef"), 10<<10) // 160 KiB: three DATA records
	mtime := time.Unix(1700000000, 999)
	for _, features := range []string{featuresV1, featuresV2} {
		var got received
		s := openSync(t, features, takeFile(&got, okay))
		if err := s.Push("/sdcard/a,b", 0o640|fs.ModeSetuid, mtime, iotest.OneByteReader(bytes.NewReader(content))); err != nil {
			t.Errorf("%s: %v", features, err)
		}
		want := received{path: "SEND /sdcard/a,b,33184", mtime: 1700000000, data: content, whole: true}
		if features == featuresV2 {
			want.path, want.mode = "SND2 /sdcard/a,b", 0o100640
		}
		if got.path != want.path || got.mode != want.mode || got.mtime != want.mtime || !bytes.Equal(got.data, want.data) {
			t.Errorf("%s: device got %q mode %o mtime %d and %d bytes, want %q mode %o mtime %d and %d bytes", features,
				got.path, got.mode, got.mtime, len(got.data), want.path, want.mode, want.mtime, len(want.data))
		}
	}
}

func TestPushRefused(t *testing.T) {
	t.Parallel()
	var got received
	s := openSync(t, featuresV2, takeFile(&got, syncFail("couldn't create file: Permission denied")))
	err := s.Push("/x", 0o600, time.Unix(0, 0), strings.NewReader("data"))
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Push: %v, want fs.ErrPermission", err)
	}
	if err := s.Push("/y", 0o600, time.Unix(0, 0), strings.NewReader("")); !errors.Is(err, ErrClosed) {
		t.Errorf("Push after a refusal: %v, want ErrClosed", err)
	}
}

func TestPushOfABrokenSource(t *testing.T) {
	t.Parallel()
	var got received
	server := newScriptedServer(t)
	hungUp := make(chan struct{})
	server.Service = func(c net.Conn, service string) {
		takeFile(&got, nil)(c, service)
		close(hungUp)
	}
	s, err := server.device(t).Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken source")
	src := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if err := s.Push("/x", 0o600, time.Unix(0, 0), src); !errors.Is(err, broken) {
		t.Errorf("Push: %v, want the source's error", err)
	}
	<-hungUp
	if got.whole {
		t.Error("the device took half a file for the whole")
	}
}

func TestClampSeconds(t *testing.T) {
	t.Parallel()
	for in, want := range map[int64]int64{-1: 0, 0: 0, 1700000000: 1700000000, 1<<32 - 1: 1<<32 - 1, 1 << 32: 1<<32 - 1} {
		if got := clampSeconds(time.Unix(in, 0)); got != want {
			t.Errorf("clampSeconds(%d) = %d, want %d", in, got, want)
		}
	}
}
