package cases

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"preship/backup"
	"preship/backup/archive"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
)

// ErrNotWhole means that the backup of a case is not all that its manifest says.
var ErrNotWhole = message.Error(message.Say("cases.archive.not-whole"), nil)

// ArchiveOptions choose the data to archive. To and Keys are needed.
type ArchiveOptions struct {
	Cases  []string // empty: every finished case that has its data, and no archive
	To     string   // the address of the archive
	Keys   []string // the chain's public keys
	Retain string   // how long the archive is not to be deleted, such as 90d; empty: as the store does
	Free   bool     // delete the data here afterwards
	Yes    bool     // ask nothing
	JSON   bool
	// Progress is called with how far a case is. It may be nil.
	Progress func(meter.Progress)
	// PackBytes is the size of a pack; 0 is the usual one. Only tests change it.
	PackBytes int64
}

// archived is one case: an item of "cases" in `preship cases archive --json`.
type archived struct {
	ID      string `json:"id"`
	Path    string `json:"path"`
	Files   int    `json:"files"`
	Packs   int    `json:"packs"`
	Kept    int    `json:"kept"` // packs that an interrupted run had stored
	Bytes   int64  `json:"bytes"`
	Whole   bool   `json:"whole"` // all of it was read back
	Freed   bool   `json:"freed"` // the data here was deleted
	Problem string `json:"problem"`
}

// Archive archives cases, and prints a line for each. It returns false if one could not be.
func (f *Folder) Archive(ctx context.Context, opts ArchiveOptions) (bool, error) {
	to, err := archive.ParseAddress(opts.To)
	if err != nil || to.Case != "" {
		return false, job.Usage(message.Say("cases.archive.to", "error", message.Of(archive.ErrAddress)))
	}
	var until time.Time
	if opts.Retain != "" {
		span, err := register.ParseSpan(opts.Retain)
		if err != nil {
			return false, job.Usage(message.Say("cases.archive.retain", "error", message.Of(err)))
		}
		until = f.Now().Add(span)
	}
	chosen, err := f.chooseToArchive(ctx, opts, to)
	if err != nil {
		return false, err
	}
	if opts.Free && len(chosen) > 0 && !opts.Yes {
		answer, err := f.Ask(ctx, "--yes", message.Say("cases.archive.ask", "count", len(chosen), "address", to.String()))
		if err != nil {
			return false, err
		}
		if answer != "yes" {
			return false, job.Usage(message.Say("cases.archive.refused", "answer", fmt.Sprintf("%q", answer)))
		}
	}
	store, err := desks.Archive(to)
	if err != nil {
		return false, err
	}
	defer store.Close()
	run := archiving{f, store, to, until, opts}
	all := []archived{}
	for _, c := range chosen {
		one, err := run.entry(ctx, c)
		if err != nil {
			return false, err
		}
		all = append(all, one)
	}
	switch {
	case opts.JSON:
		err = f.PrintJSON(struct {
			Address string     `json:"address"`
			Cases   []archived `json:"cases"`
		}{to.String(), all})
	case len(all) == 0:
		f.Say(message.Say("cases.archive.nothing", "folder", console.Quote(f.Dir)))
	}
	return !slices.ContainsFunc(all, func(c archived) bool { return c.Problem != "" }), err
}

