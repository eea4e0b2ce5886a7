package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Preview is what [Keeper.Save] would find, read without saving anything.
type Preview struct {
	// Findings has the kinds of data that the handset refuses whole, and the data that
	// cannot be saved. A kind that answers has no finding: a row of it may still be
	// refused.
	Findings report.Findings
	// Denied are the IDs of the findings whose cause is a permission that the shell lacks.
	Denied []string
	// Files are the paths of the files of the owner's apps.
	Files []string
}

// Look asks the providers for the _ids of their rows, and the package manager for the
// owner's apps. It reads only. An error is one of the connection.
func Look(ctx context.Context, ask func(context.Context, handset.Line) (handset.Answer, error)) (Preview, error) {
	var p Preview
	slots := make(chan struct{}, askAtOnce)
	asks := asks(func(ctx context.Context, line handset.Line) (handset.Answer, error) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			return handset.Answer{}, context.Cause(ctx)
		}
		return ask(ctx, line)
	})
	refused := make([]refusals, len(kinds))
	var apps []*manifest.App
	g, gctx := errgroup.WithContext(ctx)
	for i := range kinds {
		g.Go(func() error {
			return asks.refused(gctx, &kinds[i], &refused[i])
		})
	}
	g.Go(func() (err error) {
		apps, err = asks.apps(gctx)
		return err
	})
	if err := g.Wait(); err != nil {
		return p, err
	}
	for i := range kinds {
		if f, found := refused[i].finding(&kinds[i]); found {
			p.Findings = append(p.Findings, f)
		}
		if errors.Is(refused[i].all, query.ErrDenied) {
			p.Denied = append(p.Denied, kinds[i].finding)
		}
	}
	for _, app := range apps {
		p.Files = append(p.Files, app.Files...)
	}
	f, err := asks.unsaveable(ctx, apps)
	p.Findings = append(p.Findings, f)
	return p, err
}

// previewed are the tables that a kind is made of: if all are refused, so is the kind.
var previewed = map[string][]*table{
	check.BackupContacts: {&contactsTable, &rawContactsTable, &contactDataTable, &contactGroupsTable},
	check.BackupMessages: {&smsTable, &mmsTable},
	check.BackupCalls:    {&callsTable},
	check.BackupCalendar: {&eventsTable, &remindersTable, &calendarsTable, &attendeesTable},
}

// refusals is what the handset refuses of one kind.
type refusals struct {
	all  error   // why no table is given; nil: one is
	some outcome // the tables that are refused beside others that are given
}

// finding returns the finding about a kind that is refused, whole or in part.
func (r *refusals) finding(k *kind) (f report.Finding, found bool) {
	f = report.Finding{ID: k.finding, Method: report.MethodObserved}
	switch {
	case r.all != nil:
		f.See(reasonOf(r.all))
		k.refuse(&f, r.all)
	case len(r.some.missing) > 0:
		f.Status = report.StatusFail
		f.See(r.some.reasons())
		f.Tell(message.Say("backup.items.refused-part", "what", message.Say(k.what), "missing", r.some.describe()))
		f.Advise(message.Say("backup.items.broken.remedy", "check", k.finding))
	default:
		return f, false
	}
	return f, true
}

// refused asks for every table of a kind.
func (ask asks) refused(ctx context.Context, k *kind, r *refusals) error {
	given := false
	for _, t := range previewed[k.finding] {
		why := ask.refusal(ctx, t)
		if query.Ending(why) != nil {
			return fmt.Errorf("%s: %w", t.file, why)
		}
		given = given || why == nil
		if why != nil {
			r.some.miss(t.what, "", "", why)
			r.all = cmp.Or(r.all, why)
		}
	}
	if given {
		r.all = nil
	}
	return nil
}

// refusal returns why the handset gives no row of a table. See [Keeper.ids] for an empty
// answer. A provider that throws at one row may give the others.
func (ask asks) refusal(ctx context.Context, t *table) error {
	a, err := ask.query(ctx, handset.RowIDs, t.uri)
	if atOneRow(err) {
		_, again := ask.query(ctx, handset.ContentWhere, t.uri, "_id", "_id=-1")
		return again
	}
	if err != nil {
		return err
	}
	ids, err := query.ParseIDs(a)
	if err != nil || len(ids) > 0 {
		return nil //nolint:nilerr // rows that cannot be counted are rows
	}
	_, err = ask.query(ctx, handset.ContentWhere, t.uri, "_id", noColumn+" IS NULL")
	switch {
	case errors.Is(err, query.ErrNoColumn):
		return nil
	case err != nil:
		return err
	}
	return hidesRows(t)
}

// apps returns the owner's apps with their files, no app if the handset refuses.
func (ask asks) apps(ctx context.Context) ([]*manifest.App, error) {
	a, err := ask.query(ctx, handset.ThirdPartyApps)
	var names []string
	if err == nil {
		names, err = query.ParsePackages(a.Stdout)
	}
	if err != nil {
		return nil, query.Ending(err)
	}
	apps := make([]*manifest.App, len(names))
	g, ctx := errgroup.WithContext(ctx)
	for i, name := range names {
		g.Go(func() error {
			apps[i] = &manifest.App{Package: name, Files: []string{}}
			line, err := handset.PackagePath.With(name)
			if err != nil {
				return nil //nolint:nilerr // a name that cannot be asked for has no files
			}
			a, err := ask(ctx, line)
			if err == nil {
				apps[i].Files = query.ParsePaths(a.Stdout)
			}
			return query.Ending(err)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return onceEach(apps), nil
}

// hidesRows is the refusal of a provider that answers with no rows and may hide them.
func hidesRows(t *table) error {
	return query.Hides(t.uri)
}
