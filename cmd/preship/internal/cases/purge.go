package cases

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
	"preship/report/seal"
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
}

// purged is one case of a purge: an item of "cases" in `preship cases purge --json`.
type purged struct {
	ID         string     `json:"id"`
	Path       string     `json:"path"`
	Bytes      *int64     `json:"bytes"`       // as the backup counted them; null: unknown
	HandedBack *time.Time `json:"handed_back"` // null: it was not marked before
	Deleted    bool       `json:"deleted"`
	Problem    string     `json:"problem"` // why it was not; "" when it was, or only would be
}

// purge is the object `preship cases purge --json` prints.
type purge struct {
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
	p := purge{DryRun: opts.DryRun, Cases: []purged{}}
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
		if err := p.run(ctx, f, opts); err != nil {
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
func (f *Folder) tellPurge(p purge, all, chosen []register.Entry) {
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
	f.Sayf("%s %s", gone, message.Say("cases.purge.keep", "count", max(held-len(chosen), 0)))
	if len(chosen) > 0 {
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

// run deletes case by case. One that has to stay disturbs no other.
func (p *purge) run(ctx context.Context, f *Folder, opts PurgeOptions) error {
	for i := range p.Cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := &p.Cases[i]
		folder := filepath.Join(f.Dir, c.Path)
		if err := f.deleteData(ctx, folder, len(opts.HandedBack) > 0); err != nil {
			c.Problem = err.Error()
			f.Warn(message.Say("cases.purge.kept", "case", c.Path, "error", message.Of(err)))
			continue
		}
		c.Deleted = true
		if !opts.JSON {
			f.Print(message.Say("cases.purge.deleted", "case", c.Path))
		}
	}
	return nil
}

// deleteData takes the case for as long as it deletes, so that no other preship
// works on it.
func (f *Folder) deleteData(ctx context.Context, folder string, mark bool) error {
	c, err := casedir.Open(folder)
	if err != nil {
		return err
	}
	if mark {
		err = c.HandBack(f.Now(), seal.Finished)
	}
	if err == nil {
		err = c.DeleteBackup(f.Now, seal.Finished)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return err
	}
	f.register(ctx, folder)
	return nil
}

// register keeps the list up to date after a command that changed a case. What
// cannot be written now is found at the next look.
func (f *Folder) register(ctx context.Context, folder string) {
	_ = register.Remember(ctx, folder, false, f.Now())
}
