package main

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// link is one cable for all handsets: what comes from them shares its speed.
type link struct {
	net.Listener
	speed  float64 // bytes a second
	passed atomic.Int64

	mu   sync.Mutex
	free time.Time // when the next byte may go
}

// newLink passes connections on to an adb server. It ends with the benchmark.
func newLink(tb testing.TB, server string, speed float64) *link {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &link{Listener: ln, speed: speed}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				_ = near.Close()
				continue
			}
			work.Go(func() { _, _ = io.Copy(far, near); _ = far.(*net.TCPConn).CloseWrite() })
			work.Go(func() { _, _ = io.Copy(near, paced{far, l}); _ = near.Close(); _ = far.Close() })
		}
	})
	tb.Cleanup(func() { _ = ln.Close(); work.Wait() })
	return l
}

// paced reads no faster than the link lets it.
type paced struct {
	io.Reader
	link *link
}

func (p paced) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b[:min(len(b), 16<<10)])
	p.link.passed.Add(int64(n))
	p.link.mu.Lock()
	if now := time.Now(); p.link.free.Before(now) {
		p.link.free = now
	}
	p.link.free = p.link.free.Add(time.Duration(float64(n) / p.link.speed * float64(time.Second)))
	wait := time.Until(p.link.free)
	p.link.mu.Unlock()
	time.Sleep(wait)
	return n, err
}

// BenchmarkDesk prepares sixteen handsets, from plugged in to sealed, over one
// link. Its ratio is the time taken to the time the link needs for the bytes
// that passed: 1 is as fast as there can be.
func BenchmarkDesk(b *testing.B) {
	for _, jobs := range []int{1, defaultJobs, 16} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			for b.Loop() {
				benchDesk(b, jobs)
			}
		})
	}
}

func benchDesk(b *testing.B, jobs int) {
	const speed = 4 << 20
	d := newDesk(b, 16, "data - - 2026-03-01T08:00:00Z /sdcard/Movies/a.mp4 12582912 7\n", nil)
	d.serve(b)
	l := newLink(b, d.server, speed)
	d.env = append(d.env, "ADB_SERVER_SOCKET=tcp:"+l.Addr().String())
	began := time.Now()
	d.prepare(exitReady, "--all", "--wait", "60s", "--jobs", fmt.Sprint(jobs))
	took := time.Since(began).Seconds()
	b.ReportMetric(took/(float64(l.passed.Load())/speed), "ratio")
	b.ReportMetric(float64(l.passed.Load())/1e6, "MB")
}
