package backup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"preship/adb"
	"preship/adb/handset"
)

const (
	// statChunk is how many names are asked about before another stream may take over.
	statChunk = 1024
	// A shell tells by an exit status above this that a signal ended a program,
	// as happens to a find whose daemon goes away: its list is not whole.
	exitBySignal = 128
	findTries    = 3
)

// lister makes the plan's list: names by find, then what each name is by
// lstat. Two listings, because either alone lies: find knows of every folder it
// could not open, while sync shows such a folder as an empty one; and only the
// second sees what the first named but cannot be looked at.
type lister struct {
	link    *link
	plan    *plan
	streams int
	notes   []string // what the listings disagree on, for people
	moved   func(names int)
}

// root lists one storage. A storage that cannot be listed at all is skipped with
// the reason; an error means that the handset could not be asked.
func (l *lister) root(ctx context.Context, r *Root) error {
	line, err := handset.FindFiles.With(r.Path)
	if err != nil {
		return err
	}
	start := uint32(l.plan.count)
	var end findEnd
	for try := 1; try == 1 || try <= findTries && end.exit > exitBySignal; try++ {
		err = l.link.retry(ctx, func(ctx context.Context) error {
			l.plan.cut(int(start))
			end, err = l.find(ctx, line.String(), r.Path)
			return err
		})
		if err != nil {
			return fmt.Errorf("list %s: %w", r.Path, err)
		}
	}
	if uint32(l.plan.count) == start {
		r.Skipped = "cannot be listed: " + display(firstLine(end.stderr, fmt.Sprintf("find named nothing, exit status %d", end.exit)))
		return nil
	}
	r.Names = int64(l.plan.count) - int64(start)
	if err := l.stat(ctx, start); err != nil {
		return fmt.Errorf("list %s: %w", r.Path, err)
	}
	l.complaints(start, end)
	return nil
}

// findEnd is how find ended.
type findEnd struct {
	stderr []byte
	whole  bool // stderr is all there
	exit   int
	odd    int // names refused
}

func (l *lister) find(ctx context.Context, line, root string) (end findEnd, err error) {
	s, err := l.link.dev.StartShell(ctx, line)
	if err != nil {
		return end, err
	}
	defer s.Close()
	end.odd, err = readNames(s, root, func(name []byte) error {
		if l.plan.count%statChunk == 0 {
			l.moved(l.plan.count)
		}
		_, err := l.plan.add(name)
		return err
	})
	if err != nil {
		return end, err
	}
	end.exit, err = s.Wait()
	end.stderr, end.whole = s.Stderr()
	return end, err
}

