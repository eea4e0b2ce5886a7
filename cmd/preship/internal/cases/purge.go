package cases

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/desks"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/purge"
	"preship/report"
	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
	"preship/report/trust"
)

// KeepFor is the default time that data is held after it was handed back: an owner who finds something missing comes back within weeks.
const KeepFor = "30d"

// PurgeOptions choose what a purge deletes.
type PurgeOptions struct {
	OlderThan  string   // how long ago it was handed back at least, such as 30d
	HandedBack []string // cases to mark and to purge at once; OlderThan does not count then
	DryRun     bool
	Yes        bool // ask nothing
	JSON       bool
	// Signer loads the key that signs the statements, before anything is deleted.
	Signer func(ctx context.Context) (trust.Signer, error)
	Tool   report.Tool
	Stamp  bundle.Stamper // nil: no authority is asked
}

// purged is one case of a purge: an item of "cases" in `preship cases purge --json`.
type purged struct {
	ID         string     `json:"id"`
	Path       string     `json:"path"`
	Bytes      *int64     `json:"bytes"`       // as the backup counted them; null: unknown
	HandedBack *time.Time `json:"handed_back"` // null: it was not marked before
	Deleted    bool       `json:"deleted"`
	Statement  string     `json:"statement"` // the file with the signed statement; "" without one
	Problem    string     `json:"problem"`   // why it was not; "" when it was, or only would be
}

// purging is the object `preship cases purge --json` prints.
type purging struct {
	DryRun bool     `json:"dry_run"`
	Cases  []purged `json:"cases"`
	Bytes  int64    `json:"bytes"` // of the cases whose size is known
}

// Purge deletes the data of cases that were handed back, and prints a line for each. It
// returns false if a case had to keep its data.
func (f *Folder) Purge(ctx context.Context, opts PurgeOptions) (bool, error) {
	after, err := register.ParseSpan(opts.OlderThan)
	if err != nil {
		return false, job.Usage(message.Say("cases.purge.older-than", "error", message.Of(err)))
	}
	all, err := f.List(ctx, register.Filter{}, false)
	if err != nil {
		return false, err
	}
	chosen, err := f.chooseToPurge(all, opts, f.Now().Add(-after))
	if err != nil {
		return false, err
	}
	p := purging{DryRun: opts.DryRun, Cases: []purged{}}
	for _, c := range chosen {
		p.Cases = append(p.Cases, purged{ID: c.ID, Path: c.Path, Bytes: c.Backup.Bytes, HandedBack: c.Backup.HandedBack})
		if c.Backup.Bytes != nil {
			p.Bytes += *c.Backup.Bytes
		}
	}
	if !opts.JSON {
		f.tellPurge(p, all, chosen)
	}
	if len(chosen) > 0 && !opts.DryRun {
		if err := f.confirmPurge(ctx, opts, len(chosen)); err != nil {
			return false, err
		}
		signer, err := opts.Signer(ctx)
		if err != nil {
			return false, err
		}
		if err := p.run(ctx, f, opts, signer); err != nil {
			return false, err
		}
	}
	if opts.JSON {
		if err := f.PrintJSON(p); err != nil {
			return false, err
		}
	}
	return !slices.ContainsFunc(p.Cases, func(c purged) bool { return c.Problem != "" }), nil
}

