package query

import (
	"fmt"
	"strconv"
	"strings"

	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/pattern"
)

// maxApps bounds the number of apps.
const maxApps = 4096

var (
	PackageName = pattern.New(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+$`)
	versionLine = pattern.New(`(?m)^\s*(versionName|versionCode|installerPackageName|firstInstallTime)=(\S.*?)\s*$`)
)

// DescribeApp reads version and installer from `dumpsys package`. The first of each
// counts: the next ones are of the version that came with the system. Android prints null
// for an app without a version name, or without an installer.
func DescribeApp(a *manifest.App, dump []byte) {
	named := false
	for _, m := range versionLine().FindAllSubmatch(dump[:min(len(dump), 1<<20)], -1) {
		value := manifest.Display(string(m[2]))
		switch key := string(m[1]); {
		case key == "versionName" && !named:
			if named = true; value != "null" {
				a.Version = value
			}
		case key == "versionCode" && a.VersionCode == "":
			a.VersionCode, _, _ = strings.Cut(value, " ")
		case key == "installerPackageName" && a.Installer == "" && value != "null":
			a.Installer = value
		case key == "firstInstallTime" && a.Installed == "":
			a.Installed = value
		}
	}
}

// ParsePackages reads `pm list packages -f`. The path may hold "=", the package not.
func ParsePackages(out []byte) (names []string, err error) {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		rest, ok := strings.CutPrefix(line, "package:")
		name := rest[strings.LastIndexByte(rest, '=')+1:]
		if !ok || !PackageName().MatchString(name) || len(names) == maxApps {
			return nil, message.Kind(message.Join(message.Colon, message.Say("error.refused"), message.Say("backup.why.no-app-list", "text", fmt.Sprintf("%.80q", line))), ErrRefused)
		}
		names = append(names, name)
	}
	return names, nil
}

// ParsePaths reads `pm path`. It leaves out a path that cannot be an owner's app: the
// file would be copied into the backup under that name.
func ParsePaths(out []byte) (paths []string) {
	for line := range strings.Lines(string(out)) {
		name, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "package:")
		if ok && manifest.IsAPK(name) {
			paths = append(paths, name)
		}
	}
	return paths
}

// InstalledPaths reads `pm path`, also of an app that came with the system.
func InstalledPaths(out []byte) (paths []string) {
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "package:/"); ok && len(paths) < MaxAPKs {
			paths = append(paths, "/"+name)
		}
	}
	return paths
}

// CompareVersions is negative if the saved app is newer than the installed one, or if
// the versions do not compare; the installer then decides.
func CompareVersions(there, saved *manifest.App) int {
	if there == nil {
		return -1
	}
	was, err1 := strconv.ParseInt(there.VersionCode, 10, 64)
	is, err2 := strconv.ParseInt(saved.VersionCode, 10, 64)
	named := there.Version != "" && there.Version != "null" // as earlier versions of preship kept it
	switch {
	case err1 == nil && err2 == nil && was > is:
		return 1
	case err1 == nil && err2 == nil && was == is, (err1 != nil || err2 != nil) && named && there.Version == saved.Version:
		return 0
	}
	return -1
}

const (
	// MaxAPKs bounds the number of app files that a backup may name.
	MaxAPKs = 16 * maxApps
)
