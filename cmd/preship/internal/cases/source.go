package cases

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/report/message"
	"preship/report/register"
)

// Source is where lists of cases come from. All fields but Shared are needed.
type Source struct {
	Dir    string       // the folder of cases
	Shared desks.Shared // nil: lists are of Dir alone
	Now    func() time.Time
	Say    func(message.Sentence) // names the parts made again
	Warn   func(message.Sentence) // says which register cannot be used
}

// List returns the cases that match a filter, the one worked on last first; with a shared
// register those of all desks. With rebuild it makes the register from the folders again.
// If a register cannot be used, List warns, and reads the folders alone.
func (s *Source) List(ctx context.Context, like register.Filter, rebuild bool) ([]register.Entry, error) {
	if s.Shared != nil {
		all, err := s.listBy(ctx, s.openShared, like, rebuild)
		if err == nil || ctx.Err() != nil {
			return all, err
		}
		s.Warn(message.Say("cases.shared.unusable", "error", message.Of(err)))
	}
	if !s.used() {
		return nil, nil // a folder without cases gets no register
	}
	all, err := s.listBy(ctx, register.Open, like, rebuild)
	if err == nil || ctx.Err() != nil {
		return all, err
	}
	s.Warn(message.Say("cases.register.unusable", "error", message.Of(err)))
	return s.listBy(ctx, register.OpenInMemory, like, false)
}

// used reports whether the folder holds a register or a case.
func (s *Source) used() bool {
	if _, err := os.Stat(filepath.Join(s.Dir, register.FileName)); err == nil {
		return true
	}
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		_, err := os.Lstat(filepath.Join(s.Dir, e.Name(), "case.json"))
		return err == nil
	})
}

// openShared opens the register of the folder in the store that desks share.
func (s *Source) openShared(ctx context.Context, dir string) (*register.Register, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	store, err := s.Shared.Store(ctx, abs)
	if err != nil {
		return nil, err
	}
	return register.In(abs, store)
}

func (s *Source) listBy(ctx context.Context, open func(context.Context, string) (*register.Register, error), like register.Filter, rebuild bool) (all []register.Entry, err error) {
	r, err := open(ctx, s.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var read register.Changes
	if rebuild {
		if read, err = r.Rebuild(ctx, s.Now()); err != nil {
			return nil, err
		}
	}
	if all, err = r.List(ctx, s.Now(), like); err != nil {
		return nil, err
	}
	switch {
	case errors.Is(r.Rebuilt(), register.ErrDamaged):
		s.Say(message.Say("cases.register.damaged"))
	case r.Rebuilt() != nil:
		s.Say(message.Say("cases.register.other-version"))
	case rebuild:
		s.Say(message.Say("cases.register.rebuilt", "count", read.Cases))
	}
	return all, nil
}

// Elsewhere reports whether a case is of another desk, or of another folder of this one.
func (s *Source) Elsewhere(c register.Entry) bool {
	if s.Shared == nil || c.Desk == "" {
		return false
	}
	abs, err := filepath.Abs(s.Dir)
	return err != nil || c.Desk != s.Shared.Name() || c.Folder != abs
}

// Standing returns where a case stands, and the next thing to do about it. A case elsewhere
// is named with its desk, and a handset that somebody works on with who does.
func (s *Source) Standing(c register.Entry) (where, next message.Sentence) {
	where, next = Standing(s.Dir, c)
	if s.Elsewhere(c) {
		next = message.Say("cases.next.at-desk", "folder", console.Quote(filepath.Join(c.Folder, c.Path)))
		where = message.Say("cases.stand.at-desk", "desk", c.Desk, "stand", where)
	}
	if c.Work != nil {
		where = message.Join(message.Semicolon, where, message.Say("cases.stand.worked-on", "desk", c.Work.Desk, "since", c.Work.Since.Local().Format("2006-01-02 15:04")))
	}
	return where, next
}
