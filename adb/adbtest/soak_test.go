package adbtest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"preship/adb/internal/wire"
)

// TestSoak: two hundred computers come and go, half of them without a word of
// farewell, and then 64 shells run at once; nothing is left of any. That no
// goroutine is, TestMain sees to.
func TestSoak(t *testing.T) {
	h := newHandset(t)
	d := newDaemon(t, h)
	for i := range 200 {
		p := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
		remote := p.open(1, "shell,v2,raw:cat")
		p.send(wire.Message{Command: wire.CmdWrte, Arg0: 1, Arg1: remote, Data: wire.AppendShell(nil, wire.ShellStdin, []byte("x"))})
		if i%2 == 0 {
			p.send(wire.Message{Command: wire.CmdClse, Arg0: 1, Arg1: remote})
		}
		_ = p.conn.Close()
	}
	p := peerOf(newServer(t, h), h)
	faults := make(chan error, 64)
	for i := range cap(faults) {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			want := strings.Repeat(fmt.Sprintf("%d\n", i), 5000)
			a, err := p.Shell(ctx, "cat; exit 5", []byte(want))
			if err == nil && (string(a.Stdout) != want || a.Exit != 5) {
				err = fmt.Errorf("shell %d: %d bytes, exit %d", i, len(a.Stdout), a.Exit)
			}
			faults <- err
		}()
	}
	for range cap(faults) {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if left, unread := h.jobs.List(), h.adbd.Unread(); len(left) > 0 || unread != 0 {
		t.Errorf("left behind: %+v, %d bytes unread", left, unread)
	}
}

// TestHostilePeer: one that floods every stream it may open, with no regard for
// acknowledgements, cannot make the handset hold more than its bound.
func TestHostilePeer(t *testing.T) {
	h := newHandset(t)
	d := newDaemon(t, h)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const streams = 64
	p := online(t, d, wire.VersionSkipChecksum, wire.MaxPayload)
	go func() { // drain the answers, which the flood ignores
		var b [64 << 10]byte
		for {
			if _, err := p.conn.Read(b[:]); err != nil {
				return
			}
		}
	}()
	data := make([]byte, 256<<10)
	const maxUnreadAll = 64 << 20
	most := int64(0)
	for i := range uint32(streams) {
		p.send(wire.Message{Command: wire.CmdOpen, Arg0: i + 1, Data: []byte("shell:sleep 1000\x00")})
		for range 15 { // as much as one stream may
			p.send(wire.Message{Command: wire.CmdWrte, Arg0: i + 1, Arg1: i + 1, Data: data})
		}
		most = max(most, h.adbd.Unread())
	}
	if most > maxUnreadAll || most < maxUnreadAll/2 {
		t.Errorf("%d bytes were unread at most, want it to come close to %d", most, maxUnreadAll)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 3*maxUnreadAll {
		t.Errorf("holds %d MiB", grown>>20)
	}
	_ = p.conn.Close()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if unread := h.adbd.Unread(); unread != 0 {
		t.Errorf("%d bytes are unread without a reader", unread)
	}
}
