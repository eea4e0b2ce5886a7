package backup

import (
	"context"
	"errors"
	"fmt"
	"path"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"

	"preship/report/message"
)

// listApps finds the owner's apps and puts their files on the plan, to be copied
// and proved like every other file.
func (j *job) listApps(ctx context.Context, l *lister) error {
	start := uint32(j.plan.count)
	var err error
	if j.keep.apps, err = j.keep.listApps(ctx); errors.Is(err, query.ErrRefused) {
		j.keep.appsRefused = err
		return nil
	}
	if err != nil {
		return err
	}
	for _, app := range j.keep.apps {
		for _, name := range app.Files {
			if _, err := j.plan.add([]byte(name)); err != nil {
				return err
			}
		}
	}
	j.plan.appsFrom, j.plan.appsTo = start, uint32(j.plan.count)
	return l.stat(ctx, start)
}

func (k *keeper) listApps(ctx context.Context) ([]*manifest.App, error) {
	a, err := k.query(ctx, handset.ThirdPartyApps.Must(), "apps", "list")
	if err != nil {
		return nil, err
	}
	names, err := query.ParsePackages(a.Stdout)
	if err != nil {
		return nil, err
	}
	apps := make([]*manifest.App, len(names))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(askAtOnce)
	for i, name := range names {
		g.Go(func() (err error) {
			if apps[i], err = k.app(gctx, name); errors.Is(err, query.ErrRefused) {
				apps[i], err = &manifest.App{Package: name}, nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return onceEach(apps), nil
}

// onceEach leaves each file to the first app that names it.
func onceEach(apps []*manifest.App) []*manifest.App {
	seen := map[string]bool{}
	for _, app := range apps {
		files := app.Files
		app.Files = []string{}
		for _, f := range files {
			if !seen[f] {
				app.Files = append(app.Files, f)
			}
			seen[f] = true
		}
	}
	return apps
}

func (k *keeper) app(ctx context.Context, name string) (*manifest.App, error) {
	app := &manifest.App{Package: name}
	line, err := handset.PackagePath.With(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	a, err := k.query(ctx, line, "apps", name+".path")
	if err != nil {
		return nil, err
	}
	app.Files = query.ParsePaths(a.Stdout)
	line, err = handset.PackageTimes.With(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	a, err = k.ask(ctx, line)
	if errors.Is(err, query.ErrRefused) {
		return app, nil
	}
	if err != nil {
		return nil, err
	}
	query.DescribeApp(app, a.Stdout)
	return app, nil
}

// wholeApps is the group of the apps of which a file is not saved.
var wholeApps = group{"apps", "backup.kind.apps"}

// saveApps writes the list, now that it is known which files are saved.
func (k *keeper) saveApps(_ context.Context, out *outcome) error {
	if k.appsRefused != nil {
		return k.appsRefused
	}
	known := k.plan.index()
	whole := len(k.apps)
	out.of(wholeApps, len(k.apps))
	for _, app := range k.apps {
		if why := k.unsaved(app, known); why != "" {
			whole--
			out.miss(wholeApps, app.Package, "", errors.New(why))
		}
	}
	files, _ := k.plan.tallyWhere(k.plan.ofApp)
	if unproved := files.Saved - files.Proved; unproved > 0 {
		out.note(message.Say("backup.apps.files-not-proved", "count", unproved, "total", files.Listed, "names", k.plan.namedWhere(k.plan.ofApp, stateSaved)))
	}
	k.count("apps", whole)
	return writeLines(k, "apps.jsonl", k.apps)
}

// unsaved says why an app cannot be installed from what was saved, "" when it can.
func (k *keeper) unsaved(app *manifest.App, known *index) string {
	if len(app.Files) == 0 {
		return "where its files lie was not told"
	}
	for _, name := range app.Files {
		i, ok := known.find([]byte(name))
		if !ok {
			return manifest.Display(name) + " was not listed"
		}
		if s := k.plan.at(i).state; s == stateSaved || s == stateProved {
			continue
		}
		why := k.plan.reasons[i]
		if why == "" {
			why = "not saved"
		}
		return manifest.Display(path.Base(name)) + ": " + why
	}
	return ""
}