// chooseToPurge names the cases: those asked for, or all that were handed back
// before a time. The case itself is asked again before anything is deleted.
func (f *Folder) chooseToPurge(all []register.Entry, opts PurgeOptions, before time.Time) ([]register.Entry, error) {
	var chosen []register.Entry
	for _, name := range opts.HandedBack {
		c, err := f.named(all, name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(chosen, func(o register.Entry) bool { return o.Path == c.Path }) {
			chosen = append(chosen, c)
		}
	}
	if len(opts.HandedBack) > 0 {
		return chosen, nil
	}
	for _, c := range all {
		switch c.Stand() {
		case register.StandDeleting: // it was confirmed when it began
			chosen = append(chosen, c)
		case register.StandHandedBack:
			if !c.Backup.HandedBack.After(before) {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen, nil
}

// tellPurge shows what would go, and what stays and why.
func (f *Folder) tellPurge(p purging, all, chosen []register.Entry) {
	if len(chosen) > 0 {
		rows := [][]any{heads("cases.column.case", "cases.column.handset", "cases.column.number", "cases.column.handed-back", "cases.column.held")}
		for _, c := range chosen {
			when := message.Say("cases.purge.now")
			if c.Backup.HandedBack != nil {
				when = message.AsIs(day(*c.Backup.HandedBack))
			}
			rows = append(rows, []any{c.Path, handsetOf(c), numberOf(c), when, heldIn(c)})
		}
		f.Console.Table(rows)
	}
	held := 0
	for _, c := range all {
		if c.Backup.Held && !c.Gone {
			held++
		}
	}
	gone := message.Say("cases.purge.will", "count", len(chosen), "size", amount.Bytes(p.Bytes))
	if p.DryRun {
		gone = message.Say("cases.purge.would", "count", len(chosen), "size", amount.Bytes(p.Bytes))
	}
	f.Say(message.Join(message.Stop, gone, message.Say("cases.purge.keep", "count", max(held-len(chosen), 0))))
	if len(chosen) > 0 {
		f.Sayf("  %s", message.Say("cases.purge.signs"))
		f.Sayf("  %s", message.Say("cases.purge.for-good"))
		f.Sayf("  %s", message.Say("cases.purge.not-erased"))
	}
}

func (f *Folder) confirmPurge(ctx context.Context, opts PurgeOptions, n int) error {
	if opts.Yes {
		return nil
	}
	answer, err := f.Ask(ctx, "--yes", message.Say("cases.purge.ask", "count", n))
	if err != nil {
		return err
	}
	if answer != "yes" {
		return job.Usage(message.Say("cases.purge.refused", "answer", fmt.Sprintf("%q", answer)))
	}
	return nil
}

// run deletes case by case. One that must stay disturbs no other.
func (p *purging) run(ctx context.Context, f *Folder, opts PurgeOptions, signer trust.Signer) error {
	for i := range p.Cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &p.Cases[i]
		folder := filepath.Join(f.Dir, c.Path)
		res, err := f.deleteData(ctx, folder, opts, signer)
		if err != nil {
			c.Problem = err.Error()
			f.Warn(message.Say(keptWords(folder), "case", c.Path, "error", message.Of(err)))
			continue
		}
		c.Deleted, c.Statement = true, filepath.Join(folder, res.File)
		if !opts.JSON {
			files, size := res.Stated.Total()
			f.Print(message.Say("cases.purge.deleted", "case", c.Path))
			f.Sayf("  %s", message.Say("cases.purge.signed", "count", int(files), "size", amount.Bytes(size), "file", console.Quote(c.Statement)))
		}
	}
	return nil
}

// keptWords says of a case that could not be purged whether its data is still whole.
func keptWords(folder string) message.ID {
	if g, err := casedir.Look(folder); err == nil && g.Retention != nil && g.Retention.Deleting != nil && g.Retention.Deleted == nil {
		return "cases.purge.begun"
	}
	return "cases.purge.kept"
}

// deleteData takes the case for as long as it deletes, so that no other preship
// works on it.
func (f *Folder) deleteData(ctx context.Context, folder string, opts PurgeOptions, signer trust.Signer) (res purge.Result, err error) {
	c, err := casedir.Open(folder)
	if err != nil {
		return res, err
	}
	if len(opts.HandedBack) > 0 {
		err = c.HandBack(f.Now(), seal.Finished)
	}
	if err == nil {
		res, err = purge.Run(ctx, c, purge.Options{
			Now: f.Now, Verify: seal.Finished, Signer: signer, Tool: opts.Tool, Stamp: opts.Stamp,
			Places: purge.Archived(desks.Archive, f.Now),
		})
	}
	err = errors.Join(err, c.Close())
	f.register(ctx, folder)
	return res, err
}

// register keeps the list up to date after a command that changed a case. What
// cannot be written now is found at the next look.
func (f *Folder) register(ctx context.Context, folder string) {
	_ = register.Remember(ctx, folder, false, f.Now())
}
