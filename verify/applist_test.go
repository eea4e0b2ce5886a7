package verify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/report"
)

// asked runs one check after the reset on a handset whose answer to one line is
// changed, and returns its finding.
func asked(t *testing.T, id, line string, a handset.Answer, before Before) (report.Finding, report.Clean) {
	t.Helper()
	phone := fresh.but(nil)
	phone[line] = a
	out, fs, err := Clean(t.Context(), phone, before)
	if err != nil {
		t.Fatal(err)
	}
	f, ok := report.Findings(fs).ByID(id)
	if !ok {
		t.Fatalf("%s was not asked", id)
	}
	return f, out
}

// An empty list of apps counts as "no apps" only if pm ended well and printed nothing
// else: a pm that is killed or refuses prints an empty list too.
func TestEmptyAppList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer handset.Answer
		want   report.Status
	}{
		{"empty", handset.Answer{}, report.StatusPass},
		{"empty, and the exit status is not known", handset.Answer{Exit: -1}, report.StatusPass},
		{"exit status 1", handset.Answer{Exit: 1}, report.StatusUnknown},
		{"killed", handset.Answer{Exit: 137}, report.StatusUnknown},
		{"stderr alone", handset.Answer{Stderr: []byte("cmd: Failure calling service package: Broken pipe (32)\n")}, report.StatusUnknown},
		{"stderr, and the exit status is not known", handset.Answer{Stderr: []byte("Error: java.lang.SecurityException\n"), Exit: -1}, report.StatusUnknown},
	} {
		f, out := asked(t, "clean.apps", lineApps, tt.answer, beforeReset())
		if f.Status != tt.want || (out.ThirdPartyApps != nil) != (tt.want == report.StatusPass) {
			t.Errorf("%s: clean.apps is %q with count %v, want %q", tt.name, f.Status, out.ThirdPartyApps, tt.want)
		}
	}
}

// A handset answers the times of at most 20 apps, however many there are.
func TestInstallTimesAreBounded(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	phone := fresh.but(nil)
	for i := range 25 {
		app := fmt.Sprintf("com.example.n%d", i)
		fmt.Fprintf(&list, "package:/data/app/%s/base.apk=%s\n", app, app)
		phone["dumpsys package "+app] = handset.Answer{Stdout: []byte("    firstInstallTime=2025-09-01 10:01:22\n")}
	}
	phone[lineApps] = handset.Answer{Stdout: []byte(list.String())}
	_, fs, err := Clean(t.Context(), phone, beforeReset())
	if err != nil {
		t.Fatal(err)
	}
	f, _ := report.Findings(fs).ByID("clean.apps")
	if want := "25; installed before the reset: 20 of the 20 that tell"; f.Observed != want {
		t.Errorf("observed %q, want %q", f.Observed, want)
	}
}

// The handset's local time has no zone: only an installation 26 hours or more
// before the reset is certainly older. What came with the image does not count.
func TestInstallTimeBoundaries(t *testing.T) {
	t.Parallel()
	before := beforeReset()
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"one second within 26 h", before.ResetAt.Add(-26*time.Hour + time.Second), "0 of the 1"},
		{"26 h before", before.ResetAt.Add(-26 * time.Hour), "0 of the 1"},
		{"one second more", before.ResetAt.Add(-26*time.Hour - time.Second), "1 of the 1"},
		{"the first year that counts", time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), "1 of the 1"},
		{"the last year that does not", time.Date(2014, 12, 31, 23, 59, 59, 0, time.UTC), "0 of the 0"},
	} {
		phone := fresh.but(map[string]string{
			lineApps:                      "package:/data/app/a/base.apk=com.example\n",
			"dumpsys package com.example": "    firstInstallTime=" + tt.at.UTC().Format(time.DateTime) + "\n",
		})
		_, fs, err := Clean(t.Context(), phone, before)
		if err != nil {
			t.Fatal(err)
		}
		if f, _ := report.Findings(fs).ByID("clean.apps"); !strings.Contains(f.Observed, tt.want+" that tell") {
			t.Errorf("%s: observed %q, want %s", tt.name, f.Observed, tt.want)
		}
	}
	// Where the moment of the reset is not known, no app is asked for its time.
	before.ResetAt = time.Time{}
	f, _ := asked(t, "clean.apps", lineApps, handset.Answer{Stdout: []byte("package:/data/app/a/base.apk=com.example\n")}, before)
	if want := "1; installed before the reset: 0 of the 0 that tell"; f.Observed != want {
		t.Errorf("no moment of the reset: observed %q, want %q", f.Observed, want)
	}
}
