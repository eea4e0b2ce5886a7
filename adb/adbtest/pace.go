package adbtest

import (
	"sync"
	"time"
)

// pacer spreads what a handset sends over time, all its streams together.
type pacer struct {
	mu   sync.Mutex
	next time.Time // when the line is free again
}

// book takes n bytes at so many a second, and says how long to wait before they
// may go.
func (p *pacer) book(n int, bytesPerSecond int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(time.Duration(float64(n) / float64(bytesPerSecond) * float64(time.Second)))
	return wait
}

// paceChunk keeps a slow line fair between streams.
const paceChunk = 16 << 10

// paced is a stream that sends no faster than the handset may.
type paced struct {
	stream
	pacer *pacer
	speed int64
}

func (p *paced) Write(b []byte) (int, error) {
	for written := 0; written < len(b); {
		part := b[written:min(len(b), written+paceChunk)]
		timer := time.NewTimer(p.pacer.book(len(part), p.speed))
		select {
		case <-timer.C:
		case <-p.HungUp():
			timer.Stop()
			return written, errHungUp
		}
		n, err := p.stream.Write(part)
		written += n
		if err != nil {
			return written, err
		}
	}
	return len(b), nil
}
