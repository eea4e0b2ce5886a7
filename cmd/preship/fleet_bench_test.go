package main

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preship/cmd/preship/internal/fleet"
)

// cable is shared by all handsets, and so is its speed.
type cable struct {
	net.Listener
	speed  float64 // bytes a second
	passed atomic.Int64

	mu   sync.Mutex
	free time.Time // when the next byte may go
}

// newCable passes connections on to an adb server. It ends with the benchmark.
func newCable(tb testing.TB, server string, speed float64) *cable {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &cable{Listener: ln, speed: speed}
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

// paced reads no faster than the cable lets it.
type paced struct {
	io.Reader
	cable *cable
}

func (p paced) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b[:min(len(b), 16<<10)])
	p.cable.passed.Add(int64(n))
	p.cable.mu.Lock()
	if now := time.Now(); p.cable.free.Before(now) {
		p.cable.free = now
	}
	p.cable.free = p.cable.free.Add(time.Duration(float64(n) / p.cable.speed * float64(time.Second)))
	wait := time.Until(p.cable.free)
	p.cable.mu.Unlock()
	time.Sleep(wait)
	return n, err
}

// BenchmarkDesk prepares sixteen handsets, from plugged in to sealed, over one
// cable. Its ratio is the time taken to the time the cable needs for the bytes
// that passed: 1 is as fast as there can be.
func BenchmarkDesk(b *testing.B) {
	for _, jobs := range []int{1, fleet.DefaultJobs, 16} {
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
	l := newCable(b, d.server, speed)
	d.env = append(d.env, "ADB_SERVER_SOCKET=tcp:"+l.Addr().String())
	began := time.Now()
	d.prepare(exitReady, "--all", "--wait", "60s", "--jobs", fmt.Sprint(jobs))
	took := time.Since(began).Seconds()
	b.ReportMetric(took/(float64(l.passed.Load())/speed), "ratio")
	b.ReportMetric(float64(l.passed.Load())/1e6, "MB")
}