// readNames gives every name that find -print0 prints for root to add; odd
// counts those that cannot be from below root, which are left out. A name
// without its NUL is adb.ErrProtocol: find did not end there by itself.
func readNames(r io.Reader, root string, add func(name []byte) error) (odd int, err error) {
	in := bufio.NewReaderSize(r, 2*maxPath)
	for {
		name, err := in.ReadSlice(0)
		switch {
		case errors.Is(err, io.EOF) && len(name) == 0:
			return odd, nil
		case errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull):
			return odd, fmt.Errorf("find: %w: a name without an end", adb.ErrProtocol)
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

// below reports whether a name is one that find can print below root. What is
// not would be put outside of the backup, or over something in it.
func below(name []byte, root string) bool {
	rest, ok := bytes.CutPrefix(name, []byte(root))
	if !ok || len(name) > maxPath {
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

// stat asks what every name from start on is, over several streams.
func (l *lister) stat(ctx context.Context, start uint32) error {
	var next atomic.Uint32
	next.Store(start)
	g, ctx := errgroup.WithContext(ctx)
	for range l.streams {
		g.Go(func() error { return l.statStream(ctx, &next) })
	}
	return g.Wait()
}

// statStream takes chunks of names until there are none, all on one stream as
// long as that holds.
func (l *lister) statStream(ctx context.Context, next *atomic.Uint32) error {
	s := &statter{link: l.link}
	defer s.close()
	for {
		from := next.Add(statChunk) - statChunk
		if from >= uint32(l.plan.count) {
			return nil
		}
		ids := make([]uint32, 0, statChunk)
		for i := from; i < min(from+statChunk, uint32(l.plan.count)); i++ {
			ids = append(ids, i)
		}
		if err := s.stat(ctx, l.plan, ids, l.plan.describe); err != nil {
			return err
		}
	}
}

// statter asks what names are, over one sync stream that it opens when needed.
type statter struct {
	link *link
	sync *adb.Sync
}

// stat calls fn with what lstat says of each entry. After a broken connection it
// asks for all of ids again.
func (s *statter) stat(ctx context.Context, p *plan, ids []uint32, fn func(i uint32, fi adb.FileInfo, err error)) error {
	paths := make([]string, len(ids))
	for k, i := range ids {
		paths[k] = string(p.path(i))
	}
	return s.link.retry(ctx, func(ctx context.Context) (err error) {
		if s.sync == nil {
			if s.sync, err = s.link.dev.Sync(ctx); err != nil {
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

// describe enters what lstat said of an entry.
func (p *plan) describe(i uint32, fi adb.FileInfo, err error) {
	e := p.at(i)
	if err != nil {
		s := stateUnreadable
		if errors.Is(err, fs.ErrNotExist) {
			s = stateVanished
		}
		p.settle(i, s, reasonText(err))
		return
	}
	e.mode, e.size, e.mtime, e.ino = fi.Mode, fi.Size, fi.MTime.Unix(), fi.Ino
	e.marks &^= markInexact
	if !fi.SizeExact {
		e.marks |= markInexact
	}
	if fi.IsRegular() {
		e.state = stateListed
	} else {
		e.state = stateRecorded
	}
}

// complaints turns what find said on stderr into entries' states where it names
// one, and into notes where it does not.
func (l *lister) complaints(start uint32, end findEnd) {
	about := map[string]string{}
	for line := range strings.Lines(string(end.stderr)) {
		line = strings.TrimRight(line, "\r\n")
		if name, reason, ok := complaint(line); ok {
			about[name] = reason
		} else if line != "" {
			l.notes = append(l.notes, "find: "+display(line))
		}
	}
	explained := len(about) > 0
	for i := start; i < uint32(l.plan.count) && len(about) > 0; i++ {
		if reason, ok := about[string(l.plan.path(i))]; ok {
			l.plan.settle(i, stateUnreadable, "find: "+display(reason))
			delete(about, string(l.plan.path(i)))
		}
	}
	for name, reason := range about {
		l.notes = append(l.notes, fmt.Sprintf("find: %s: %s", display(name), display(reason)))
	}
	if !end.whole {
		l.notes = append(l.notes, "find complained more often than is kept")
	}
	if end.odd > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%d names were refused: not below the folder that was listed", end.odd))
	}
	switch {
	case end.exit < 0:
		l.notes = append(l.notes, "the handset does not tell whether find listed all of it")
	case end.exit > 0 && !explained && len(end.stderr) == 0:
		l.notes = append(l.notes, fmt.Sprintf("find ended with exit status %d and did not say why", end.exit))
	}
}

// complaint takes apart a line such as "find: '/a/b': Permission denied"; the
// quotes are not in every build.
func complaint(line string) (name, reason string, ok bool) {
	rest, ok := strings.CutPrefix(line, "find: ")
	if !ok {
		return "", "", false
	}
	cut := strings.LastIndex(rest, ": ")
	if cut < 0 {
		return "", "", false
	}
	name, reason = rest[:cut], rest[cut+2:]
	if len(name) > 2 && (name[0] == '\'' && name[len(name)-1] == '\'' || name[0] == '"' && name[len(name)-1] == '"') {
		name = name[1 : len(name)-1]
	}
	return name, reason, strings.HasPrefix(name, "/")
}

func firstLine(b []byte, otherwise string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	if line == "" {
		return otherwise
	}
	return line
}

// reasonText is an error as the reason of an entry.
func reasonText(err error) string {
	var refused *adb.SyncError
	if errors.As(err, &refused) && refused.Message != "" {
		return display(refused.Message)
	}
	return display(err.Error())
}
