package backup

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/manifest"
)

// maxApps bounds how many apps are looked at.
const maxApps = 4096

var (
	packageName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+$`)
	versionLine = regexp.MustCompile(`(?m)^\s*(versionName|versionCode|installerPackageName|firstInstallTime)=(\S.*?)\s*$`)
)

// listApps finds the owner's apps and puts their files on the plan, to be copied
// and proved like every other file.
func (j *job) listApps(ctx context.Context, l *lister) error {
	start := uint32(j.plan.count)
	var err error
	if j.keep.apps, err = j.keep.listApps(ctx); errors.Is(err, errRefused) {
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
	names, err := parsePackages(a.Stdout)
	if err != nil {
		return nil, err
	}
	apps := make([]*manifest.App, len(names))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(askAtOnce)
	for i, name := range names {
		g.Go(func() (err error) {
			if apps[i], err = k.app(gctx, name); errors.Is(err, errRefused) {
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
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	a, err := k.query(ctx, line, "apps", name+".path")
	if err != nil {
		return nil, err
	}
	app.Files = parsePaths(a.Stdout)
	line, err = handset.PackageTimes.With(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	a, err = k.ask(ctx, line)
	if errors.Is(err, errRefused) {
		return app, nil
	}
	if err != nil {
		return nil, err
	}
	describeApp(app, a.Stdout)
	return app, nil
}

// describeApp takes version and origin out of `dumpsys package`. The first of each
// counts: what follows is of an earlier version where the app came with the system.
func describeApp(a *manifest.App, dump []byte) {
	for _, m := range versionLine.FindAllSubmatch(dump[:min(len(dump), 1<<20)], -1) {
		value := manifest.Display(string(m[2]))
		switch key := string(m[1]); {
		case key == "versionName" && a.Version == "":
			a.Version = value
		case key == "versionCode" && a.VersionCode == "":
			a.VersionCode, _, _ = strings.Cut(value, " ")
		case key == "installerPackageName" && a.Installer == "" && value != "null":
			a.Installer = value
		case key == "firstInstallTime" && a.Installed == "":
			a.Installed = value
		}
	}
}

// parsePackages reads `pm list packages -f`. The path may hold "=", the package not.
func parsePackages(out []byte) (names []string, err error) {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		rest, ok := strings.CutPrefix(line, "package:")
		name := rest[strings.LastIndexByte(rest, '=')+1:]
		if !ok || !packageName.MatchString(name) || len(names) == maxApps {
			return nil, fmt.Errorf("%w: %.80q is no list of apps", errRefused, line)
		}
		names = append(names, name)
	}
	return names, nil
}

// parsePaths reads `pm path`. A path from where no app of the owner's can lie is
// left out: it would be copied into the backup under that name.
func parsePaths(out []byte) (paths []string) {
	for line := range strings.Lines(string(out)) {
		name, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "package:")
		if ok && manifest.IsAPK(name) {
			paths = append(paths, name)
		}
	}
	return paths
}

// wholeApps is the group of the apps of which a file is not saved.
const wholeApps = "apps"

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
		out.note("%d of %d app files are not saved and proved: %s", unproved, files.Listed, k.plan.namedWhere(k.plan.ofApp, stateSaved))
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
