package adbtest

import (
	"slices"
	"sync"
	"time"
)

// Sent is one service a handset was asked to open. What is asked inside a sync:
// stream is not in it.
type Sent struct {
	Service string    // the whole service string, such as "shell,v2,raw:getprop"
	Line    string    // the shell line of shell: and exec: services, else ""
	At      time.Time // when it arrived
}

// maxSent bounds the log of a handset that is asked without end: the oldest
// half is dropped.
const maxSent = 1 << 16

// sentLog remembers what a handset was asked.
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
