package cases

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

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
	return f.source().List(ctx, like, rebuild)
}

func (f *Folder) source() *Source {
	return &Source{Dir: f.Dir, Shared: f.Shared, Now: f.Now, Say: f.Say, Warn: f.Warn}
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
			_, next := f.source().Standing(c)
			if !yield(Case{c, c.Stand(), next.String()}) {
				return
			}
		}
	}
}
