package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
	"unicode/utf8"

	"preship/report"
)

// printJSON writes v as one indented object to standard output.
func (e *env) printJSON(v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeJSONLine(e.out, b)
}

// writeJSONLine writes b with every character a terminal might obey written as
// an escape: encoding/json does so for the C0 controls only.
func writeJSONLine(w io.Writer, b []byte) error {
	var out bytes.Buffer
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r >= 0x7f && unsafeRune(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.Write(b[:n])
		}
		b = b[n:]
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

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
	_ = writeJSONLine(l.w, b) // a reader that has gone away must not stop a job on a handset
}

func (e *env) events() *eventLog { return &eventLog{w: e.out, now: e.now} }
