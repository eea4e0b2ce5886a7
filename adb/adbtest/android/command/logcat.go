package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// logBuffer is the handset's log.
type logBuffer struct {
	mu    sync.Mutex
	lines []logLine     // the last ones
	total int           // lines that were ever added
	more  chan struct{} // closed with the next line
}

type logLine struct {
	at        time.Time
	pid       int
	priority  byte
	tag, text string
}

const maxLog = 10_000

func (b *logBuffer) add(l logLine) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l.pid = 4000 + b.total
	b.lines, b.total = append(b.lines[max(0, len(b.lines)+1-maxLog):], l), b.total+1
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// after returns the lines after the first n, how many there are with them, and a channel
// that is closed when there are more.
func (b *logBuffer) after(n int) (lines []logLine, total int, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return slices.Clone(b.lines[max(0, len(b.lines)-(b.total-n)):]), b.total, b.more
}

func (b *logBuffer) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = nil
}

// priorities are those of Android's log, in order.
const priorities = "VDIWEFS"

// runLog is log [-p PRIORITY] [-t TAG] MESSAGE.
func runLog(_ context.Context, p *process) int {
	opts, args, ok := p.Options("+p:t:")
	if !ok {
		return 1
	}
	priority := strings.ToUpper(cmp.Or(opts['p'], "I"))
	if !strings.Contains(priorities, priority[:1]) {
		return p.Fail("bad -p '%s'", opts['p'])
	}
	p.log.add(logLine{at: p.Now(), priority: priority[0], tag: cmp.Or(opts['t'], "log"), text: strings.Join(args, " ")})
	return 0
}

// runLogcat prints the log, and with neither -d nor -c waits for more. Filters are
// TAG:PRIORITY, and *:PRIORITY for all other tags; -s is *:S.
func runLogcat(ctx context.Context, p *process) int {
	opts, filters, ok := p.Options("b:cdsv:")
	if !ok {
		return 1
	}
	if _, clear := opts['c']; clear {
		p.log.clear()
		return 0
	}
	if _, silent := opts['s']; silent {
		filters = append(filters, "*:S")
	}
	_, dump := opts['d']
	p.Printf("--------- beginning of main\n")
	for seen := 0; ; {
		lines, total, more := p.log.after(seen)
		for _, l := range lines {
			if l.passes(filters) {
				p.Printf("%s\n", l.format(opts['v']))
			}
		}
		if dump || !p.Flush() {
			return 0
		}
		select {
		case <-more:
		case <-ctx.Done():
			return 1
		}
		seen = total
	}
}

func (l logLine) format(how string) string {
	if how == "brief" {
		return fmt.Sprintf("%c/%-8s(%5d): %s", l.priority, l.tag, l.pid, l.text)
	}
	return fmt.Sprintf("%s %5d %5d %c %-8s: %s", l.at.Format("01-02 15:04:05.000"), l.pid, l.pid, l.priority, l.tag, l.text)
}

// passes reports whether the filters let a line through. Without filters all do.
func (l logLine) passes(filters []string) bool {
	least := map[string]string{}
	for _, f := range filters {
		tag, priority, _ := strings.Cut(f, ":")
		least[tag] = strings.ToUpper(cmp.Or(strings.Trim(priority, "*"), "V"))
	}
	return strings.IndexByte(priorities, l.priority) >= strings.Index(priorities, cmp.Or(least[l.tag], least["*"], "V")[:1])
}
