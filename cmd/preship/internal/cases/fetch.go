package cases

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/archive"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/offsite"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// FetchOptions choose the data to fetch from the archive.
type FetchOptions struct {
	Cases    []string // names of cases of the folder, or addresses of cases in an archive
	Key      *agefile.Key
	JSON     bool
	Progress func(meter.Progress) // may be nil
}

// fetched is one case: an item of the list that `preship cases fetch --json` prints.
type fetched struct {
	ID      string `json:"id"`
	Folder  string `json:"folder"`
	Files   int    `json:"files"`
	There   int    `json:"there"` // files that were there already
	Bytes   int64  `json:"bytes"`
	Whole   bool   `json:"whole"` // the data is what the sealed manifest says
	Problem string `json:"problem"`
}

// Fetch brings the data of cases back from the archive: into the case, or into a new folder
// of Dir for a case that is named by its address. Names are looked up before anything is
// fetched. It returns false if a case is not whole afterwards.
func (f *Folder) Fetch(ctx context.Context, opts FetchOptions) (bool, error) {
	all, err := f.List(ctx, register.Filter{}, false)
	if err != nil {
		return false, err
	}
	var folders []string
	var places []*offsite.Place
	for _, name := range opts.Cases {
		if archive.IsAddress(name) || archive.InFolder(name) {
			p, err := offsite.At(name)
			if err != nil {
				return false, err
			}
			folders, places = append(folders, filepath.Join(f.Dir, p.Case)), append(places, p)
			continue
		}
		c, err := f.named(all, name)
		if err != nil {
			return false, err
		}
		folders, places = append(folders, filepath.Join(f.Dir, c.Path)), append(places, nil)
	}
	done := []fetched{}
	for i, folder := range folders {
		one := fetched{Folder: folder}
		err := f.fetch(ctx, folder, places[i], opts, &one)
		if opts.Progress != nil {
			opts.Progress(meter.Progress{})
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		f.register(ctx, folder)
		if err != nil {
			one.Problem = err.Error()
			f.Warn(message.Say("cases.fetch.failed", "case", folder, "error", message.Of(err)))
		} else if !opts.JSON {
			f.Print(message.Say("cases.fetch.done", "case", folder, "count", one.Files, "size", amount.Bytes(one.Bytes)))
		}
		done = append(done, one)
	}
	if opts.JSON {
		err = f.PrintJSON(done)
	}
	return !slices.ContainsFunc(done, func(c fetched) bool { return c.Problem != "" }), err
}

func (f *Folder) fetch(ctx context.Context, folder string, place *offsite.Place, opts FetchOptions, one *fetched) (err error) {
	if place != nil {
		return f.fetchWhole(ctx, folder, place, opts, one)
	}
	c, err := casedir.Open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	one.ID = c.ID()
	record, err := casedir.ArchiveIn(c.Root())
	switch {
	case err != nil:
		return err
	case record == nil || record.Written.IsZero():
		return casedir.ErrNotArchived
	}
	if place, err = offsite.Record(c.ID(), record); err != nil {
		return err
	}
	if err := into(ctx, folder, place, offsite.Data, opts, one); err != nil {
		return err
	}
	if err := whole(c.Root(), one); err != nil {
		return err
	}
	return c.Fetched()
}

// fetchWhole makes the folder of a case that is in the archive alone.
func (f *Folder) fetchWhole(ctx context.Context, folder string, place *offsite.Place, opts FetchOptions, one *fetched) (err error) {
	one.ID = place.Case
	if _, err := os.Lstat(filepath.Join(folder, casedir.CaseFileName)); err == nil {
		return casedir.ErrExists
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	// The file that makes it a case comes last.
	last := func(path string) bool { return path == casedir.CaseFileName }
	if err := into(ctx, folder, place, func(path string) bool { return !last(path) }, opts, one); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	if err := errors.Join(whole(root, one), root.Close()); err != nil {
		return err
	}
	if err := into(ctx, folder, place, last, opts, one); err != nil {
		return err
	}
	c, err := casedir.Open(folder)
	if err != nil {
		return err
	}
	err = c.SetArchive(casedir.Archive{Address: place.Address.String(), List: place.Digest, Written: place.Written})
	return errors.Join(err, c.Finished(seal.Finished), c.Close())
}

func into(ctx context.Context, folder string, place *offsite.Place, want func(string) bool, opts FetchOptions, one *fetched) error {
	source, err := place.Open(ctx, opts.Key)
	if err != nil {
		return err
	}
	place.Digest, place.Written = source.Digest(), source.Written()
	got, err := source.Fetch(ctx, folder, want, opts.Progress)
	one.Files, one.There, one.Bytes = one.Files+got.Files, one.There+got.There, one.Bytes+got.Bytes
	return errors.Join(err, source.Close())
}

// whole compares the fetched files with the manifest: an archive may be whole, and made by
// another person.
func whole(root *os.Root, one *fetched) error {
	res, err := backup.Check(root, true)
	if err != nil {
		return err
	}
	if len(res.Problems) > 0 {
		p := res.Problems[0]
		return message.Kind(message.Join(message.Colon, message.Of(ErrNotWhole), message.AsIs(p.File), p.Sentence()), ErrNotWhole)
	}
	one.Whole = true
	return nil
}
