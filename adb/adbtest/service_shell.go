package adbtest

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"preship/adb/internal/wire"
)

// hangUpGrace is how long a command without the shell protocol may go on after
// the computer closed its stream. A handset lets it run until it writes; here
// it has to end some day.
const hangUpGrace = 2 * time.Second

// serveShellPlain is `shell:LINE`: a terminal when the line is empty, and
// everything on one stream.
func serveShellPlain(ctx context.Context, h *Handset, line string, s stream) func() {
	return serveRaw(ctx, h, line, line == "", s)
}

// serveExec is `exec:LINE`: never a terminal, stderr mixed in, status lost.
func serveExec(ctx context.Context, h *Handset, line string, s stream) func() {
	return serveRaw(ctx, h, line, false, s)
}

// serveShellArgs is `shell,ARG,…:LINE`. Arguments it does not know are ignored,
// as adbd ignores them.
func serveShellArgs(ctx context.Context, h *Handset, rest string, s stream) func() {
	args, line, _ := strings.Cut(rest, ":")
	pty, v2 := line == "", false
	for arg := range strings.SplitSeq(args, ",") {
		switch arg {
		case "raw":
			pty = false
		case "pty":
			pty = true
		case "v2":
			v2 = true
		}
	}
	if !v2 {
		return serveRaw(ctx, h, line, pty, s)
	}
	return serveV2(ctx, h, line, pty, s)
}

func serveRaw(ctx context.Context, h *Handset, line string, pty bool, s stream) func() {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{})
	defer close(done)
	wg.Go(func() {
		select {
		case <-done:
			return
		case <-s.hungUp():
		}
		timer := time.NewTimer(hangUpGrace)
		defer timer.Stop()
		select {
		case <-done:
		case <-timer.C:
			cancel()
		}
	})
	out := &lockedWriter{w: s}
	sio := shellIO{stdin: s, stdout: out, stderr: out}
	if pty {
		runTerminal(ctx, h, line, s, out)
		return nil
	}
	h.runShell(ctx, line, sio)
	return nil
}

// serveV2 speaks the shell protocol: stdin, stdout, stderr and the exit status
// as packets. A stream that the computer closes is a hang-up: the command ends.
func serveV2(ctx context.Context, h *Handset, line string, pty bool, s stream) func() {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	stdout := &packetWriter{mu: &mu, w: s, id: wire.ShellStdout}
	stderr := &packetWriter{mu: &mu, w: s, id: wire.ShellStderr}
	stdin := newInbox(nil)
	var reader sync.WaitGroup
	stop := make(chan struct{})
	reader.Go(func() {
		readPackets(s, stdin, pty)
		// The computer hung up, or what it sends is not the protocol.
		select {
		case <-stop:
		default:
			cancel()
		}
	})
	var exit int
	if pty {
		exit = runTerminal(ctx, h, line, stdin, stdout)
	} else {
		exit = h.runShell(ctx, line, shellIO{stdin: stdin, stdout: stdout, stderr: stderr})
	}
	close(stop)
	stdin.end(errHungUp)
	mu.Lock()
	_, _ = s.Write(wire.AppendShell(nil, wire.ShellExit, []byte{byte(exit)}))
	mu.Unlock()
	// The packets' reader waits for the computer, which closes the stream only
	// when it has seen it closed: it ends with the stream, not with the service.
	return reader.Wait
}

// readPackets passes stdin on until the computer hangs up. Only a raw command
// has a standard input that can be closed; a terminal has not.
func readPackets(s io.Reader, stdin *inbox, pty bool) {
	defer stdin.end(io.EOF)
	var buf []byte
	for {
		id, data, err := wire.ReadShell(s, buf)
		if err != nil {
			return
		}
		buf = data
		switch id {
		case wire.ShellStdin:
			stdin.put(append([]byte(nil), data...))
			stdin.waitRoom()
		case wire.ShellCloseStdin:
			if !pty {
				stdin.end(io.EOF)
			}
		}
	}
}

// packetWriter writes shell packets of one kind. Several share a lock, because
// stdout and stderr share the stream.
type packetWriter struct {
	mu  *sync.Mutex
	w   io.Writer
	id  byte
	buf []byte
}

// shellChunk is the most of a command's output that adbd puts in one packet.
const shellChunk = wire.MaxPayload - 5

func (p *packetWriter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	written := 0
	for written < len(b) {
		chunk := b[written:min(len(b), written+shellChunk)]
		p.buf = wire.AppendShell(p.buf[:0], p.id, chunk)
		if _, err := p.w.Write(p.buf); err != nil {
			return written, err
		}
		written += len(chunk)
	}
	return written, nil
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
