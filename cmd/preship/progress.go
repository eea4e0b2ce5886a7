package main

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"preship/backup"
)

// barEvery is how often a bar is drawn: a terminal takes up to 5 ms a line.
const barEvery = 120 * time.Millisecond

// eventEvery is how often a script hears of progress.
const eventEvery = time.Second

// progress shows how far a backup is: a bar on a terminal, events for a script,
// and nothing elsewhere.
type progress struct {
	env    *env
	events *eventLog
	quiet  bool
	bar    *progressbar.ProgressBar
	last   time.Time
}

func newProgress(e *env, events *eventLog, quiet bool) *progress {
	return &progress{env: e, events: events, quiet: quiet}
}

func (p *progress) show(pr backup.Progress) {
	done := pr.BytesDone >= pr.BytesTotal && pr.FilesDone >= pr.FilesTotal
	if now := p.env.now(); p.events != nil && (done || now.Sub(p.last) >= eventEvery) {
		p.last = now
		p.events.write(event{
			Event: "progress", Step: "backup", Text: pr.Phase,
			Files: &counter{pr.FilesDone, pr.FilesTotal}, Bytes: &counter{pr.BytesDone, pr.BytesTotal},
		})
	}
	if !p.env.errTTY || p.events != nil || p.quiet {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(pr.BytesTotal,
			progressbar.OptionSetWriter(p.env.err),
			progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(barEvery),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionFullWidth(),
			progressbar.OptionUseANSICodes(p.env.colour),
		)
	}
	p.env.pendingNewline = true
	p.bar.ChangeMax64(max(pr.BytesTotal, 1))
	p.bar.Describe(fmt.Sprintf("%s: %d/%d files, %d proved", escape(pr.Phase), pr.FilesDone, pr.FilesTotal, pr.Proved))
	_ = p.bar.Set64(min(pr.BytesDone, pr.BytesTotal)) // a bar that cannot be drawn is no reason to stop
}

// close takes the bar away.
func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Clear() // as above
		p.env.pendingNewline = false
		p.bar = nil
	}
}
