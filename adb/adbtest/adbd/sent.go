package adbd

import (
	"slices"
	"sync"
	"time"
)

// Sent is one service that a handset was asked to open. It does not show the
// requests in a sync: stream.
type Sent struct {
	Service string    // the whole service string, such as "shell,v2,raw:getprop"
	Line    string    // the shell line of shell: and exec: services, else ""
	At      time.Time // when it arrived
}

// maxSent bounds the log. A full log drops its oldest half.
const maxSent = 1 << 16

// sentLog is the log of the services that were asked for.
type sentLog struct {
	mu      sync.Mutex
	entries []Sent
}

func (l *sentLog) add(s Sent) {
	s.At = time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= maxSent {
		l.entries = slices.Clone(l.entries[maxSent/2:])
	}
	l.entries = append(l.entries, s)
}

func (l *sentLog) all() []Sent {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}
