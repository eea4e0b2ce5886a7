package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"preship/cmd/preship/internal/console"
	"preship/report"
)

// fleetRow is how the work on one handset of several ended.
type fleetRow struct {
	Serial  string         `json:"serial"`
	Model   string         `json:"model"`
	Case    string         `json:"case"`    // "" where none was begun
	Verdict report.Verdict `json:"verdict"` // "" where no case was begun
	Exit    exitCode       `json:"exit"`
	Error   string         `json:"error,omitempty"`
}

// severity orders what a command of several handsets ends with, worst first.
var severity = []exitCode{
	exitInterrupted, exitFailed, exitUsage, exitNoHandset, exitUnverified, exitNotReady, exitReady,
}

func worstFirst() string {
	var words []string
	for _, c := range severity {
		words = append(words, fmt.Sprint(int(c)))
	}
	return strings.Join(words, ", ")
}

// worst is the exit code of a fleet; what never began with anything is as its
// error says.
func worst(rows []fleetRow, err error) exitCode {
	codes := []exitCode{exitCodeOf(err)}
	for _, r := range rows {
		codes = append(codes, r.Exit)
	}
	return slices.MinFunc(codes, func(a, b exitCode) int {
		return slices.Index(severity, a) - slices.Index(severity, b)
	})
}

// end tells how it went for all, and gives the exit code.
func (f *fleet) end(ctx context.Context, err error) error {
	if len(f.members) == 0 && err != nil {
		return err
	}
	rows := make([]fleetRow, 0, len(f.members))
	for _, m := range f.members {
		row := fleetRow{Serial: m.serial, Model: m.model, Case: m.dir, Verdict: m.verdict, Exit: m.code}
		if m.err != nil {
			row.Error = m.err.Error()
		}
		rows = append(rows, row)
	}
	code := worst(rows, err)
	if f.globals.json {
		exit := int(code)
		f.env.events().write(event{Event: "summary", Handsets: &rows, Exit: &exit})
		return outcome(code)
	}
	if err := f.table(); err != nil {
		return err
	}
	if err != nil {
		f.env.Warn("%v", err)
	}
	if unfinished := slices.ContainsFunc(rows, func(r fleetRow) bool { return r.Verdict != report.VerdictReady }); unfinished {
		f.env.Say("the same command goes on with what is not ready, each from where it stopped")
	}
	return outcome(code)
}

// table is a line for each handset: its name, how it ended, and its case.
func (f *fleet) table() error {
	w := tabwriter.NewWriter(f.env.Out, 0, 0, 2, ' ', 0)
	var errs []error
	for _, m := range f.members {
		_, err := fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", m.name(), m.outcome(), m.dir))
		errs = append(errs, err)
	}
	return errors.Join(errors.Join(errs...), w.Flush())
}
