package adb

import (
	"bytes"
	"context"
	"io"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"preship/adb/internal/wire"
)

// babble is a server that says the same to whoever connects, whatever it is
// asked, and then hangs up.
type babble []byte

func (b babble) dial(context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	go func() { _, _ = io.Copy(io.Discard, far) }() // ends when either end is closed
	go func() {
		defer far.Close()
		_, _ = far.Write(b)
	}()
	return near, nil
}

// nothing discards the pulled files.
type nothing struct{}

func (nothing) Open(int) (io.Writer, error) { return io.Discard, nil }
func (nothing) Done(int, error) error       { return nil }

// fuzzMemory is how much one question may allocate in all, whatever the answer
// claims its length to be: buffers of a stream, and the bytes that arrived.
const fuzzMemory = 16 << 20

// FuzzArbitraryServer: no answer makes the client panic, hang or allocate
// without bound.
func FuzzArbitraryServer(f *testing.F) {
	okay := []byte(wire.StatusOkay)
	block := func(s string) []byte {
		b, _ := wire.AppendBlock(nil, []byte(s))
		return b
	}
	f.Add(slices.Concat(okay, block("0029")))
	f.Add(slices.Concat(okay, block(oneDevice)))
	f.Add(wire.AppendFail(nil, "device unauthorized.\nplease"))
	f.Add(slices.Concat(okay, okay, wire.AppendShell(nil, wire.ShellStdout, []byte("x")), wire.AppendShell(nil, wire.ShellExit, []byte{3})))
	f.Add(slices.Concat(okay, block("shell_v2,stat_v2,ls_v2"), okay, okay, []byte("DATA\xff\xff\xff\xff")))
	f.Add(slices.Concat(okay, okay, []byte("FAIL\xff\xff\xff\x7f")))
	f.Add(slices.Concat(okay, okay, []byte("DENT"), bytes.Repeat([]byte{0xff}, 20)))
	f.Add([]byte("OKAYffff"))
	f.Add([]byte("OKAY-001"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		c, err := New(Options{Addr: "babble:1", Dial: babble(answer).dial, IdleTimeout: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		for name, ask := range questions(ctx, c) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			ask()
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > fuzzMemory {
				t.Errorf("%s: allocated %d bytes over an answer of %d", name, used, len(answer))
			}
		}
		if ctx.Err() != nil {
			t.Errorf("not done in time")
		}
	})
}

// questions is all that is asked of a server. What they come to is of no
// interest here.
func questions(ctx context.Context, c *Client) map[string]func() {
	d := c.Device(fakeSerial)
	open := func(fn func(s *Sync)) {
		for _, features := range []Features{{}, {FeatureStatV2: true, FeatureLsV2: true, FeatureSendRecvV2: true}} {
			if s, err := d.openSync(ctx, features); err == nil {
				fn(s)
				s.Close()
			}
		}
	}
	return map[string]func(){
		"version":  func() { _, _ = c.Version(ctx) },
		"devices":  func() { _, _ = c.Devices(ctx) },
		"track":    func() { _ = c.Track(ctx, func([]DeviceInfo) error { return nil }) },
		"connect":  func() { _ = c.Connect(ctx, "127.0.0.1:6000") },
		"features": func() { _, _ = d.Features(ctx) },
		"shell":    func() { _, _ = d.Shell(ctx, "id", nil) },
		"service":  func() { _, _ = d.Service(ctx, "getsn:", 1<<10) },
		"list":     func() { _, _ = d.List(ctx, "/sdcard") },
		"file":     func() { _, _ = d.PullFile(ctx, "/sdcard/x", io.Discard) },
		"install":  func() { _ = d.Install(ctx, nil, InstallOptions{}) },
		"pull": func() {
			_ = d.Pull(ctx, slices.Values([]PullRequest{{Path: "/a", Size: 1 << 40}, {Path: "/b"}}), PullWindow{}, nothing{})
		},
		"stat":  func() { open(func(s *Sync) { _, _ = s.Lstat("/x") }) },
		"names": func() { open(func(s *Sync) { _, _ = s.List("/x") }) },
		"many": func() {
			open(func(s *Sync) {
				_ = s.LstatAll([]string{"/x", "/y"}, func(int, FileInfo, error) error { return nil })
			})
		},
		"push": func() {
			open(func(s *Sync) { _ = s.Push("/x", 0o644, time.Unix(1, 0), bytes.NewReader(make([]byte, 9))) })
		},
	}
}
