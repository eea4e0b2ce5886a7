package adb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"preship/adb/internal/wire"
	"preship/report/message"
)

const (
	// maxStderr bounds what a ShellStream keeps of stderr.
	maxStderr = 1 << 20
	// shellBuffer is the read buffer of a stream. Every command has one.
	shellBuffer = 32 << 10
	// maxStdinPacket keeps stdin packets within what any daemon buffers (4 KiB
	// payload of protocol version 1 aside, which cannot have shell_v2).
	maxStdinPacket = 32 << 10
)

// ShellStream is a running command. Read gives its stdout; stderr is collected
// meanwhile. One goroutine may read while another writes stdin, and a command
// that is fed more than a few KiB must be read at the same time, or both sides
// wait. Close it; Wait alone does not.
type ShellStream struct {
	device *Device
	conn   *Conn
	r      *bufio.Reader
	v2     bool

	packet []byte // rest of the stdout packet being read
	buf    []byte
	exit   int
	done   error // nil: running; io.EOF: ended, exit is set

	mu     sync.Mutex // guards stderr
	stderr []byte
	capped bool
	limit  int  // most of stderr that is kept
	strict bool // more than that is an error
}

// StartShell starts a command. A device without shell_v2 runs it all the same,
// but mixes stderr into stdout, takes no stdin and returns no exit status.
// The device's idle timeout holds for Read: see Device.WithIdle for commands
// that are silent for long. ctx bounds the command's life.
func (d *Device) StartShell(ctx context.Context, line string) (*ShellStream, error) {
	// A device that had shell_v2 is not asked again. Where it refuses, nothing ran, and
	// another mode of the same device may lack the feature.
	if _, known := d.client.shellV2.Load(d.serial); known {
		s, err := d.startShell(ctx, line, true)
		if !errors.Is(err, ErrRefused) {
			return s, err
		}
		d.client.shellV2.Delete(d.serial)
		if v2, askErr := d.hasShellV2(ctx); v2 || askErr != nil {
			return nil, err
		}
		return d.startShell(ctx, line, false)
	}
	v2, err := d.hasShellV2(ctx)
	if err != nil {
		return nil, err
	}
	return d.startShell(ctx, line, v2)
}

// shellReaders keeps the read buffers of commands that ended for later commands.
var shellReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, shellBuffer) }}

// release gives the read buffer back. s must not be read again.
func (s *ShellStream) release() {
	s.r.Reset(nil)
	shellReaders.Put(s.r)
	s.r = nil
}

func (d *Device) hasShellV2(ctx context.Context) (bool, error) {
	features, err := d.Features(ctx)
	if err == nil && features.Has(FeatureShellV2) {
		d.client.shellV2.Store(d.serial, nil)
	}
	return features.Has(FeatureShellV2), err
}

func (d *Device) startShell(ctx context.Context, line string, v2 bool) (*ShellStream, error) {
	service := "shell:" + line
	if v2 {
		service = "shell,v2,raw:" + line
	}
	conn, err := d.Open(ctx, service)
	if err != nil {
		return nil, err
	}
	r, _ := shellReaders.Get().(*bufio.Reader)
	r.Reset(conn)
	return &ShellStream{device: d, conn: conn, r: r, v2: v2, exit: -1, limit: maxStderr}, nil
}

// SetIdle changes the longest silence that Read and Wait accept; 0 is no limit.
// Not while one of them runs.
func (s *ShellStream) SetIdle(idle time.Duration) { s.conn.SetIdle(idle) }

// Read reads stdout. io.EOF means the command ended; Wait then returns its exit
// status. A stream that ends without one is an error, ErrClosed or ErrGone.
func (s *ShellStream) Read(p []byte) (int, error) {
	if !s.v2 {
		return s.readRaw(p)
	}
	for len(s.packet) == 0 {
		if s.done != nil {
			return 0, s.done
		}
		s.done = s.next()
	}
	n := copy(p, s.packet)
	s.packet = s.packet[n:]
	return n, nil
}

func (s *ShellStream) readRaw(p []byte) (int, error) {
	if s.done != nil {
		return 0, s.done
	}
	n, err := s.r.Read(p)
	s.done = err
	return n, err
}

// next takes one packet.
func (s *ShellStream) next() error {
	id, data, err := wire.ReadShell(s.r, s.buf)
	if err != nil {
		return s.device.diagnose(s.conn.ctx, s.conn.named(err))
	}
	s.buf = data[:0]
	switch id {
	case wire.ShellStdout:
		s.packet = data
	case wire.ShellStderr:
		if !s.keepStderr(data) && s.strict {
			return s.tooLarge()
		}
	case wire.ShellExit:
		if len(data) != 1 {
			return fmt.Errorf("%s: %w", s.conn.name, message.Detail(ErrProtocol, message.Say("error.detail.exit-status", "length", strconv.Itoa(len(data)))))
		}
		s.exit = int(data[0])
		return io.EOF
	default:
		return fmt.Errorf("%s: %w", s.conn.name, message.Detail(ErrProtocol, message.Say("error.detail.packet", "number", strconv.Itoa(int(id)))))
	}
	return nil
}

// keepStderr reports whether all of stderr was kept so far.
func (s *ShellStream) keepStderr(data []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := s.limit - len(s.stderr)
	if len(data) > room {
		data, s.capped = data[:room], true
	}
	s.stderr = append(s.stderr, data...)
	return !s.capped
}

func (s *ShellStream) tooLarge() error {
	return fmt.Errorf("%s: %w", s.conn.name, message.Detail(ErrTooLarge, message.Say("error.detail.limit", "limit", strconv.Itoa(s.limit))))
}

// Stderr returns the command's stderr so far, at most its first MiB;
// whole is false when there was more.
func (s *ShellStream) Stderr() (b []byte, whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]byte(nil), s.stderr...), !s.capped
}

// WriteStdin sends p to the command's stdin.
func (s *ShellStream) WriteStdin(p []byte) (int, error) {
	if !s.v2 {
		return 0, fmt.Errorf("%s: stdin needs shell_v2: %w", s.conn.name, errors.ErrUnsupported)
	}
	sent := 0
	for len(p) > 0 {
		part := p[:min(len(p), maxStdinPacket)]
		if _, err := s.conn.Write(wire.AppendShell(nil, wire.ShellStdin, part)); err != nil {
			return sent, err
		}
		sent += len(part)
		p = p[len(part):]
	}
	return sent, nil
}

// CloseStdin ends the command's stdin. On a device without shell_v2 it does
// nothing: there stdin cannot be ended.
func (s *ShellStream) CloseStdin() error {
	if !s.v2 {
		return nil
	}
	_, err := s.conn.Write(wire.AppendShell(nil, wire.ShellCloseStdin, nil))
	return err
}

// Wait discards the rest of stdout and returns the exit status, or -1
// when the device has no shell_v2 to tell it with. An error means the command's
// end was not seen, and its exit status is not known.
func (s *ShellStream) Wait() (exit int, err error) {
	if _, err := io.Copy(io.Discard, struct{ io.Reader }{s}); err != nil {
		return -1, err
	}
	return s.exit, nil
}

// Close ends the stream; a command still running is hung up on.
func (s *ShellStream) Close() error { return s.conn.Close() }