// chooseToArchive names the cases: those asked for, or all that are finished and not in the
// archive. The case itself is asked again before anything is written.
func (f *Folder) chooseToArchive(ctx context.Context, opts ArchiveOptions, to archive.Address) ([]register.Entry, error) {
	all, err := f.List(ctx, register.Filter{}, false)
	if err != nil {
		return nil, err
	}
	if len(opts.Cases) > 0 {
		return f.allNamed(all, opts.Cases)
	}
	var chosen []register.Entry
	for _, c := range all {
		done := c.Backup.Archived == to.String() && !(opts.Free && c.Backup.Held)
		switch c.Stand() {
		case register.StandReady, register.StandHandedBack:
			if c.Backup.Held && !done {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen, nil
}

// allNamed finds every case by its name before anything is done to the first.
func (f *Folder) allNamed(all []register.Entry, names []string) (chosen []register.Entry, err error) {
	for _, name := range names {
		c, err := f.named(all, name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(chosen, func(o register.Entry) bool { return o.Path == c.Path }) {
			chosen = append(chosen, c)
		}
	}
	return chosen, nil
}

// archiving is one run of Archive.
type archiving struct {
	*Folder
	store archive.Store
	to    archive.Address
	until time.Time
	opts  ArchiveOptions
}

// entry archives one case. A problem of the case disturbs no other; the error is the end of
// the run.
func (a *archiving) entry(ctx context.Context, entry register.Entry) (archived, error) {
	one := archived{ID: entry.ID, Path: entry.Path}
	folder := filepath.Join(a.Dir, entry.Path)
	err := a.archive(ctx, folder, &one)
	if a.opts.Progress != nil {
		a.opts.Progress(meter.Progress{})
	}
	a.register(ctx, folder)
	if ctx.Err() != nil {
		return one, ctx.Err()
	}
	if err != nil {
		one.Problem = err.Error()
		a.Warn(message.Say("cases.archive.failed", "case", entry.Path, "error", message.Of(err)))
		return one, nil
	}
	if a.opts.JSON {
		return one, nil
	}
	a.Print(message.Say("cases.archive.done", "case", entry.Path, "size", amount.Bytes(one.Bytes), "address", a.to.String()))
	if one.Freed {
		a.Print(message.Say("cases.archive.freed", "case", entry.Path))
	}
	return one, nil
}

// archive takes the case for as long as it is written, so that no other preship works on it.
func (a *archiving) archive(ctx context.Context, folder string, one *archived) (err error) {
	c, err := casedir.Open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Finished(seal.Finished); err != nil {
		return err
	}
	had, err := casedir.ArchiveIn(c.Root())
	if err != nil {
		return err
	}
	switch {
	case had != nil && had.Freeing != nil: // the archive alone has it
		if had.Address != a.to.String() {
			return message.Error(message.Say("cases.archive.elsewhere", "address", had.Address), nil)
		}
		one.Whole = true
	case had != nil && had.Address == a.to.String() && !had.Written.IsZero():
		if one.Whole, err = a.whole(ctx, c, had, one); err != nil {
			return err
		}
	}
	if !one.Whole {
		if err := a.write(ctx, c, had, one); err != nil {
			return err
		}
	}
	if a.opts.Free {
		err = c.FreeBackup(a.Now, seal.Finished)
		one.Freed = err == nil
	}
	return err
}

// whole reads all of an archive that was written before. One that is not whole any more is
// rewritten.
func (a *archiving) whole(ctx context.Context, c *casedir.Case, had *casedir.Archive, one *archived) (bool, error) {
	res, err := archive.Check(ctx, a.store, c.ID(), archive.CheckOptions{Sample: 1, Digest: had.List, Progress: a.progress})
	if err != nil {
		return false, err
	}
	for _, p := range res.Problems {
		a.Warn(message.Say("cases.archive.rotten", "case", c.ID(), "file", p.File, "problem", p.Sentence()))
	}
	one.Bytes = res.Bytes
	return len(res.Problems) == 0, nil
}

// write archives a case whose backup is whole.
func (a *archiving) write(ctx context.Context, c *casedir.Case, had *casedir.Archive, one *archived) error {
	check, err := backup.Check(c.Root(), true)
	if err != nil {
		return err
	}
	if len(check.Problems) > 0 {
		p := check.Problems[0]
		return message.Kind(message.Join(message.Colon, message.Of(ErrNotWhole), message.AsIs(p.File), p.Sentence()), ErrNotWhole)
	}
	if had != nil && had.Address != a.to.String() && !had.Written.IsZero() {
		return message.Error(message.Say("cases.archive.elsewhere", "address", had.Address), nil)
	}
	record := casedir.Archive{Address: a.to.String()}
	if err := c.SetArchive(record); err != nil {
		return err
	}
	now := a.Now().UTC().Truncate(time.Second)
	w, err := archive.Write(ctx, a.store, c.Root(), c.ID(), archive.Options{
		Address: record.Address, To: a.opts.Keys, Until: a.until, Now: now, PackBytes: a.opts.PackBytes, Progress: a.progress,
	})
	if err != nil {
		return err
	}
	one.Files, one.Packs, one.Kept, one.Bytes, one.Whole = w.Files, w.Packs, w.Kept, w.Bytes, true
	record.List, record.Written = w.Digest, now
	return c.SetArchive(record)
}

func (a *archiving) progress(done, all int64) {
	if a.opts.Progress != nil {
		a.opts.Progress(meter.Progress{Phase: meter.PhaseArchiving, BytesDone: done, BytesTotal: all})
	}
}
