// Package events writes what happens in a job as NDJSON, one [Event] a line, for
// the scripts that read `preship prepare --json`. Its [Person] is such a script, as a
// job speaks with it. The published schema holds: fields and events are added,
// never removed.
package events

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
)

// Event is one line of `preship prepare --json`.
type Event struct {
	Event  string    `json:"event"` // begin, outlook, step, finding, say, progress, wait, policy, done; of several handsets also summary
	At     time.Time `json:"at"`
	Serial string    `json:"serial,omitempty"` // of one handset of several
	Step   string    `json:"step,omitempty"`
	State  string    `json:"state,omitempty"`
	Text   string    `json:"text,omitempty"`
	// Message is what the text of a say, or the error of a done, was made from: an ID that
	// keeps, and arguments.
	Message *message.Sentence `json:"message,omitempty"`
	Finding *report.Finding   `json:"finding,omitempty"`
	// Wait is a wait; state says whether it begins, lasts (running) or is done.
	Wait  *Wait    `json:"wait,omitempty"`
	Files *Counter `json:"files,omitempty"`
	Bytes *Counter `json:"bytes,omitempty"`
	// Proved is how many files are proved and on the disk of this computer.
	Proved  *int64         `json:"proved,omitempty"`
	Case    string         `json:"case,omitempty"`
	Verdict string         `json:"verdict,omitempty"`
	Exit    *int           `json:"exit,omitempty"`
	Policy  *policy.Ruling `json:"policy,omitempty"`
	// Found, Blockers, Losses and Todo are an outlook, and Seconds the time that copying
	// takes: no seconds mean that it is not known.
	Found    []Item  `json:"found,omitempty"`
	Blockers *[]Item `json:"blockers,omitempty"`
	Losses   *[]Item `json:"losses,omitempty"`
	Todo     *[]Item `json:"todo,omitempty"`
	Seconds  *int64  `json:"seconds,omitempty"`
	Error    string  `json:"error,omitempty"`
	// Reason is the code of an error; preship help scripts lists them.
	Reason string `json:"reason,omitempty"`
	// Flag answers the question where there is no person to ask.
	Flag string `json:"flag,omitempty"`
	// Handsets is how it ended for each of several, in the last event of all.
	Handsets *[]Row `json:"handsets,omitempty"`
}

// Wait is for what a job waits. Text and message of its event say why.
type Wait struct {
	ID      string            `json:"id"`
	Since   time.Time         `json:"since"`
	Seconds int64             `json:"seconds"`         // so far
	Limit   int64             `json:"limit,omitempty"` // at most, in seconds; absent: as long as it takes
	Then    *message.Sentence `json:"then,omitempty"`  // what happens when the limit is over
}

// Counter is how much of a total is done.
type Counter struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// Row is how the work on one handset of several ended.
type Row struct {
	Serial  string         `json:"serial"`
	Model   string         `json:"model"`
	Case    string         `json:"case"`    // empty if it has no case
	Verdict report.Verdict `json:"verdict"` // empty if it has no case
	Exit    int            `json:"exit"`
	Error   string         `json:"error,omitempty"`
	Reason  string         `json:"reason,omitempty"` // the code of the error
	IMEI    []string       `json:"imei,omitempty"`   // as the handset answers
	Ticket  string         `json:"ticket,omitempty"` // of its intake form
}

// Log writes events. It can be used by several goroutines.
type Log struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
}

// NewLog returns a log that writes to the standard output of a console.
func NewLog(c *console.Console) *Log { return &Log{out: c.Out, now: c.Now} }

// Write writes an event, with the time it has now.
func (l *Log) Write(ev Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ev.At = l.now().UTC().Truncate(time.Millisecond)
	b, err := json.Marshal(ev)
	if err != nil {
		return // an event is made of strings and numbers; nothing in it can fail to encode
	}
	_ = console.WriteJSON(l.out, b) // a reader that has gone away must not stop a job on a handset
}
