package events

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/backup/meter"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// A script hears of a phase at its beginning, then once in the time of every, and of its
// end once, however often a job reports.
func TestProgressKeepsItsRate(t *testing.T) {
	now := time.Unix(0, 0)
	var got []Event
	p := NewPerson(nil, func() time.Time { return now }, func(ev Event) { got = append(got, ev) })
	for _, phase := range []string{meter.PhaseCopying, meter.PhaseItems} {
		for i := range int64(101) { // 10 ms each: one second a phase
			p.Tell(job.Progress{Progress: meter.Progress{Phase: phase, FilesDone: i, FilesTotal: 100, BytesDone: i, BytesTotal: 100, Proved: i / 2}})
			now = now.Add(10 * time.Millisecond)
		}
		for range 50 { // hashing after the last byte
			p.Tell(job.Progress{Progress: meter.Progress{Phase: phase, FilesDone: 100, FilesTotal: 100, BytesDone: 100, BytesTotal: 100, Proved: 100}})
		}
	}
	var done []int64
	for _, ev := range got {
		done = append(done, ev.Files.Done)
		if *ev.Proved != ev.Files.Done/2 {
			t.Errorf("%d files copied, %d proved", ev.Files.Done, *ev.Proved)
		}
	}
	if want := []int64{0, 30, 60, 90, 100, 0, 30, 60, 90, 100}; !slices.Equal(done, want) {
		t.Errorf("progress at %v, want %v", done, want)
	}
}

// What a person reads of the intake form is personal, and is no event.
func TestFormIsNoEvent(t *testing.T) {
	var screen bytes.Buffer
	terminal := &console.Console{Err: &screen}
	p := NewPerson(terminal.Person(false), time.Now, func(ev Event) { t.Errorf("event %+v", ev) })
	job.Interviewee(p, "--intake").Say(message.AsIs("Calle Mayor 1"))
	if !strings.Contains(screen.String(), "Calle Mayor 1") {
		t.Errorf("the person reads %q", screen.String())
	}
}
