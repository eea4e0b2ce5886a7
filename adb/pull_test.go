package adb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"

	"preship/adb/internal/wire"
)

// recvTree answers RECV (and stats, all missing) from files; a missing file
// is refused, which ends the service.
type recvTree map[string]string

func (tree recvTree) serve(c net.Conn, service string) { syncService(tree.answer)(c, service) }

func (tree recvTree) answer(id wire.ID, path string) ([]byte, bool) {
	if id == wire.IDLstatV2 {
		return wire.AppendStatV2(nil, id, wire.Stat{Errno: wire.ErrnoELOOP}), true
	}
	text, ok := tree[path]
	switch {
	case !ok:
		return syncFail("open failed: No such file or directory"), false
	case path == "/odd":
		return syncFail("the moon is in the wrong phase"), false
	case path == "/shrinks":
		return append(data(text), syncFail("read failed: I/O error")...), false
	}
	return append(data(text), wire.AppendSyncHeader(nil, wire.IDDone, 0)...), true
}

// data is text as DATA records of at most 64 KiB.
func data(text string) []byte {
	var b []byte
	for part := range slices.Chunk([]byte(text), wire.MaxSyncData) {
		b = append(wire.AppendSyncHeader(b, wire.IDData, uint32(len(part))), part...)
	}
	return b
}

// memorySink keeps what a Pull delivers.
type memorySink struct {
	files  []bytes.Buffer
	errs   []error
	opened map[int]int
}

func (s *memorySink) Open(i int) (io.Writer, error) {
	if i != len(s.errs) {
		return nil, fmt.Errorf("file %d opened when %d was due", i, len(s.errs))
	}
	if s.opened == nil {
		s.opened = map[int]int{}
	}
	s.opened[i]++
	s.grow(i)
	s.files[i].Reset()
	return &s.files[i], nil
}

func (s *memorySink) grow(i int) {
	for len(s.files) <= i {
		s.files = append(s.files, bytes.Buffer{})
	}
}

func (s *memorySink) Done(i int, err error) error {
	if i != len(s.errs) {
		return fmt.Errorf("file %d done when %d was due", i, len(s.errs))
	}
	s.grow(i)
	s.errs = append(s.errs, err)
	return nil
}

// check compares what came with tree: content where it is there, a refusal
// where it is not.
func (s *memorySink) check(t *testing.T, tree recvTree, paths []string) {
	t.Helper()
	if len(s.errs) != len(paths) {
		t.Fatalf("%d answers to %d requests", len(s.errs), len(paths))
	}
	for i, path := range paths {
		want, ok := tree[path]
		switch {
		case ok && s.errs[i] != nil:
			t.Errorf("%s: %v", path, s.errs[i])
		case ok && s.files[i].String() != want:
			t.Errorf("%s: %d bytes that differ from the file's %d", path, s.files[i].Len(), len(want))
		case !ok && !errors.Is(s.errs[i], fs.ErrNotExist):
			t.Errorf("%s: %v, want fs.ErrNotExist", path, s.errs[i])
		}
	}
}

func requests(paths ...string) iter.Seq[PullRequest] {
	return func(yield func(PullRequest) bool) {
		for _, p := range paths {
			if !yield(PullRequest{Path: p, Size: 10}) {
				return
			}
		}
	}
}

// bigTree has n files of many sizes, some empty, some of several records.
func bigTree(n int) (recvTree, []string) {
	tree, paths := recvTree{}, []string{}
	for i := range n {
		path := fmt.Sprintf("/f%d", i)
		size := i % 50
		if i%60 == 59 {
			size = wire.MaxSyncData*2 + i
		}
		tree[path] = strings.Repeat(string(rune('a'+i%26)), size)
		paths = append(paths, path)
	}
	return tree, paths
}

func TestPull(t *testing.T) {
	t.Parallel()
	tree, paths := bigTree(500)
	for _, w := range []PullWindow{{}, {Requests: 1}, {Bytes: 1}, {Requests: 1000, Bytes: 1 << 40}} {
		s := newScriptedServer(t)
		s.Service = tree.serve
		var sink memorySink
		if err := s.device(t).Pull(t.Context(), requests(paths...), w, &sink); err != nil {
			t.Fatalf("window %+v: %v", w, err)
		}
		sink.check(t, tree, paths)
		if n := s.Count("sync:"); n != 1 {
			t.Errorf("window %+v: %d streams, want 1", w, n)
		}
	}
}

func TestPullNothing(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	if err := s.device(t).Pull(t.Context(), requests(), PullWindow{}, &memorySink{}); err != nil {
		t.Error(err)
	}
	if asked := s.Questions(); len(asked) != 0 {
		t.Errorf("asked %q for nothing", asked)
	}
}

func TestPullContinuesAfterRefusals(t *testing.T) {
	t.Parallel()
	tree, paths := bigTree(300)
	for i := range paths {
		if i%100 == 7 || i == 8 || i == len(paths)-1 {
			delete(tree, paths[i])
		}
	}
	s := newScriptedServer(t)
	s.Service = tree.serve
	var sink memorySink
	if err := s.device(t).Pull(t.Context(), requests(paths...), PullWindow{}, &sink); err != nil {
		t.Fatal(err)
	}
	sink.check(t, tree, paths)
	if n := s.Count("sync:"); n != 5 { // one more for each refusal but the last request's
		t.Errorf("%d streams, want 5", n)
	}
	want := &SyncError{Op: "recv", Path: "/f7", Message: "open failed: No such file or directory", Errno: wire.ErrnoENOENT}
	if !reflect.DeepEqual(sink.errs[7], error(want)) {
		t.Errorf("refusal %#v, want %#v", sink.errs[7], want)
	}
}

