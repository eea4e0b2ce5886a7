package cases

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"preship/cmd/preship/internal/console"
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
}

// List returns the cases that match a filter, the one worked on last first. With
// rebuild it makes the register from the folders again. If the register cannot be used,
// List warns and reads the folders alone. A Dir that is no folder of cases gives a
// usage error.
func (f *Folder) List(ctx context.Context, like register.Filter, rebuild bool) ([]register.Entry, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(f.Dir, register.FileName)); errors.Is(err, fs.ErrNotExist) {
		// A folder without cases gets no register.
		if all, err := f.listBy(ctx, register.OpenInMemory, register.Filter{}, false); err == nil && len(all) == 0 {
			return nil, nil
		}
	}
	all, err := f.listBy(ctx, register.Open, like, rebuild)
	if err == nil || ctx.Err() != nil {
		return all, err
	}
	f.Warn(message.Say("cases.register.unusable", "error", message.Of(err)))
	return f.listBy(ctx, register.OpenInMemory, like, false)
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
			_, next := Standing(f.Dir, c)
			if !yield(Case{c, c.Stand(), next.String()}) {
				return
			}
		}
	}
}
