package adb

import (
	"context"
	"fmt"
	"io"
	"iter"

	"preship/report/message"
)

// PullRequest asks for one regular file.
type PullRequest struct {
	Path string
	Size int64 // expected; only for the window, not checked
}

// PullWindow bounds the requests under way on a stream: another one is taken from
// the source while both bounds leave room. The zero value of a field is its default.
type PullWindow struct {
	Requests int   // 0: DefaultWindowRequests
	Bytes    int64 // expected and not yet arrived; 0: DefaultWindowBytes
}

// Defaults of PullWindow: enough that a small file costs no round trip, few enough
// that several streams share the end of the work.
const (
	DefaultWindowRequests = 64
	DefaultWindowBytes    = 4 << 20
)

// Sink takes the files of a Pull, in the order of the requests, i counting from
// 0. Its methods are called by one goroutine at a time; an error of any of them
// ends Pull and is what Pull returns.
type Sink interface {
	// Open is called when the first byte or the end of file i arrives, and gives
	// the writer for it, which must not keep the slices it is given.
	Open(i int) (io.Writer, error)
	// Done ends file i. nil: the device sent all of it. A *SyncError: the device
	// refused it or stopped in the middle; Open may or may not have been called,
	// and the bytes written are not the file.
	Done(i int, err error) error
}

// LostError says that the stream was lost. The requests before Next were all
// answered; Next and later ones were not, though Next may have been opened.
type LostError struct {
	Next int
	Err  error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("stream lost at request %d: %v", e.Next, e.Err)
}

// Unwrap returns the reason: ErrTimeout, ErrClosed, ErrGone, ErrOffline …
func (e *LostError) Unwrap() error { return e.Err }

// Pull copies many files over one sync stream, with many requests under way so
// that a small file does not cost a round trip.
//
// When the device refuses a file, its Done gets the *SyncError, and the requests
// behind it are asked again on a new stream, since the daemon leaves the service
// with a refusal. If the stream breaks, or owes bytes and is silent for the idle
// timeout, Pull returns a *LostError: package link knows when to try again.
//
// Pull reads reqs from its own goroutine, one request whenever the window has
// room for it, and returns only after reqs has returned: an iterator that waits must
// watch ctx.
func (d *Device) Pull(ctx context.Context, reqs iter.Seq[PullRequest], w PullWindow, sink Sink) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := newPullQueue(w)
	stop := context.AfterFunc(ctx, q.stop)
	defer stop()
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		defer q.end()
		for r := range reqs {
			if !q.add(r) {
				return
			}
		}
	}()
	defer func() {
		q.stop()
		<-fed
	}()
	p := &puller{device: d, queue: q, sink: sink}
	return p.run(ctx)
}

// PullFile copies one file to w and returns its length in bytes. A refusal is a
// *SyncError; w may hold a part of the file then.
func (d *Device) PullFile(ctx context.Context, path string, w io.Writer) (int64, error) {
	sink := &fileSink{w: w}
	one := func(yield func(PullRequest) bool) { yield(PullRequest{Path: path}) }
	err := d.Pull(ctx, one, PullWindow{Requests: 1}, sink)
	if err == nil {
		err = sink.err
	}
	return sink.n, err
}

type fileSink struct {
	w   io.Writer
	n   int64
	err error
}

func (s *fileSink) Open(int) (io.Writer, error) {
	if s.n > 0 {
		return nil, message.Error(message.Say("error.stream-lost"), nil)
	}
	return s, nil
}

func (s *fileSink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	return n, err
}

func (s *fileSink) Done(_ int, err error) error {
	s.err = err
	return nil
}
