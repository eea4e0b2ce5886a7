package adbtest

import (
	"bytes"
	"context"
	"io"
	"sync"
)

// Keys that a terminal's line discipline takes for itself.
const (
	keyInterrupt = 0x03 // ^C
	keyEOF       = 0x04 // ^D
	keyBackspace = 0x08
	keyKill      = 0x15 // ^U
	keyDelete    = 0x7f
)

// statusInterrupted is what a shell says of a command that SIGINT ended.
const statusInterrupted = 128 + 2

// runTerminal runs a shell on a pseudo-terminal: what is typed is echoed and
// arrives line by line, a newline goes out as CR LF, and stderr is the same
// screen. ^C ends a command; at an interactive prompt it drops the line.
func runTerminal(ctx context.Context, h *Handset, line string, keys io.Reader, screen io.Writer) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := &lockedWriter{w: &crlfWriter{ctx: ctx, w: screen}}
	lines := newInbox(nil)
	d := &discipline{echo: out, lines: lines}
	if line != "" {
		d.interrupt = cancel
	}
	var typing sync.WaitGroup
	typing.Go(func() { d.run(keys) })
	exit := h.runShell(ctx, line, shellIO{stdin: lines, stdout: out, stderr: out, pty: true})
	if d.interrupted() {
		exit = statusInterrupted
	}
	lines.end(errHungUp)
	if in, ok := keys.(interface{ end(error) }); ok {
		in.end(errHungUp)
		typing.Wait()
	}
	return exit
}

// discipline is the canonical mode of a terminal.
type discipline struct {
	echo      io.Writer
	lines     *inbox
	interrupt context.CancelFunc // nil: ^C only drops the line

	mu  sync.Mutex
	hit bool
}

func (d *discipline) interrupted() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.hit
}

const maxTerminalLine = 4095 // MAX_CANON of Linux

func (d *discipline) run(keys io.Reader) {
	defer d.lines.end(io.EOF)
	var line []byte
	buf := make([]byte, 4<<10)
	for {
		n, err := keys.Read(buf)
		for _, key := range buf[:n] {
			var more bool
			if line, more = d.press(line, key); !more {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// press handles one key and says whether the terminal still takes input.
func (d *discipline) press(line []byte, key byte) ([]byte, bool) {
	switch key {
	case '\r', '\n':
		_, _ = io.WriteString(d.echo, "\n")
		d.lines.put(append(bytes.Clone(line), '\n'))
		d.lines.waitRoom()
		return line[:0], true
	case keyDelete, keyBackspace:
		if len(line) > 0 {
			_, _ = io.WriteString(d.echo, "\b \b")
			line = line[:len(line)-1]
		}
		return line, true
	case keyKill:
		return line[:0], true
	case keyEOF:
		if len(line) > 0 {
			d.lines.put(bytes.Clone(line))
			return line[:0], true
		}
		return line, false
	case keyInterrupt:
		_, _ = io.WriteString(d.echo, "^C\n")
		if d.interrupt == nil {
			d.lines.put([]byte("\n"))
			return line[:0], true
		}
		d.mu.Lock()
		d.hit = true
		d.mu.Unlock()
		d.interrupt()
		return line, false
	}
	if len(line) < maxTerminalLine {
		line = append(line, key)
		_, _ = d.echo.Write([]byte{key})
	}
	return line, true
}

// crlfWriter is the output side: a newline returns the carriage too. What a
// command that was interrupted still writes fails.
type crlfWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c *crlfWriter) Write(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, errHungUp
	}
	if _, err := c.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
