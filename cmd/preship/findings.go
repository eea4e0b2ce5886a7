package main

import (
	"fmt"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report"
)

// stands says whether a finding stands in the way: what is wrong always does,
// what could not be seen does where the check is one that must be known.
func stands(f report.Finding) bool {
	switch f.Status {
	case report.StatusPass, report.StatusWarn, report.StatusSkipped:
		return false
	case report.StatusUnknown:
		return report.Required(f.ID)
	}
	return true
}

// worthTelling says whether a person has to read a finding: it stands in the way,
// or they should know of it.
func worthTelling(f report.Finding) bool {
	return stands(f) || f.Status == report.StatusWarn || f.Status == report.StatusSkipped && f.Remedy != ""
}

// statusColour is the SGR parameter for a status.
var statusColour = map[report.Status]string{
	report.StatusPass:    "32",
	report.StatusWarn:    "33",
	report.StatusFail:    "31",
	report.StatusUnknown: "33",
	report.StatusSkipped: "2",
}

// tellFindings says, on standard error, what a person has to read: what stands in
// the way and what they should know of, with the next thing to do. What is well is
// counted; the report has all of it.
func (e *env) tellFindings(fs report.Findings) {
	passed := 0
	for _, f := range fs {
		if f.Status == report.StatusPass {
			passed++
		}
		if !worthTelling(f) {
			continue
		}
		e.Say("    %s", console.Safe(e.Paint(statusColour[f.Status], console.Sprintf("%-8s", string(f.Status)))+console.Escape(f.Summary)))
		if f.Remedy != "" {
			e.Say("            %s", f.Remedy)
		}
	}
	if passed > 0 {
		e.Say("    %s", console.Safe(e.Paint(statusColour[report.StatusPass], "pass    ")+plural(passed, "check")))
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// spoken is a length of time as a person says it.
func spoken(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return plural(int(d/time.Minute), "minute")
	case d >= time.Second && d%time.Second == 0:
		return plural(int(d/time.Second), "second")
	}
	return d.String()
}
