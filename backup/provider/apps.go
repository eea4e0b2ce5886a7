package provider

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

// Apps returns the owner's apps. If the handset refuses, it returns no app and no error, and
// Save reports the refusal.
func (k *Keeper) Apps(ctx context.Context) ([]*manifest.App, error) {
	apps, err := k.listApps(ctx)
	if errors.Is(err, query.ErrRefused) {
		k.appsRefused = err
		return nil, nil
	}
	k.apps = apps
	return apps, err
}

func (k *Keeper) listApps(ctx context.Context) ([]*manifest.App, error) {
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

func (k *Keeper) app(ctx context.Context, name string) (*manifest.App, error) {
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

// wholeApps is the group of apps with a file that is not saved.
var wholeApps = group{"apps", "backup.kind.apps"}

// saveApps writes the list of apps, after their files were copied.
func (k *Keeper) saveApps(_ context.Context, out *outcome) error {
	if k.appsRefused != nil {
		return k.appsRefused
	}
	whole := len(k.apps)
	out.of(wholeApps, len(k.apps))
	for _, app := range k.apps {
		if why := k.unsaved(app); !why.Empty() {
			whole--
			out.miss(wholeApps, app.Package, "", message.Error(why, nil))
		}
	}
	if unproved, listed, names := k.files.Unproved(); unproved > 0 {
		out.note(message.Say("backup.apps.files-not-proved", "count", unproved, "total", listed, "names", names))
	}
	k.count("apps", whole)
	return writeLines(k.itemStore, "apps.jsonl", k.apps)
}

// unsaved returns why an app cannot be installed from the backup, an empty sentence if it
// can.
func (k *Keeper) unsaved(app *manifest.App) message.Sentence {
	if len(app.Files) == 0 {
		return message.Say("backup.why.no-app-files")
	}
	for _, name := range app.Files {
		if why := k.files.Unsaved(name); !why.Empty() {
			return message.Join(message.Colon, message.AsIs(manifest.Display(path.Base(name))), why)
		}
	}
	return message.Sentence{}
}
