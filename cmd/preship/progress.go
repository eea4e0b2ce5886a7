package main

import (
	"fmt"
	"time"

	"preship/backup"
	"preship/cmd/preship/internal/console"
)

// eventEvery is how often a script hears of progress.
const eventEvery = time.Second

// progress shows how far a backup is: a bar on a terminal, events for a script,
// and nothing elsewhere.
type progress struct {
	env    *env
	events *eventLog
	quiet  bool
	bar    *console.Bar
	last   time.Time
}

func newProgress(e *env, events *eventLog, quiet bool) *progress {
	return &progress{env: e, events: events, quiet: quiet, bar: e.NewBar()}
}

func (p *progress) show(pr backup.Progress) {
	done := pr.BytesDone >= pr.BytesTotal && pr.FilesDone >= pr.FilesTotal
	if now := p.env.Now(); p.events != nil && (done || now.Sub(p.last) >= eventEvery) {
		p.last = now
		p.events.write(event{
			Event: "progress", Step: "backup", Text: pr.Phase,
			Files: &counter{pr.FilesDone, pr.FilesTotal}, Bytes: &counter{pr.BytesDone, pr.BytesTotal},
		})
	}
	if p.events != nil || p.quiet {
		return
	}
	p.bar.Show(fmt.Sprintf("%s: %d/%d files, %d proved", console.Escape(pr.Phase), pr.FilesDone, pr.FilesTotal, pr.Proved), pr.BytesDone, pr.BytesTotal)
}

// close takes the bar away.
func (p *progress) close() { p.bar.Clear() }
