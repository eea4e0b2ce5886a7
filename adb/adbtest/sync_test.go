package adbtest

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"preship/adb/adbtest/trouble"
	"preship/adb/adbtest/vfs"
	"preship/adb/internal/wire"
)

// syncTo opens a sync: stream that ends with the test.
func syncTo(t testing.TB, h *Handset) net.Conn {
	t.Helper()
	p := peerOf(newServer(t, h), h)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	conn, err := p.open(ctx, "sync:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func ask(id wire.ID, path string) []byte {
	return append(wire.AppendSyncHeader(nil, id, uint32(len(path))), path...)
}

func fail(text string) string {
	return string(wire.AppendSyncHeader(nil, wire.IDFail, uint32(len(text)))) + text
}

func put(t testing.TB, h *Handset, name, data string) {
	t.Helper()
	w, err := h.state.Tree.Create(name, vfs.ModeFile|0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSyncFaults: those that the conformance list cannot ask of every handset.
func TestSyncFaults(t *testing.T) {
	t.Parallel()
	h := withFeatures(t, "sendrecv_v2_brotli", "sendrecv_v2_zstd")
	const file = "/data/local/tmp/file"
	put(t, h, file, "x")
	for name, tt := range map[string]struct {
		sent []byte
		want string
	}{
		"two compressions":   {flagged(wire.IDRecvV2, file, 5), "multiple compression flags received: 5"},
		"one not offered":    {flagged(wire.IDRecvV2, file, 2), "unknown flags: 2"},
		"send not offered":   {flagged(wire.IDSendV2, file, 0o100644, 2), "unknown flags: 2"},
		"does not unpack":    {append(flagged(wire.IDSendV2, file, 0o100644, 4), syncFile("not zstd at all")...), "decompress failed"},
		"send a broken link": {append(syncRecord(wire.IDSendV1, file+"2,41471"), syncRecord(wire.IDQuit, "")...), "invalid data message: expected ID_DATA"},
		"a mode too large":   {syncRecord(wire.IDSendV1, file+",99999999999999999999"), "bad mode"},
	} {
		t.Run(name, func(t *testing.T) {
			conn := syncTo(t, h)
			if _, err := conn.Write(append(tt.sent, ask(wire.IDLstatV1, file)...)); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(conn); err != nil || string(got) != fail(tt.want) {
				t.Errorf("answered %q, %v; want %q and the end", got, err, fail(tt.want))
			}
		})
	}
}

// flagged is a request of version 2 with its second message.
func flagged(id wire.ID, path string, numbers ...uint32) []byte {
	b := append(syncRecord(id, path), id[:]...)
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

// withFeatures is a handset whose adbd offers more than the profile's.
func withFeatures(t testing.TB, features ...string) *Handset {
	t.Helper()
	p, err := Load("redmi-note-10")
	if err != nil {
		t.Fatal(err)
	}
	more := *p
	more.Features = append(features, "shell_v2", "stat_v2", "ls_v2", "sendrecv_v2")
	h := New(&more, WithOwner(OwnerHelpful()))
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// TestSyncLooksEmpty: a folder that cannot be read, or is not there, is listed
// as DONE and the session continues.
func TestSyncLooksEmpty(t *testing.T) {
	t.Parallel()
	h := newHandset(t, WithTrouble(trouble.Trouble{Kind: trouble.Deny, Path: "/data/local/tmp"}))
	conn := syncTo(t, h)
	for _, dir := range []string{"/data/local/tmp", "/none", "/proc/serial_num"} {
		for _, id := range []wire.ID{wire.IDListV1, wire.IDListV2} {
			if _, err := conn.Write(ask(id, dir)); err != nil {
				t.Fatal(err)
			}
			want := wire.AppendListDone(nil, id == wire.IDListV2)
			got := make([]byte, len(want))
			if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s %s: %q, %v; want only DONE", id, dir, got, err)
			}
		}
	}
}

func TestSyncStat(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	put(t, h, "/data/local/tmp/file", "12345")
	if err := h.state.Tree.Symlink("file", "/data/local/tmp/link"); err != nil {
		t.Fatal(err)
	}
	conn := syncTo(t, h)
	for _, tt := range []struct {
		id    wire.ID
		path  string
		mode  uint32
		size  uint64
		errno uint32
	}{
		{wire.IDLstatV1, "/data/local/tmp/file", vfs.ModeFile, 5, 0},
		{wire.IDLstatV1, "/none", 0, 0, 0}, // all zero is all that version 1 can say
		{wire.IDLstatV2, "/data/local/tmp/link", vfs.ModeLink, 4, 0},
		{wire.IDStatV2, "/data/local/tmp/link", vfs.ModeFile, 5, 0},
		{wire.IDStatV2, "/none", 0, 0, wire.ErrnoENOENT},
		{wire.IDStatV2, "/data/local/tmp/file/x", 0, 0, wire.ErrnoENOTDIR},
		{wire.IDLstatV2, "/data/local/tmp/file\x00ignored", vfs.ModeFile, 5, 0},
	} {
		if _, err := conn.Write(ask(tt.id, tt.path)); err != nil {
			t.Fatal(err)
		}
		var id wire.ID
		if _, err := io.ReadFull(conn, id[:]); err != nil || id != tt.id {
			t.Fatalf("%s %s: %s, %v", tt.id, tt.path, id, err)
		}
		read := wire.ReadStatV2
		if tt.id == wire.IDLstatV1 {
			read = wire.ReadStatV1
		}
		st, err := read(conn)
		if err != nil || st.Mode&vfs.ModeType != tt.mode || st.Size != tt.size || st.Errno != tt.errno {
			t.Errorf("%s %s: %+v, %v", tt.id, tt.path, st, err)
		}
	}
}

// TestSyncPipelined: requests sent before any answer is read are answered in
// order, and one that fails takes along those behind it.
func TestSyncPipelined(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	conn := syncTo(t, h)
	var requests []byte
	for i := range 200 {
		name := "/data/local/tmp/" + strings.Repeat("x", i+1)
		put(t, h, name, name)
		requests = append(requests, ask(wire.IDRecvV1, name)...)
	}
	requests = append(requests, ask(wire.IDRecvV1, "/none")...)
	requests = append(requests, ask(wire.IDRecvV1, "/data/local/tmp/x")...)
	go func() { _, _ = conn.Write(requests) }()
	for i := range 200 {
		want := "/data/local/tmp/" + strings.Repeat("x", i+1)
		if got, err := readFile(conn); err != nil || string(got) != want {
			t.Fatalf("answer %d: %q, %v", i, got, err)
		}
	}
	if rest, err := io.ReadAll(conn); err != nil || string(rest) != fail("open failed: No such file or directory") {
		t.Errorf("then %q, %v", rest, err)
	}
}

func TestSyncCompressed(t *testing.T) {
	t.Parallel()
	h := withFeatures(t, slices.Collect(maps.Values(codecFeatures))...)
	want := append(bytes.Repeat([]byte("compressible "), 40_000), distinctBytes(300_000)...)
	for flag, feature := range codecFeatures {
		conn := syncTo(t, h)
		name := "/data/local/tmp/" + feature
		sendCompressed(t, conn, name, flag, want)
		if err := readSyncStatus(conn); err != nil {
			t.Fatalf("%s: send: %v", feature, err)
		}
		if got, err := pullOn(conn, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: the handset holds %d bytes, %v; %d were sent", feature, len(got), err, len(want))
		}
		if _, err := conn.Write(append(ask(wire.IDRecvV2, name), wire.AppendSyncHeader(nil, wire.IDRecvV2, flag)...)); err != nil {
			t.Fatal(err)
		}
		packed, err := readFile(conn)
		if err != nil || len(packed) > len(want)+100 { // stored, with headers
			t.Errorf("%s: received %d bytes for %d, %v", feature, len(packed), len(want), err)
		}
		dec, err := decoder(bytes.NewReader(packed), flag)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(dec); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: unpacked %d bytes, %v", feature, len(got), err)
		}
	}
}

func sendCompressed(t testing.TB, conn io.Writer, name string, flag uint32, data []byte) {
	t.Helper()
	var packed bytes.Buffer
	enc, err := encoder(&packed, flag)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := enc.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	b := wire.AppendSendV2(ask(wire.IDSendV2, name), vfs.ModeFile|0o644, flag)
	for packed.Len() > 0 {
		part := packed.Next(wire.MaxSyncData)
		b = append(wire.AppendSyncHeader(b, wire.IDData, uint32(len(part))), part...)
	}
	if _, err := conn.Write(wire.AppendSyncHeader(b, wire.IDDone, 1)); err != nil {
		t.Fatal(err)
	}
}

func TestSyncDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	if !slices.Contains(h.Profile().Features, "sendrecv_v2_dry_run_send") {
		t.Skip("the profile has no dry run")
	}
	conn := syncTo(t, h)
	b := wire.AppendSendV2(ask(wire.IDSendV2, "/data/local/tmp/dry"), vfs.ModeFile|0o644, wire.SyncFlagDryRun)
	b = append(wire.AppendSyncHeader(b, wire.IDData, 1), 'x')
	if _, err := conn.Write(wire.AppendSyncHeader(b, wire.IDDone, 1)); err != nil {
		t.Fatal(err)
	}
	if err := readSyncStatus(conn); err != nil {
		t.Error(err)
	}
	if _, err := h.state.Tree.Lstat("/data/local/tmp/dry"); err == nil {
		t.Error("the file is there")
	}
}

func TestSyncLinks(t *testing.T) {
	t.Parallel()
	h := newHandset(t)
	conn := syncTo(t, h)
	for _, target := range []string{"first", "second"} {
		b := append(ask(wire.IDSendV1, "/data/local/tmp/a/link,41471"), wire.AppendSyncHeader(nil, wire.IDData, uint32(len(target)+1))...)
		b = wire.AppendSyncHeader(append(b, target+"\x00"...), wire.IDDone, 7)
		if _, err := conn.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := readSyncStatus(conn); err != nil {
			t.Fatal(err)
		}
		if i, err := h.state.Tree.Lstat("/data/local/tmp/a/link"); err != nil || i.Target != target {
			t.Errorf("link to %q, %v; want %q", i.Target, err, target)
		}
	}
}

func FuzzSync(f *testing.F) {
	f.Add(ask(wire.IDListV2, "/sdcard"))
	f.Add(append(ask(wire.IDRecvV2, "/proc/serial_num"), wire.AppendSyncHeader(nil, wire.IDRecvV2, 4)...))
	f.Add(append(ask(wire.IDSendV1, "/data/local/tmp/f,33188"), "DATA\x01\x00\x00\x00xDONE\x00\x00\x00\x00"...))
	f.Add(wire.AppendSendV2(ask(wire.IDSendV2, "/data/local/tmp/f"), 0o120777, 4))
	h := newHandset(f)
	f.Fuzz(func(t *testing.T, sent []byte) {
		s := &sentStream{Reader: bytes.NewReader(sent), gone: make(chan struct{})}
		close(s.gone) // so that a FIFO does not wait
		run, ok := h.adbd.Open("sync:")
		if !ok {
			t.Fatal("no sync: service")
		}
		run(t.Context(), s)
		if s.answered > 1<<30 {
			t.Errorf("%d bytes answered to %d", s.answered, len(sent))
		}
	})
}

// sentStream is a stream whose input is complete.
type sentStream struct {
	io.Reader
	answered int64
	gone     chan struct{}
}

func (s *sentStream) Write(p []byte) (int, error) { s.answered += int64(len(p)); return len(p), nil }
func (*sentStream) Close() error                  { return nil }
func (s *sentStream) HungUp() <-chan struct{}     { return s.gone }

var codecFeatures = map[uint32]string{
	wire.SyncFlagBrotli: "sendrecv_v2_brotli", wire.SyncFlagLZ4: "sendrecv_v2_lz4", wire.SyncFlagZstd: "sendrecv_v2_zstd",
}

// encoder and decoder are the computer's side of a compressed transfer.
func encoder(w io.Writer, flag uint32) (io.WriteCloser, error) {
	switch flag {
	case wire.SyncFlagBrotli:
		return brotli.NewWriter(w), nil
	case wire.SyncFlagLZ4:
		return lz4.NewWriter(w), nil
	}
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
}

func decoder(r io.Reader, flag uint32) (io.Reader, error) {
	switch flag {
	case wire.SyncFlagBrotli:
		return brotli.NewReader(r), nil
	case wire.SyncFlagLZ4:
		return lz4.NewReader(r), nil
	}
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
}
