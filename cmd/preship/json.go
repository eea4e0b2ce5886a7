package main

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report"
)

// event is one line of `preship prepare --json`.
type event struct {
	Event   string          `json:"event"` // begin, step, finding, say, progress, policy, done; of several handsets also summary
	At      time.Time       `json:"at"`
	Serial  string          `json:"serial,omitempty"` // of one handset of several
	Step    string          `json:"step,omitempty"`
	State   string          `json:"state,omitempty"`
	Text    string          `json:"text,omitempty"`
	Finding *report.Finding `json:"finding,omitempty"`
	Files   *counter        `json:"files,omitempty"`
	Bytes   *counter        `json:"bytes,omitempty"`
	Case    string          `json:"case,omitempty"`
	Verdict string          `json:"verdict,omitempty"`
	Exit    *int            `json:"exit,omitempty"`
	Policy  *report.Ruling  `json:"policy,omitempty"`
	Error   string          `json:"error,omitempty"`
	// Handsets is how it ended for each of several, in the last event of all.
	Handsets *[]fleetRow `json:"handsets,omitempty"`
}

type counter struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// eventLog writes events as NDJSON. A nil *eventLog drops them.
type eventLog struct {
	mu  sync.Mutex
	w   io.Writer
	now func() time.Time
	to  func(event) // nil: they are written to w
}

func (l *eventLog) write(ev event) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	ev.At = l.now().UTC().Truncate(time.Millisecond)
	if l.to != nil {
		l.to(ev)
		return
	}
	b, err := json.Marshal(ev)
	if err != nil {
		return // an event is made of strings and numbers; nothing in it can fail to encode
	}
	_ = console.WriteJSON(l.w, b) // a reader that has gone away must not stop a job on a handset
}

func (e *env) events() *eventLog { return &eventLog{w: e.Out, now: e.Now} }
