package restore

import (
	"context"
	"errors"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
)

// version returns the installed version of an app, nil if it is not installed.
func (in *installer) version(ctx context.Context, name string) (*manifest.App, error) {
	line, err := handset.PackagePath.With(name)
	if err != nil {
		return nil, err
	}
	a, err := query.Ask(ctx, in.link, line)
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return nil, err
	}
	there := &manifest.App{Package: name, Files: query.InstalledPaths(a.Stdout)}
	if err != nil || len(there.Files) == 0 {
		return nil, nil //nolint:nilerr // the installer will say
	}
	if line, err = handset.PackageTimes.With(name); err != nil {
		return nil, err
	}
	a, err = query.Ask(ctx, in.link, line)
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return nil, err
	}
	query.DescribeApp(there, a.Stdout)
	return there, nil
}
