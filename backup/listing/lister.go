package listing

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// exitBySignal is the exit status above which a signal ended a program. find ends so
	// when its daemon restarts, and its list is then not complete.
	exitBySignal = 128
	findTries    = 3
)

// Lister lists storages into a plan: names by find, then the facts about each name by
// lstat. It takes two listings because each misses something: find reports every folder
// it could not open, which sync shows as empty; lstat shows names that find printed and
// that cannot be accessed.
type Lister struct {
	link    *link.Link
	plan    *plan.Plan
	streams int
	named   func(names int)
	notes   []message.Sentence
}

// New returns a lister that fills p. It calls lstat over streams sync streams, and named
// with the number of names so far.
func New(l *link.Link, p *plan.Plan, streams int, named func(names int)) *Lister {
	return &Lister{link: l, plan: p, streams: streams, named: named}
}

// Notes returns a sentence for each difference between the two listings and for each
// error that find printed.
func (l *Lister) Notes() []message.Sentence { return l.notes }

// List lists storages and returns those that the handset has. A storage that cannot be
// listed has the reason in Skipped. An error means that the handset could not be asked.
func (l *Lister) List(ctx context.Context, storages []Storage) ([]Storage, error) {
	for k := range storages {
		if err := l.list(ctx, &storages[k]); err != nil {
			return storages, err
		}
	}
	return slices.DeleteFunc(storages, func(s Storage) bool { return s.absent }), nil
}

// list lists one storage.
func (l *Lister) list(ctx context.Context, r *Storage) error {
	line, err := handset.FindFiles.With(r.Path)
	if err != nil {
		return err
	}
	start := l.plan.Len()
	if r.mayLack {
		if missing, err := l.missing(ctx, r); missing || err != nil {
			return err
		}
	}
	var end findEnd
	for try := 1; try == 1 || try <= findTries && end.exit > exitBySignal; try++ {
		err = l.link.Retry(ctx, func(ctx context.Context) error {
			l.plan.Cut(int(start))
			end, err = l.find(ctx, line, r.Path)
			return err
		})
		if err != nil {
			return fmt.Errorf("list %s: %w", r.Path, err)
		}
	}
	r.from, r.to = start, l.plan.Len()
	if r.to == start {
		r.skip(message.Say("backup.storage.why.not-listed"), query.FirstLine(end.stderr, message.Say("backup.doubt.no-names", "status", strconv.Itoa(end.exit))))
		return nil
	}
	r.Names = int64(r.to) - int64(start)
	if r.stopped && r.Names == 1 { // the empty folder is only a mount point
		r.skip(message.Say("backup.storage.why.shows-nothing"), message.Say("backup.storage.why.user-not-running"))
	}
	if err := l.Describe(ctx, start); err != nil {
		return fmt.Errorf("list %s: %w", r.Path, err)
	}
	l.complaints(start, end)
	if l.plan.State(start) == plan.StateUnreadable && string(l.plan.Path(start)) == r.Path {
		r.skip(message.Say("backup.storage.why.not-listed"), l.plan.Reason(start))
		if r.Names > 1 {
			r.skip(message.Say("backup.storage.why.listing-unfinished"), l.plan.Reason(start))
		}
	}
	if r.mayBeEmpty && r.Names == 1 && r.Skipped == "" && l.plan.Type(start) == manifest.TypeDir {
		l.plan.Cut(int(start))
		r.absent, r.to = true, start
	}
	return nil
}

// findEnd is the end of a run of find.
type findEnd struct {
	stderr []byte
	whole  bool // stderr is complete
	exit   int  // the exit status, negative if it is not known
	odd    int  // the number of refused names
}

