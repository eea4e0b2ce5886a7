package stream

import (
	"sync"
	"time"
)

// Pacer limits the speed of all streams of a handset together.
type Pacer struct {
	mu   sync.Mutex
	next time.Time // when the line is free again
}

// book reserves the time of n bytes at a speed, and returns the wait before they
// may be sent.
func (p *Pacer) book(n int, bytesPerSecond int64) time.Duration {
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

// Paced is a stream that sends at most Speed bytes a second.
type Paced struct {
	Stream
	Pacer *Pacer
	Speed int64
}

func (p *Paced) Write(b []byte) (int, error) {
	for written := 0; written < len(b); {
		part := b[written:min(len(b), written+paceChunk)]
		timer := time.NewTimer(p.Pacer.book(len(part), p.Speed))
		select {
		case <-timer.C:
		case <-p.HungUp():
			timer.Stop()
			return written, ErrHungUp
		}
		n, err := p.Stream.Write(part)
		written += n
		if err != nil {
			return written, err
		}
	}
	return len(b), nil
}
