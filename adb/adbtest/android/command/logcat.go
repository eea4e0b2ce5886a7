package command

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// logBuffer is the handset's log.
type logBuffer struct {
	mu    sync.Mutex
	lines []logLine
	first int           // the number of the first line that is held
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
	l.pid = 4000 + b.first + len(b.lines)
	if len(b.lines) == maxLog {
		b.lines, b.first = append([]logLine(nil), b.lines[maxLog/2:]...), b.first+maxLog/2
	}
	b.lines = append(b.lines, l)
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
}

// from returns the lines from the number n on, the number after them, and a channel that
// is closed when there are more.
func (b *logBuffer) from(n int) (lines []logLine, next int, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.more == nil {
		b.more = make(chan struct{})
	}
	next = b.first + len(b.lines)
	return append(lines, b.lines[min(max(n-b.first, 0), len(b.lines)):]...), next, b.more
}

func (b *logBuffer) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.first, b.lines = b.first+len(b.lines), nil
}

// priorities are those of Android's log, in order.
const priorities = "VDIWEFS"

// runLog is log [-p PRIORITY] [-t TAG] MESSAGE.
func runLog(_ context.Context, p *process) int {
	opts, args, ok := p.Options("+p:t:")
	if !ok {
		return 1
	}
	line := logLine{at: p.Now(), priority: 'I', tag: "log", text: strings.Join(args, " ")}
	if v, given := opts['p']; given {
		line.priority = strings.ToUpper(v)[0]
		if !strings.Contains(priorities, string(line.priority)) {
			return p.Fail("bad -p '%s'", v)
		}
	}
	if v, given := opts['t']; given {
		line.tag = v
	}
	p.log.add(line)
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
	lines, next, more := p.log.from(0)
	for {
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
		lines, next, more = p.log.from(next)
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
	least := "V"
	for _, f := range filters {
		tag, priority, ok := strings.Cut(f, ":")
		if !ok || priority == "" || priority == "*" {
			priority = "V"
		}
		if tag == l.tag {
			least = priority
			break
		}
		if tag == "*" {
			least = priority
		}
	}
	return strings.IndexByte(priorities, l.priority) >= strings.Index(priorities, strings.ToUpper(least[:1]))
}
