package adb

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb/internal/wire"
)

// TestPullEndsWithItsStream: package link decides whether a broken stream is tried
// again, not Pull.
func TestPullEndsWithItsStream(t *testing.T) {
	t.Parallel()
	tree, paths := bigTree(120)
	whole := data(tree["/f59"]) // of several records
	s := newScriptedServer(t)
	s.Service = syncService(func(id wire.ID, path string) ([]byte, bool) {
		if path == "/f59" {
			return whole[:len(whole)-3], false
		}
		return tree.answer(id, path)
	})
	var sink memorySink
	err := s.device(t).Pull(t.Context(), requests(paths...), PullWindow{}, &sink)
	var lost *LostError
	if !errors.As(err, &lost) || lost.Next != 59 || len(sink.errs) != 59 {
		t.Errorf("Pull: %v with %d files done, want lost at 59", err, len(sink.errs))
	}
	if sink.opened[59] != 1 || s.Count("sync:") != 1 {
		t.Errorf("file opened %d times on %d streams, want 1 and 1", sink.opened[59], s.Count("sync:"))
	}
}

func TestPullGivesUpOnSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, service string) {
			syncService(func(id wire.ID, path string) ([]byte, bool) {
				if path == "/hangs" {
					c.Write(data("part"))
					io.Copy(io.Discard, c)
					return nil, false
				}
				return recvTree{"/a": "1", "/b": "2"}.answer(id, path)
			})(c, service)
		}
		var sink memorySink
		start := time.Now()
		err := s.device(t).Pull(t.Context(), requests("/a", "/b", "/hangs", "/a"), PullWindow{}, &sink)
		var lost *LostError
		if !errors.As(err, &lost) || lost.Next != 2 || !errors.Is(err, ErrTimeout) {
			t.Errorf("Pull: %v, want lost at 2 by ErrTimeout", err)
		}
		if len(sink.errs) != 2 {
			t.Errorf("%d files were done, want 2", len(sink.errs))
		}
		if got, want := time.Since(start), DefaultIdleTimeout; got != want {
			t.Errorf("gave up after %v, want %v", got, want)
		}
		s.Close()
	})
}

func TestPullLosesDevice(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, service string) {
		syncService(func(id wire.ID, path string) ([]byte, bool) {
			if path == "/b" {
				s.List("")
				return nil, false
			}
			return recvTree{"/a": "1"}.answer(id, path)
		})(c, service)
	}
	err := s.device(t).Pull(t.Context(), requests("/a", "/b"), PullWindow{}, &memorySink{})
	var lost *LostError
	if !errors.As(err, &lost) || lost.Next != 1 || !errors.Is(err, ErrGone) {
		t.Errorf("Pull: %v, want lost at 1 by ErrGone", err)
	}
	if n := s.Count("sync:"); n != 1 {
		t.Errorf("%d streams opened, want no more than the first", n)
	}
}

// TestPullWindow counts the requests that a device gets before it answers any.
func TestPullWindow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		window PullWindow
		size   int64
		want   int
	}{
		{"default count", PullWindow{}, 10, DefaultWindowRequests},
		{"count", PullWindow{Requests: 5}, 10, 5},
		{"bytes", PullWindow{Bytes: 100}, 30, 4},
		{"a large file alone", PullWindow{Bytes: 100}, 5000, 1},
		{"sizes unknown", PullWindow{Requests: 9, Bytes: 100}, 0, 9},
		{"sizes absurd", PullWindow{Requests: 9, Bytes: 100}, -1 << 63, 9},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newScriptedServer(t)
				var asked, taken, allowed atomic.Int64
				more := make(chan int)
				s.Service = func(c net.Conn, _ string) {
					s.Go(func() { countRequests(c, &asked) })
					for n := range more {
						for range n {
							c.Write(wire.AppendSyncHeader(nil, wire.IDDone, 0))
						}
					}
				}
				const files = 200
				seq := func(yield func(PullRequest) bool) {
					for i := range files {
						taken.Add(1)
						if !yield(PullRequest{Path: fmt.Sprint(i), Size: tt.size}) {
							return
						}
					}
				}
				pulled := make(chan error)
				go func() { pulled <- s.device(t).Pull(t.Context(), seq, tt.window, &memorySink{}) }()
				for _, n := range []int{0, 1, 7} {
					if n > 0 {
						more <- n
					}
					allowed.Add(int64(n))
					synctest.Wait()
					if got, want := asked.Load(), allowed.Load()+int64(tt.want); got != want {
						t.Errorf("%d requests after %d answers, want %d", got, allowed.Load(), want)
					}
					if got := taken.Load(); got != asked.Load() {
						t.Errorf("%d files were taken from the source for %d requests", got, asked.Load())
					}
				}
				more <- files - int(allowed.Load())
				close(more)
				if err := <-pulled; err != nil {
					t.Error(err)
				}
				s.Close()
			})
		})
	}
}

