package shell

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// Keys that a terminal's line discipline takes for itself.
const (
	keyInterrupt = 0x03 // ^C
	keyEOF       = 0x04 // ^D
	keyBackspace = 0x08
	keyDelete    = 0x7f
)

// statusInterrupted is what a shell says of a command that SIGINT ended.
const statusInterrupted = signalStatus + 2

// errInterrupted is the cause by which ^C ends a command on a terminal.
var errInterrupted = errors.New("interrupted")

// Terminal is a pseudo-terminal: keys are echoed and arrive line by line, a
// newline goes out as CR LF, and ^C ends the command in the foreground. adbd
// makes one too where the client does not speak the shell protocol.
type Terminal struct {
	kind  string      // TERM
	lines chan []byte // typed and not read yet; closed when there are no more keys
	over  chan struct{}
	out   io.Writer

	reading sync.Mutex
	rest    []byte      // of the line that was read in part
	dropped atomic.Bool // rest is to be dropped

	mu   sync.Mutex
	stop context.CancelCauseFunc // ends the command in the foreground
}

// errGone ends the input and output of a terminal that closes.
var errGone = net.ErrClosed

// NewTerminal makes a terminal whose $TERM is kind; "" leaves it unset.
func NewTerminal(kind string) *Terminal {
	return &Terminal{kind: kind, lines: make(chan []byte, maxTyped), over: make(chan struct{})}
}

// RunTerminal runs a line, or a session of a shell if the line is empty, on a
// terminal whose keys and screen the computer has. hangUp ends keys; nil is for
// keys that end by themselves, later.
func RunTerminal(ctx context.Context, sys System, line string, t *Terminal, keys io.Reader, screen io.Writer, hangUp func()) int {
	t.out = &sharedWriter{mu: &sync.Mutex{}, w: &crlfWriter{w: screen}}
	fg, end := t.enter(ctx)
	defer end()
	var typing sync.WaitGroup
	typing.Go(func() { t.take(keys) })
	var exit int
	if line == "" {
		exit = RunScript(ctx, sys, Script{}, IO{Term: t})
	} else {
		exit = Run(fg, sys, line, IO{Stdin: t.input(fg), Stdout: t.output(fg), Stderr: t.output(fg), Term: t})
		if context.Cause(fg) == errInterrupted {
			exit = statusInterrupted
		}
	}
	close(t.over)
	if hangUp != nil {
		hangUp()
		typing.Wait()
	}
	return exit
}

// enter puts something in the foreground: its context ends with ^C.
func (t *Terminal) enter(ctx context.Context) (fg context.Context, end func()) {
	fg, stop := context.WithCancelCause(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop = stop
	return fg, func() { stop(nil) }
}

// interrupt drops the unread input and ends the command in the foreground.
func (t *Terminal) interrupt() {
	t.dropped.Store(true)
	for len(t.lines) > 0 {
		select {
		case <-t.lines:
		default: // read in the meantime
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop(errInterrupted)
}

// input reads the typed lines while ctx is in the foreground; output drops later
// writes.
func (t *Terminal) input(ctx context.Context) io.Reader  { return &ttyReader{ctx, t} }
func (t *Terminal) output(ctx context.Context) io.Writer { return &ttyWriter{ctx, t.out} }

type ttyReader struct {
	ctx  context.Context //nolint:containedctx // reads end with it
	term *Terminal
}

// Read takes from one line at a time. An empty line is read as the end of the input.
func (r *ttyReader) Read(p []byte) (int, error) {
	t := r.term
	t.reading.Lock()
	defer t.reading.Unlock()
	if r.ctx.Err() != nil {
		return 0, errGone
	}
	if t.dropped.Swap(false) {
		t.rest = nil
	}
	if len(t.rest) == 0 {
		select {
		case t.rest = <-t.lines:
		case <-r.ctx.Done():
			return 0, errGone
		case <-t.over:
			return 0, errGone
		}
		if len(t.rest) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

type ttyWriter struct {
	ctx context.Context //nolint:containedctx // writes fail from its end on
	w   io.Writer
}

func (w *ttyWriter) Write(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, errGone
	}
	return w.w.Write(p)
}

const (
	maxTerminalLine = 4095 // MAX_CANON of Linux
	maxTyped        = 256  // lines ahead of a command that does not read
)

// take takes the keys until there are no more.
func (t *Terminal) take(keys io.Reader) {
	defer close(t.lines)
	var line []byte
	buf := make([]byte, 4<<10)
	for {
		n, err := keys.Read(buf)
		for _, key := range buf[:n] {
			line = t.press(line, key)
		}
		if err != nil {
			return
		}
	}
}

// press handles one key and returns the line as it then is.
func (t *Terminal) press(line []byte, key byte) []byte {
	switch key {
	case '\r', '\n':
		_, _ = io.WriteString(t.out, "\n")
		t.typed(append(bytes.Clone(line), '\n'))
		return line[:0]
	case keyDelete, keyBackspace:
		if len(line) > 0 {
			_, _ = io.WriteString(t.out, "\b \b")
			line = line[:len(line)-1]
		}
		return line
	case keyEOF:
		t.typed(bytes.Clone(line)) // of an empty one it is the end that is read
		return line[:0]
	case keyInterrupt:
		_, _ = io.WriteString(t.out, "^C\n")
		t.interrupt()
		return line[:0]
	}
	if len(line) < maxTerminalLine {
		line = append(line, key)
		_, _ = t.out.Write([]byte{key})
	}
	return line
}

// typed passes a line on to whoever reads.
func (t *Terminal) typed(line []byte) {
	select {
	case t.lines <- line:
	case <-t.over:
	}
}

// crlfWriter is the output side: a newline returns the carriage too.
type crlfWriter struct{ w io.Writer }

func (c *crlfWriter) Write(p []byte) (int, error) {
	if _, err := c.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
