package verify

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/report"
	"preship/report/message"
)

const appsUntold = "clean.apps.not-listed"

// askApps counts the apps that are not the system's. pm prints nothing if there are no
// such apps, so it is also asked for the package every system has. If there are some,
// their time of installation decides.
func askApps(ctx context.Context, l *look) result {
	a, err := handset.Ask(ctx, l, handset.ThirdPartyApps.Must())
	if err != nil {
		return unknown(appsUntold, reason(err))
	}
	apps, err := appsOf(a.Stdout)
	if err != nil {
		return unknown(appsUntold, reason(err), a.Ref)
	}
	refs := []string{a.Ref}
	n := len(apps)
	if n == 0 {
		proof, lists := l.listsApps(ctx)
		refs = append(refs, proof...)
		if !lists || a.Exit > 0 || len(a.Stderr) > 0 {
			return unknown(appsUntold, message.Say("clean.seen.no-apps"), refs...)
		}
	}
	l.out.ThirdPartyApps = &n
	if n == 0 {
		return result{report.StatusPass, message.Say("clean.apps.clear"), message.AsIs("0"), refs}
	}
	old, told, timeRefs := l.installedBefore(ctx, apps)
	observed := message.Say("clean.seen.apps", "count", n, "old", strconv.Itoa(old), "told", strconv.Itoa(told))
	refs = append(refs, timeRefs...)
	if old > 0 {
		return result{report.StatusWarn, message.Say("clean.apps.old", "count", old), observed, refs}
	}
	return result{report.StatusWarn, message.Say("clean.apps.others", "count", n), observed, refs}
}

// everywhere are packages that no handset is without.
var everywhere = []string{"android", "com.android.settings"}

// listsApps reports whether the handset names a package that it must have.
func (l *look) listsApps(ctx context.Context) (refs []string, lists bool) {
	for _, app := range everywhere {
		a, err := handset.Ask(ctx, l, handset.PackagePath.Must(app))
		if err != nil {
			return refs, false
		}
		refs = append(refs, a.Ref)
		if strings.HasPrefix(string(a.Stdout), "package:/") {
			return refs, true
		}
	}
	return refs, false
}

// appRow is a row of "pm list packages -f": the path may hold anything, a
// package name never does.
var appRow = regexp.MustCompile(`^package:/.*=([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+)$`)

func appsOf(answer []byte) ([]string, error) {
	var apps []string
	for line := range strings.Lines(string(answer)) {
		line = strings.TrimSpace(line)
		switch m := appRow.FindStringSubmatch(line); {
		case m != nil:
			apps = append(apps, m[1])
		case line != "":
			return nil, fmt.Errorf("the list holds %q", bytes.TrimSpace(dump.Complaints([]byte(line))))
		}
	}
	return apps, nil
}

// maxTimes bounds how many apps are asked about: a fresh handset has few.
const maxTimes = 20

var firstInstall = regexp.MustCompile(`\bfirstInstallTime=(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)\b`)

// imageYear: what comes with the system's image has the image's own time, which
// is years before any handset was set up.
const imageYear = 2015

// anyZone is how far a handset's local time, which has no zone in it, may be
// from ours.
const anyZone = 26 * time.Hour

// installedBefore counts the apps whose first installation was before the reset,
// and those that tell when it was.
func (l *look) installedBefore(ctx context.Context, apps []string) (old, told int, refs []string) {
	if l.before.ResetAt.IsZero() {
		return 0, 0, nil
	}
	for _, app := range apps[:min(len(apps), maxTimes)] {
		line, err := handset.PackageTimes.With(app)
		if err != nil {
			continue
		}
		a, err := handset.Ask(ctx, l, line)
		if err != nil {
			return old, told, refs
		}
		m := firstInstall.FindSubmatch(a.Stdout[:min(len(a.Stdout), 1<<20)])
		if m == nil {
			continue
		}
		at, err := time.Parse(time.DateTime, string(m[1])+" "+string(m[2]))
		if err != nil || at.Year() < imageYear {
			continue
		}
		told, refs = told+1, append(refs, a.Ref)
		if at.Before(l.before.ResetAt.Add(-anyZone)) {
			old++
		}
	}
	return old, told, refs
}
