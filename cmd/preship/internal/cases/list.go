package cases

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/register"
)

// Folder is a folder that holds cases, and the console of the person who looks through
// it. All fields are needed.
type Folder struct {
	*console.Console
	Dir string // --out
	// Ask asks a question that a flag answers as well.
	Ask func(ctx context.Context, flag string, question message.Sentence) (string, error)
	// Shared is the register that desks share; nil: there is none, and lists are of Dir alone.
	Shared desks.Shared
}

// List returns the cases that match a filter, the one worked on last first; with a shared
// register those of all desks. With rebuild it makes the register from the folders again. If the register cannot be used,
// List warns and reads the folders alone. A Dir that is no folder of cases gives a
// usage error.
func (f *Folder) List(ctx context.Context, like register.Filter, rebuild bool) ([]register.Entry, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if f.Shared != nil {
		all, err := f.listBy(ctx, f.openShared, like, rebuild)
		if err == nil || ctx.Err() != nil {
			return all, err
		}
		f.Warn(message.Say("cases.shared.unusable", "error", message.Of(err)))
	}
	if !f.used() {
		return nil, nil // a folder without cases gets no register
	}
	all, err := f.listBy(ctx, register.Open, like, rebuild)
	if err == nil || ctx.Err() != nil {
		return all, err
	}
	f.Warn(message.Say("cases.register.unusable", "error", message.Of(err)))
	return f.listBy(ctx, register.OpenInMemory, like, false)
}

// used reports whether the folder holds a register or a case.
func (f *Folder) used() bool {
	if _, err := os.Stat(filepath.Join(f.Dir, register.FileName)); err == nil {
		return true
	}
	entries, err := os.ReadDir(f.Dir)
	return err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		_, err := os.Lstat(filepath.Join(f.Dir, e.Name(), "case.json"))
		return err == nil
	})
}

// openShared opens the register of the folder in the store that desks share.
func (f *Folder) openShared(ctx context.Context, dir string) (*register.Register, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	store, err := f.Shared.Store(ctx, abs)
	if err != nil {
		return nil, err
	}
	return register.In(abs, store)
}

// elsewhere reports whether a case is of another desk, or of another folder of this one.
func (f *Folder) elsewhere(c register.Entry) bool {
	if f.Shared == nil || c.Desk == "" {
		return false
	}
	abs, err := filepath.Abs(f.Dir)
	return err != nil || c.Desk != f.Shared.Name() || c.Folder != abs
}

// standing says where a case stands, and the next thing to do about it.
func (f *Folder) standing(c register.Entry) (where, next message.Sentence) {
	where, next = Standing(f.Dir, c)
	if f.elsewhere(c) {
		next = message.Say("cases.next.at-desk", "folder", console.Quote(filepath.Join(c.Folder, c.Path)))
		where = message.Say("cases.stand.at-desk", "desk", c.Desk, "stand", where)
	}
	return where, next
}

func (f *Folder) check() error {
	dir := f.Dir
	if fi, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return job.Usage(message.Say("cases.folder.missing", "folder", dir))
	} else if err != nil {
		return job.Usage(message.Say("cases.folder.error", "error", message.Of(err)))
	} else if !fi.IsDir() {
		return job.Usage(message.Say("cases.folder.file", "folder", dir))
	}
	if _, err := os.Lstat(filepath.Join(dir, "case.json")); err == nil {
		return job.Usage(message.Say("cases.folder.case", "folder", dir))
	}
	return nil
}

func (f *Folder) listBy(ctx context.Context, open func(context.Context, string) (*register.Register, error), like register.Filter, rebuild bool) (all []register.Entry, err error) {
	r, err := open(ctx, f.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var read register.Changes
	if rebuild {
		if read, err = r.Rebuild(ctx, f.Now()); err != nil {
			return nil, err
		}
	}
	if all, err = r.List(ctx, f.Now(), like); err != nil {
		return nil, err
	}
	switch {
	case errors.Is(r.Rebuilt(), register.ErrDamaged):
		f.Say(message.Say("cases.register.damaged"))
	case r.Rebuilt() != nil:
		f.Say(message.Say("cases.register.other-version"))
	case rebuild:
		f.Say(message.Say("cases.register.rebuilt", "count", read.Cases))
	}
	return all, nil
}

// Case is an item of `preship cases --json`.
type Case struct {
	register.Entry
	Stand register.Stand `json:"stand"`
	Next  string         `json:"next"` // the next thing to do; "" when nothing is
}

// Described returns the items of `preship cases --json`.
func (f *Folder) Described(all []register.Entry) iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for _, c := range all {
			_, next := f.standing(c)
			if !yield(Case{c, c.Stand(), next.String()}) {
				return
			}
		}
	}
}
