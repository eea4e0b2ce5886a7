package verify

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/report"
)

// A handset that has started at most 5 times is fresh. One that has started more
// often was not reset only if it counts on from its own number.
func TestBootCountBoundaries(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		before int // -1: not known
		after  int
		want   report.Status
	}{
		{"never counted", 230, 0, report.StatusPass},
		{"five starts", 230, 5, report.StatusPass},
		{"six starts", 230, 6, report.StatusWarn},
		{"as many as before", 230, 230, report.StatusWarn},
		{"one more than before", 230, 231, report.StatusFail},
		{"a young handset that counts on", 3, 5, report.StatusPass},
		{"not known before", -1, 231, report.StatusWarn},
	} {
		before := beforeReset()
		before.BootCount = &tt.before
		if tt.before < 0 {
			before.BootCount = nil
		}
		f, out := asked(t, "clean.boot-count", lineBoots, handset.Answer{Stdout: []byte(strconv.Itoa(tt.after) + "\n")}, before)
		if f.Status != tt.want || out.BootCount == nil || *out.BootCount != tt.after {
			t.Errorf("%s: %q, counted %v; want %q and %d", tt.name, f.Status, out.BootCount, tt.want, tt.after)
		}
	}
	for _, answer := range []string{"-1\n", "\n", "2 2\n", "two\n"} {
		if f, out := asked(t, "clean.boot-count", lineBoots, handset.Answer{Stdout: []byte(answer)}, beforeReset()); f.Status != report.StatusUnknown || out.BootCount != nil {
			t.Errorf("answer %q: %q, counted %v; want unknown", answer, f.Status, out.BootCount)
		}
	}
	if f, _ := asked(t, "clean.boot-count", lineBoots, handset.Answer{Stdout: []byte("2\n"), Exit: 1}, beforeReset()); f.Status != report.StatusUnknown {
		t.Errorf("exit status 1: %q, want unknown", f.Status)
	}
}

// The handset's clock may be 10 minutes behind ours.
func TestBootHistoryBoundaries(t *testing.T) {
	t.Parallel()
	reset := beforeReset().ResetAt
	for _, tt := range []struct {
		at   time.Time
		want report.Status
	}{
		{reset.Add(-10 * time.Minute), report.StatusPass},
		{reset.Add(-10*time.Minute - time.Second), report.StatusWarn},
	} {
		line := "reboot," + strconv.FormatInt(tt.at.Unix(), 10) + "\n"
		f, _ := asked(t, "clean.boot-history", lineHistory, handset.Answer{Stdout: []byte(line)}, beforeReset())
		if f.Status != tt.want {
			t.Errorf("restart %s after the reset: %q, want %q", tt.at.Sub(reset), f.Status, tt.want)
		}
	}
	before := beforeReset()
	before.ResetAt = time.Time{}
	if f, _ := asked(t, "clean.boot-history", lineHistory, fresh[lineHistory], before); f.Status != report.StatusUnknown {
		t.Errorf("the moment of the reset is not known: %q, want unknown", f.Status)
	}
}

// An Android ID has at most 16 hexadecimal digits.
func TestAndroidIDBoundaries(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]report.Status{
		"1": report.StatusPass, strings.Repeat("f", 16): report.StatusPass,
		strings.Repeat("f", 17): report.StatusUnknown, "": report.StatusUnknown, "F00": report.StatusUnknown, "a b": report.StatusUnknown,
	} {
		if f, _ := asked(t, "clean.android-id", lineID, handset.Answer{Stdout: []byte(id + "\n")}, beforeReset()); f.Status != want {
			t.Errorf("Android ID %q: %q, want %q", id, f.Status, want)
		}
	}
}

// A rung says who saw the reset: only a person's word is attested.
func TestRungNamesItsMethod(t *testing.T) {
	t.Parallel()
	no := false
	for _, tt := range []struct {
		reset report.Rung
		clean *report.Clean
		rung  report.Rung
		want  report.Method
	}{
		{report.RungNone, nil, report.RungNone, report.MethodObserved},
		{report.RungAttested, nil, report.RungAttested, report.MethodAttested},
		{report.RungAttested, &report.Clean{}, report.RungAttested, report.MethodAttested},
		{report.RungAttested, &report.Clean{Rung: report.RungObservedClean}, report.RungObservedClean, report.MethodObserved},
		{report.RungAttested, &report.Clean{SameUnit: &no}, report.RungNone, report.MethodObserved},
		{report.RungCameBackUnauthorized, nil, report.RungCameBackUnauthorized, report.MethodObserved},
		{report.RungFormatAnswered, nil, report.RungFormatAnswered, report.MethodObserved},
	} {
		out, fs := Rung(report.Reset{Rung: tt.reset}, tt.clean)
		f, _ := report.Findings(fs).ByID(CheckRung)
		if out.Rung != tt.rung || f.Method != tt.want {
			t.Errorf("reset %q, clean %+v: rung %q by method %q; want %q by %q", tt.reset, tt.clean, out.Rung, f.Method, tt.rung, tt.want)
		}
	}
}
