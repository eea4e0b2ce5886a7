package adb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"preship/adb/internal/wire"
)

// puller runs one Pull: one stream, and another one behind each refusal.
type puller struct {
	device *Device
	queue  *pullQueue
	sink   Sink
	opened bool // one stream at least was opened
}

// sinkError marks an error of the caller's Sink.
type sinkError struct{ err error }

func (e sinkError) Error() string { return e.err.Error() }

func (p *puller) run(ctx context.Context) error {
	for p.queue.pending() {
		err := p.stream(ctx)
		var own sinkError
		switch {
		case errors.As(err, &own):
			return own.err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err == nil:
			return nil
		case !p.opened:
			return err
		case !errors.Is(err, errRefusedOne):
			return &LostError{Next: p.queue.unanswered(), Err: err}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// errRefusedOne ends a stream behind a FAIL, which was handed to the sink.
var errRefusedOne = errors.New("the daemon left the sync service after refusing a file")

// pullReaders keeps the read buffers of streams that ended for later streams.
var pullReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, syncBuffer) }}

// stream opens one sync stream and takes answers from it until there are no
// more requests. The requests are sent by a second goroutine: a daemon that
// waits for its answers to be read does not read requests.
func (p *puller) stream(ctx context.Context) error {
	conn, err := p.device.Open(ctx, "sync:")
	if err != nil {
		return err
	}
	p.opened = true
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		p.send(conn)
	}()
	r, _ := pullReaders.Get().(*bufio.Reader)
	r.Reset(conn)
	err = p.receive(ctx, r, conn)
	r.Reset(nil)
	pullReaders.Put(r)
	p.queue.halt()
	conn.Close()
	<-sent
	p.queue.restart()
	return err
}

// send writes requests as the window opens. A write that fails needs no report:
// receive sees that the answers are missing.
func (p *puller) send(conn *Conn) {
	buf := make([]byte, 0, 4<<10)
	for {
		buf = p.queue.next(buf[:0])
		if buf == nil {
			return
		}
		if len(buf) == 0 {
			continue
		}
		if _, err := conn.Write(buf); err != nil {
			return
		}
	}
}

func (p *puller) receive(ctx context.Context, r *bufio.Reader, conn *Conn) error {
	for {
		i, req, ok := p.queue.head()
		if !ok {
			return nil
		}
		if err := p.answer(ctx, r, i, req.Path); err != nil {
			return p.broken(ctx, conn, err)
		}
	}
}

// broken finds out why a stream ended, where it was the stream that did.
func (p *puller) broken(ctx context.Context, conn *Conn, err error) error {
	var own sinkError
	if errors.Is(err, errRefusedOne) || errors.As(err, &own) {
		return err
	}
	return p.device.diagnose(ctx, conn.named(err))
}

// answer takes the answer to one request and hands it to the sink.
func (p *puller) answer(ctx context.Context, r *bufio.Reader, i int, path string) error {
	if len(path) > wire.MaxSyncPath {
		return p.done(i, tooLong("recv", path))
	}
	var w io.Writer
	for {
		head, err := r.Peek(8)
		if err != nil {
			return err
		}
		id, n := wire.DecodeSyncHeader(head)
		if id == wire.IDFail {
			return p.refused(ctx, r, i, path)
		}
		r.Discard(8) //nolint:errcheck // peeked above
		if id != wire.IDData && id != wire.IDDone || n > wire.MaxSyncData {
			return fmt.Errorf("%w: record %q of %d bytes", ErrProtocol, id, n)
		}
		if w == nil {
			if w, err = p.sink.Open(i); err != nil {
				return sinkError{err}
			}
		}
		if id == wire.IDDone {
			return p.done(i, nil)
		}
		if err := p.copyData(w, r, int(n)); err != nil {
			return err
		}
	}
}

// copyData hands n bytes to w straight from r's buffer, without a copy and
// without an allocation.
func (p *puller) copyData(w io.Writer, r *bufio.Reader, n int) error {
	for n > 0 {
		if r.Buffered() == 0 {
			if _, err := r.Peek(1); err != nil {
				return err
			}
		}
		b, err := r.Peek(min(n, r.Buffered()))
		if err != nil {
			return err
		}
		if _, err := w.Write(b); err != nil {
			return sinkError{err}
		}
		r.Discard(len(b)) //nolint:errcheck // peeked above
		n -= len(b)
		p.queue.got(len(b))
	}
	return nil
}

func (p *puller) done(i int, err error) error {
	if err := p.sink.Done(i, err); err != nil {
		return sinkError{err}
	}
	p.queue.answered()
	return nil
}

// refused reads a FAIL, which always belongs to the first unanswered request.
func (p *puller) refused(ctx context.Context, r *bufio.Reader, i int, path string) error {
	r.Discard(4) //nolint:errcheck // peeked by answer
	var fail *wire.FailError
	if err := wire.ReadFail(r); !errors.As(err, &fail) {
		return err
	}
	why := &SyncError{Op: "recv", Path: path, Message: fail.Message, Errno: textErrno(fail.Message)}
	if why.Errno == 0 {
		why.Errno = p.askErrno(ctx, path)
	}
	if err := p.done(i, why); err != nil {
		return err
	}
	return errRefusedOne
}

// askErrno asks by lstat why a file was refused in words we do not know; 0 when
// that does not say either.
func (p *puller) askErrno(ctx context.Context, path string) int {
	s, err := p.device.Sync(ctx)
	if err != nil {
		return 0
	}
	defer s.Close()
	var why *SyncError
	if _, err := s.Lstat(path); errors.As(err, &why) && !why.Unsure {
		return why.Errno
	}
	return 0
}