// TestPullAsksBeforeALargeFileEnds: the next request is under way before the end of
// a large file, so that the stream does not idle, and not long before.
func TestPullAsksBeforeALargeFileEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		var asked atomic.Int64
		send := make(chan []byte)
		s.Service = func(c net.Conn, _ string) {
			s.Go(func() { countRequests(c, &asked) })
			for b := range send {
				c.Write(b)
			}
		}
		seq := slices.Values([]PullRequest{{Path: "/large", Size: 5000}, {Path: "/next", Size: 5000}})
		pulled := make(chan error)
		go func() { pulled <- s.device(t).Pull(t.Context(), seq, PullWindow{Bytes: 100}, &memorySink{}) }()
		for _, part := range []struct {
			bytes int
			asked int64
		}{{4900, 1}, {1, 2}, {99, 2}} {
			send <- data(strings.Repeat("x", part.bytes))
			synctest.Wait()
			if got := asked.Load(); got != part.asked {
				t.Errorf("%d requests when %d more bytes had arrived, want %d", got, part.bytes, part.asked)
			}
		}
		for range 2 {
			send <- wire.AppendSyncHeader(nil, wire.IDDone, 0)
		}
		close(send)
		if err := <-pulled; err != nil {
			t.Error(err)
		}
		s.Close()
	})
}

func countRequests(c net.Conn, asked *atomic.Int64) {
	r := bufio.NewReader(c)
	for {
		_, n, err := wire.ReadSyncHeader(r)
		if err != nil {
			return
		}
		io.CopyN(io.Discard, r, int64(n))
		asked.Add(1)
	}
}

func TestPullWaitsForItsSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tree, paths := bigTree(3)
		s := newScriptedServer(t)
		s.Service = tree.serve
		slow := func(yield func(PullRequest) bool) {
			for _, p := range paths {
				time.Sleep(100 * DefaultIdleTimeout) // nothing is owed meanwhile
				if !yield(PullRequest{Path: p}) {
					return
				}
			}
		}
		var sink memorySink
		if err := s.device(t).Pull(t.Context(), slow, PullWindow{}, &sink); err != nil {
			t.Fatal(err)
		}
		sink.check(t, tree, paths)
		s.Close()
	})
}

func TestPullEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, _ string) { io.Copy(io.Discard, c) }
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(stop) })
		endless := func(yield func(PullRequest) bool) {
			for yield(PullRequest{Path: "/a"}) {
			}
		}
		start := time.Now()
		err := s.device(t).Pull(ctx, endless, PullWindow{}, &memorySink{})
		if !errors.Is(err, stop) || time.Since(start) != time.Second {
			t.Errorf("Pull ended after %v: %v, want the context's cause after 1s", time.Since(start), err)
		}
		s.Close()
	})
}

// discardSink takes files without an allocation.
type discardSink struct{ done int }

func (s *discardSink) Open(int) (io.Writer, error) { return io.Discard, nil }

func (s *discardSink) Done(_ int, err error) error {
	s.done++
	return err
}

func TestPullAllocations(t *testing.T) {
	const files = 4000
	var reqs []PullRequest
	for i := range files {
		reqs = append(reqs, PullRequest{Path: fmt.Sprintf("/sdcard/DCIM/Camera/%d.jpg", i), Size: 100})
	}
	answers := bytes.Repeat(append(data(strings.Repeat("x", 100)), wire.AppendSyncHeader(nil, wire.IDDone, 0)...), files)
	s := newScriptedServer(t)
	s.Service = func(c net.Conn, _ string) {
		go io.Copy(io.Discard, c)
		c.Write(answers)
		io.Copy(io.Discard, c)
	}
	d := s.device(t)
	per := testing.AllocsPerRun(3, func() {
		sink := &discardSink{}
		seq := func(yield func(PullRequest) bool) {
			for _, r := range reqs {
				if !yield(r) {
					return
				}
			}
		}
		if err := d.Pull(t.Context(), seq, PullWindow{}, sink); err != nil || sink.done != files {
			t.Fatalf("%d files, %v", sink.done, err)
		}
	}) / files
	if per > 0.5 {
		t.Errorf("%.2f allocations a file, want at most 0.5", per)
	}
}