func TestPullRefusalInTheMiddle(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("x", wire.MaxSyncPath)
	tree := recvTree{"/a": "first", "/shrinks": "half of it", "/odd": "", "/b": "last"}
	s := newScriptedServer(t)
	s.Service = tree.serve
	var sink memorySink
	if err := s.device(t).Pull(t.Context(), requests("/a", "/shrinks", long, "/odd", "/b"), PullWindow{}, &sink); err != nil {
		t.Fatal(err)
	}
	want := []error{
		nil,
		&SyncError{Op: "recv", Path: "/shrinks", Message: "read failed: I/O error", Errno: wire.ErrnoEIO},
		&SyncError{Op: "recv", Path: long, Errno: wire.ErrnoENAMETOOLONG},
		&SyncError{Op: "recv", Path: "/odd", Message: "the moon is in the wrong phase", Errno: wire.ErrnoELOOP}, // as lstat says
		nil,
	}
	if !reflect.DeepEqual(sink.errs, want) {
		t.Errorf("answers\n got %v\nwant %v", sink.errs, want)
	}
	if a, b := sink.files[0].String(), sink.files[4].String(); a != "first" || b != "last" {
		t.Errorf("files beside it: %q and %q", a, b)
	}
}

func TestPullFile(t *testing.T) {
	t.Parallel()
	s := newScriptedServer(t)
	s.Service = recvTree{"/a": "content", "/shrinks": "half"}.serve
	d := s.device(t)
	var out bytes.Buffer
	if n, err := d.PullFile(t.Context(), "/a", &out); n != 7 || err != nil || out.String() != "content" {
		t.Errorf("PullFile = %d, %v, wrote %q", n, err, out.String())
	}
	if _, err := d.PullFile(t.Context(), "/none", &out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("PullFile of nothing: %v, want fs.ErrNotExist", err)
	}
	if n, err := d.PullFile(t.Context(), "/shrinks", io.Discard); n != 4 || err == nil {
		t.Errorf("PullFile of half a file = %d, %v, want an error", n, err)
	}
	if _, err := s.client(t).Device("other").PullFile(t.Context(), "/a", &out); !errors.Is(err, ErrNoDevice) {
		t.Errorf("PullFile without a device: %v, want ErrNoDevice", err)
	}
}

// failingSink fails at one of its methods.
type failingSink struct{ open, write, done error }

func (s failingSink) Open(int) (io.Writer, error) { return s, s.open }

func (s failingSink) Write(p []byte) (int, error) { return len(p), s.write }

func (s failingSink) Done(int, error) error { return s.done }

func TestPullSinkFails(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("disk full: %w", ErrGone) // not to be taken for the stream's
	for _, sink := range []failingSink{{open: full}, {write: full}, {done: full}} {
		tree, paths := bigTree(100)
		s := newScriptedServer(t)
		s.Service = tree.serve
		if err := s.device(t).Pull(t.Context(), requests(paths...), PullWindow{}, sink); err != full {
			t.Errorf("%+v: Pull = %v, want the sink's own error", sink, err)
		}
		if n := s.Count("sync:"); n != 1 {
			t.Errorf("%+v: %d streams, want 1", sink, n)
		}
	}
}

func TestPullBadRecords(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string][]byte{
		"DATA too long":  wire.AppendSyncHeader(nil, wire.IDData, wire.MaxSyncData+1),
		"another answer": wire.AppendSyncHeader(nil, wire.IDOkay, 0),
		"FAIL too long":  wire.AppendSyncHeader(nil, wire.IDFail, 1<<31),
	} {
		s := newScriptedServer(t)
		s.Service = syncService(func(wire.ID, string) ([]byte, bool) { return answer, true })
		err := s.device(t).Pull(t.Context(), requests("/a"), PullWindow{}, &memorySink{})
		var lost *LostError
		if !errors.As(err, &lost) || lost.Next != 0 || !errors.Is(err, ErrProtocol) {
			t.Errorf("%s: %v, want a LostError by ErrProtocol", name, err)
		}
		if n := s.Count("sync:"); n != 1 {
			t.Errorf("%s: %d streams, want 1", name, n)
		}
	}
}

func FuzzPull(f *testing.F) {
	done := wire.AppendSyncHeader(nil, wire.IDDone, 0)
	f.Add(append(data("abc"), done...))
	f.Add(append(data("abc"), syncFail("read failed: I/O error")...))
	f.Add(append(append(data("a"), done...), done...))
	f.Fuzz(func(t *testing.T, answer []byte) {
		s := newScriptedServer(t)
		s.Service = func(c net.Conn, _ string) {
			go io.Copy(io.Discard, c)
			c.Write(answer)
		}
		var sink memorySink
		err := s.device(t).Pull(t.Context(), requests("/a", "/b"), PullWindow{}, &sink)
		var lost *LostError
		switch {
		case err == nil && len(sink.errs) != 2:
			t.Errorf("no error with %d answers", len(sink.errs))
		case errors.As(err, &lost) && lost.Next != len(sink.errs):
			t.Errorf("lost at %d with %d answers", lost.Next, len(sink.errs))
		}
		if !bytes.Contains(answer, []byte("DONE")) && slices.Contains(sink.errs, error(nil)) {
			t.Error("a file was complete without DONE")
		}
		s.Close()
	})
}
