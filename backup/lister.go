package backup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
	"preship/report/message"
)

const (
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
	link    *link.Link
	plan    *plan.Plan
	streams int
	notes   []string // what the listings disagree on, for people
	moved   func(names int)
}

// root lists one storage. A storage that cannot be listed at all is skipped with
// the reason; an error means that the handset could not be asked.
func (l *lister) root(ctx context.Context, r *storage) error {
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
		r.skip(message.Say("backup.storage.why.not-listed"), message.AsIs(manifest.Display(query.FirstLine(end.stderr, fmt.Sprintf("find named nothing, exit status %d", end.exit)))))
		return nil
	}
	r.Names = int64(r.to) - int64(start)
	if r.stopped && r.Names == 1 { // an empty folder is where its storage would be mounted
		r.skip(message.Say("backup.storage.why.shows-nothing"), message.Say("backup.storage.why.user-not-running"))
	}
	if err := l.stat(ctx, start); err != nil {
		return fmt.Errorf("list %s: %w", r.Path, err)
	}
	l.complaints(start, end)
	if l.plan.State(start) == plan.StateUnreadable && string(l.plan.Path(start)) == r.Path {
		r.skip(message.Say("backup.storage.why.not-listed"), message.AsIs(l.plan.Reason(start)))
		if r.Names > 1 {
			r.skip(message.Say("backup.storage.why.listing-unfinished"), message.AsIs(l.plan.Reason(start)))
		}
	}
	return nil
}

// findEnd is how find ended.
type findEnd struct {
	stderr []byte
	whole  bool // stderr is all there
	exit   int
	odd    int // names refused
}

func (l *lister) find(ctx context.Context, line handset.Line, root string) (end findEnd, err error) {
	s, err := l.link.Start(ctx, line)
	if err != nil {
		return end, err
	}
	defer s.Close()
	end.odd, err = readNames(s, root, func(name []byte) error {
		if l.plan.Len()%statChunk == 0 {
			l.moved(int(l.plan.Len()))
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

// readNames gives every name that find -print0 prints for root to add; odd
// counts those that cannot be from below root, which are left out. A name
// without its NUL is adb.ErrProtocol: find did not end there by itself.
func readNames(r io.Reader, root string, add func(name []byte) error) (odd int, err error) {
	in := bufio.NewReaderSize(r, 2*manifest.MaxPath)
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
