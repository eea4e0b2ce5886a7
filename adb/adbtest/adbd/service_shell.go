package adbd

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"preship/adb/adbtest/shell"
	"preship/adb/adbtest/stream"
	"preship/adb/internal/wire"
)

// hangUpGrace is how long a command without the shell protocol may run after
// the computer closed its stream. A handset lets it run until it writes; here
// the wait is bounded.
const hangUpGrace = 2 * time.Second

// serveShellPlain is `shell:LINE`: a terminal to type on when the line is empty,
// and everything on one stream.
func serveShellPlain(ctx context.Context, d *Services, line string, s stream.Stream) func() {
	return serveRaw(ctx, d, line, line == "", shell.NewTerminal(defaultTerm), s)
}

// serveExec is `exec:LINE`: bytes as they are, stderr mixed in, status lost. It
// is a terminal all the same, a raw one: that is how adbd learns of the end of
// what runs on it.
func serveExec(ctx context.Context, d *Services, line string, s stream.Stream) func() {
	return serveRaw(ctx, d, line, false, shell.NewTerminal(defaultTerm), s)
}

// defaultTerm is what a terminal is where the computer does not say.
const defaultTerm = "dumb"

// serveShellArgs is `shell,ARG,…:LINE`. Arguments it does not know are ignored,
// as adbd ignores them.
func serveShellArgs(ctx context.Context, d *Services, rest string, s stream.Stream) func() {
	words, line, _ := strings.Cut(rest, ":")
	args, kind := strings.Split(words, ","), defaultTerm
	for _, arg := range args {
		if name, ok := strings.CutPrefix(arg, "TERM="); ok {
			kind = name
		}
	}
	pty := slices.Contains(args, "pty") || line == "" && !slices.Contains(args, "raw")
	if !slices.Contains(args, "v2") {
		return serveRaw(ctx, d, line, pty, shell.NewTerminal(kind), s)
	}
	if !pty {
		return serveV2(ctx, d, line, nil, s)
	}
	return serveV2(ctx, d, line, shell.NewTerminal(kind), s)
}

// serveRaw is a shell without the protocol. Unless typed says that the terminal
// is there to be typed on, it is a raw one.
func serveRaw(ctx context.Context, d *Services, line string, typed bool, term *shell.Terminal, s stream.Stream) func() {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		select {
		case <-ctx.Done():
		case <-s.HungUp():
			timer := time.AfterFunc(hangUpGrace, cancel)
			defer timer.Stop()
			<-ctx.Done()
		}
	})
	if typed {
		shell.RunTerminal(ctx, d.system, line, term, s, s, nil)
	} else {
		shell.Run(ctx, d.system, line, shell.IO{Stdin: s, Stdout: s, Stderr: s, Term: term})
	}
	return nil
}

// serveV2 speaks the shell protocol: stdin, stdout, stderr and the exit status
// as packets. A stream that the computer closes is a hang-up: the command ends.
// term is nil for a command without a terminal.
func serveV2(ctx context.Context, d *Services, line string, term *shell.Terminal, s stream.Stream) func() {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stdout := &packetWriter{w: s, id: wire.ShellStdout}
	stderr := &packetWriter{w: s, id: wire.ShellStderr}
	stdin := stream.NewBuffer(nil)
	var reader sync.WaitGroup
	var ended atomic.Bool
	reader.Go(func() {
		readPackets(s, stdin, term != nil)
		// The computer hung up, or broke the protocol.
		if !ended.Load() {
			cancel()
		}
	})
	var exit int
	switch sio := (shell.IO{Stdin: stdin, Stdout: stdout, Stderr: stderr}); {
	case term != nil:
		exit = shell.RunTerminal(ctx, d.system, line, term, stdin, stdout, func() { stdin.End(stream.ErrHungUp) })
	case line == "":
		exit = shell.RunScript(ctx, d.system, shell.Script{}, sio)
	default:
		exit = shell.Run(ctx, d.system, line, sio)
	}
	ended.Store(true)
	stdin.End(stream.ErrHungUp)
	_, _ = s.Write(wire.AppendShell(nil, wire.ShellExit, []byte{byte(exit)}))
	// The packets' reader waits for the computer, which closes the stream only
	// when it has seen it closed: it ends with the stream, not with the service.
	return reader.Wait
}

// readPackets passes stdin on until the computer hangs up. Nothing asks for the size of
// a terminal, whose standard input cannot be closed.
func readPackets(s io.Reader, stdin *stream.Buffer, terminal bool) {
	defer stdin.End(io.EOF)
	var buf []byte
	for {
		id, data, err := wire.ReadShell(s, buf)
		if err != nil {
			return
		}
		buf = data
		switch id {
		case wire.ShellStdin:
			stdin.Put(append([]byte(nil), data...))
			stdin.WaitRoom()
		case wire.ShellCloseStdin:
			if !terminal {
				stdin.End(io.EOF)
			}
		}
	}
}

// packetWriter writes shell packets of one kind. The shell writes to one of its
// outputs at a time.
type packetWriter struct {
	w   io.Writer
	id  byte
	buf []byte
}

// shellChunk is the most of a command's output that adbd puts in one packet.
const shellChunk = wire.MaxPayload - 5

func (p *packetWriter) Write(b []byte) (int, error) {
	return stream.InParts(b, shellChunk, func(part []byte) error {
		p.buf = wire.AppendShell(p.buf[:0], p.id, part)
		_, err := p.w.Write(p.buf)
		return err
	})
}