func (l *Lister) find(ctx context.Context, line handset.Line, root string) (end findEnd, err error) {
	s, err := l.link.Start(ctx, line)
	if err != nil {
		return end, err
	}
	defer s.Close()
	end.odd, err = readNames(s, root, func(name []byte) error {
		if l.plan.Len()%statChunk == 0 {
			l.named(int(l.plan.Len()))
		}
		_, err := l.plan.Add(name)
		return err
	})
	if err != nil {
		return end, err
	}
	end.exit, err = s.Wait()
	end.stderr, end.whole = s.Stderr()
	return end, err
}

// statChunk is how many names a stream takes at a time.
const statChunk = 1024

// Describe calls lstat for every entry of the plan from start on, over several streams,
// and enters the answers.
func (l *Lister) Describe(ctx context.Context, start uint32) error {
	var next atomic.Uint32
	next.Store(start)
	g, ctx := errgroup.WithContext(ctx)
	for range l.streams {
		g.Go(func() error { return l.statStream(ctx, &next) })
	}
	return g.Wait()
}

// statStream takes chunks of names until all are taken. It uses one stream until the
// connection breaks.
func (l *Lister) statStream(ctx context.Context, next *atomic.Uint32) error {
	s := &statter{link: l.link}
	defer s.close()
	for {
		from := next.Add(statChunk) - statChunk
		if from >= l.plan.Len() {
			return nil
		}
		ids := make([]uint32, 0, statChunk)
		for i := from; i < min(from+statChunk, l.plan.Len()); i++ {
			ids = append(ids, i)
		}
		if err := s.stat(ctx, l.plan, ids, l.plan.Describe); err != nil {
			return err
		}
	}
}

// statter calls lstat over one sync stream, which it opens when needed.
type statter struct {
	link *link.Link
	sync *adb.Sync
}

// stat calls fn with the answer of lstat for each entry. After a broken connection it
// asks for all of ids again.
func (s *statter) stat(ctx context.Context, p *plan.Plan, ids []uint32, fn func(i uint32, fi adb.FileInfo, err error)) error {
	paths := make([]string, len(ids))
	for k, i := range ids {
		paths[k] = string(p.Path(i))
	}
	return s.link.Retry(ctx, func(ctx context.Context) (err error) {
		if s.sync == nil {
			if s.sync, err = s.link.Device().Sync(ctx); err != nil {
				s.sync = nil
				return err
			}
		}
		err = s.sync.LstatAll(paths, func(k int, fi adb.FileInfo, err error) error {
			fn(ids[k], fi, err)
			return nil
		})
		if err != nil {
			s.close()
		}
		return err
	})
}

func (s *statter) close() {
	if s.sync != nil {
		s.sync.Close()
		s.sync = nil
	}
}

// readNames calls add with every name that find -print0 printed for root. It leaves out
// names that are not below root, and counts them in odd. The error is [adb.ErrProtocol]
// for a name without its NUL, because find was cut off there.
func readNames(r io.Reader, root string, add func(name []byte) error) (odd int, err error) {
	in := bufio.NewReaderSize(r, 2*manifest.MaxPath)
	for {
		name, err := in.ReadSlice(0)
		switch {
		case errors.Is(err, io.EOF) && len(name) == 0:
			return odd, nil
		case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull):
			return odd, fmt.Errorf("find: %w", message.Detail(adb.ErrProtocol, message.Say("error.detail.no-end")))
		case err != nil:
			return odd, err
		}
		name = name[:len(name)-1]
		if !below(name, root) {
			odd++
			continue
		}
		if err := add(name); err != nil {
			return odd, err
		}
	}
}

// below reports whether find can print a name for root. A copy of another name could be
// written outside of the backup, or over another file in it.
func below(name []byte, root string) bool {
	rest, ok := bytes.CutPrefix(name, []byte(root))
	if !ok || len(name) > manifest.MaxPath {
		return false
	}
	if len(rest) == 0 {
		return true
	}
	if rest[0] != '/' {
		return false
	}
	for part := range bytes.SplitSeq(rest[1:], []byte("/")) {
		if len(part) == 0 || string(part) == "." || string(part) == ".." {
			return false
		}
	}
	return true
}
