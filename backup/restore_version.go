package backup

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
)

// version looks which version of an app is there, nil when it is not.
func (r *restorer) version(ctx context.Context, name string) (*manifest.App, error) {
	line, err := handset.PackagePath.With(name)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, r.link, line)
	if err != nil && !errors.Is(err, errRefused) {
		return nil, err
	}
	there := &manifest.App{Package: name, Files: installedPaths(a.Stdout)}
	if err != nil || len(there.Files) == 0 {
		return nil, nil //nolint:nilerr // the installer will say
	}
	if line, err = handset.PackageTimes.With(name); err != nil {
		return nil, err
	}
	a, err = ask(ctx, r.link, line)
	if err != nil && !errors.Is(err, errRefused) {
		return nil, err
	}
	describeApp(there, a.Stdout)
	return there, nil
}

// installedPaths reads `pm path`, also of an app that came with the system.
func installedPaths(out []byte) (paths []string) {
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "package:/"); ok && len(paths) < maxAPKs {
			paths = append(paths, "/"+name)
		}
	}
	return paths
}

// compareVersions is negative when the saved app is newer than the one there, or
// which is newer cannot be told; the installer then has the last word.
func compareVersions(there, saved *manifest.App) int {
	if there == nil {
		return -1
	}
	was, err1 := strconv.ParseInt(there.VersionCode, 10, 64)
	is, err2 := strconv.ParseInt(saved.VersionCode, 10, 64)
	switch {
	case err1 == nil && err2 == nil && was > is:
		return 1
	case err1 == nil && err2 == nil && was == is, (err1 != nil || err2 != nil) && there.Version != "" && there.Version == saved.Version:
		return 0
	}
	return -1
}
