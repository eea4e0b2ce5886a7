package cases

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report/register"
)

// Folder is a folder that holds cases, and the console of the person who looks through
// it. All fields are needed.
type Folder struct {
	*console.Console
	Dir string // --out
	// Ask asks a question that a flag answers as well.
	Ask func(ctx context.Context, flag, question string) (string, error)
}

// List returns the cases that match a filter, the one worked on last first. With
// rebuild it makes the register from the folders again. If the register cannot be used,
// List warns and reads the folders alone. A Dir that is no folder of cases gives a
// usage error.
func (f *Folder) List(ctx context.Context, like register.Filter, rebuild bool) ([]register.Entry, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	all, err := f.listBy(ctx, register.Open, like, rebuild)
	if err == nil || ctx.Err() != nil {
		return all, err
	}
	f.Warnf("%v. it is left alone, and the folders are read instead", err)
	return f.listBy(ctx, register.OpenInMemory, like, false)
}

func (f *Folder) check() error {
	dir := f.Dir
	if fi, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return usagef("--out %s: there is no such folder. look at the name, and at the folder you are in", dir)
	} else if err != nil {
		return usagef("--out: %v", err)
	} else if !fi.IsDir() {
		return usagef("--out %s: this is a file; name the folder the cases are in", dir)
	}
	if _, err := os.Lstat(filepath.Join(dir, "case.json")); err == nil {
		return usagef("--out %s: this is a case itself; name the folder it is in", dir)
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
	case r.Anew() != "":
		f.Sayf("the list of cases %s: it was made from the folders again", r.Anew())
	case rebuild:
		f.Sayf("the list was made from the folders again: %s", amount.Count(read.Cases, "case"))
	}
	return all, nil
}

// Case is an item of `preship cases --json`.
type Case struct {
	register.Entry
	Stand register.Stand `json:"stand"`
	Next  string         `json:"next"` // the next thing to do; "" when nothing is
}

// Described returns the items of `preship cases --json`; never nil.
func (f *Folder) Described(all []register.Entry) []Case {
	items := []Case{}
	for _, c := range all {
		_, next := standing(f.Dir, c)
		items = append(items, Case{c, c.Stand(), next})
	}
	return items
}
