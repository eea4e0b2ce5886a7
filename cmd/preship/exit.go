package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"preship/adb"
	"preship/backup/agefile"
	"preship/cmd/preship/internal/hint"
	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
)

// exitCode is what a script learns from preship without reading a word.
type exitCode int

const (
	exitReady       exitCode = 0
	exitFailed      exitCode = 1
	exitUsage       exitCode = 2
	exitNotReady    exitCode = 3
	exitNoHandset   exitCode = 4
	exitUnverified  exitCode = 5
	exitInterrupted exitCode = 130
)

// exitCodes is the table every command's help prints.
var exitCodes = []struct {
	code  exitCode
	means string
}{
	{exitReady, "ready: everything was done and was seen to be done"},
	{exitFailed, "could not complete"},
	{exitUsage, "the command line is wrong, or a needed answer was not given"},
	{exitNotReady, "completed, but not ready: something is missing, not proved or locked"},
	{exitNoHandset, "no handset, several, one that has not allowed this computer, or one in use by another preship"},
	{exitUnverified, "a report or a backup does not verify"},
	{exitInterrupted, "interrupted"},
}

func exitCodeHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, row := range exitCodes {
		fmt.Fprintf(&b, "  %-4d %s\n", row.code, row.means)
	}
	return b.String()
}

// usageError is a command line that cannot be carried out as written.
type usageError = job.UsageError

func usagef(format string, args ...any) error {
	return &usageError{Text: fmt.Sprintf(format, args...)}
}

// outcomeError carries an exit code for a command that said all there is to say
// already; nothing more is printed for it.
type outcomeError struct{ code exitCode }

func (e *outcomeError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// outcome is nil for exitReady, so a command can end in `return outcome(code)`.
func outcome(code exitCode) error {
	if code == exitReady {
		return nil
	}
	return &outcomeError{code}
}

// errorCodes decides, once, what an error means for the exit code. The first row
// that matches wins.
var errorCodes = []struct {
	err  error
	code exitCode
}{
	{job.ErrInterrupted, exitInterrupted},
	{context.Canceled, exitInterrupted},
	{adb.ErrNoDevice, exitNoHandset},
	{adb.ErrNotPaired, exitNoHandset},
	{adb.ErrManyDevices, exitNoHandset},
	{adb.ErrUnauthorized, exitNoHandset},
	{adb.ErrOffline, exitNoHandset},
	{adb.ErrNoPermissions, exitNoHandset},
	{adb.ErrNotReady, exitNoHandset},
	{hold.ErrBusy, exitNoHandset},
	{casedir.ErrLocked, exitNoHandset},
	{casedir.ErrNotCase, exitUsage},
	{agefile.ErrKeyNeeded, exitUsage},
	{agefile.ErrPlainBackup, exitUsage},
	{agefile.ErrOtherKey, exitUsage},
	{casedir.ErrOtherHandset, exitNotReady},
	{job.ErrNotOwners, exitNotReady},
}

func exitCodeOf(err error) exitCode {
	if err == nil {
		return exitReady
	}
	if o := (*outcomeError)(nil); errors.As(err, &o) {
		return o.code
	}
	if u := (*usageError)(nil); errors.As(err, &u) {
		return exitUsage
	}
	for _, row := range errorCodes {
		if errors.Is(err, row.err) {
			return row.code
		}
	}
	return exitFailed
}

// explain prints what went wrong and what to do next. An outcome and nil print
// nothing: their command has spoken.
func (e *env) explain(err error) {
	if err == nil {
		return
	}
	if o := (*outcomeError)(nil); errors.As(err, &o) {
		return
	}
	if errors.Is(err, job.ErrInterrupted) {
		e.Warn(hint.Interrupted(e.again))
		return
	}
	if err.Error() != e.told {
		e.Warn(said(err))
	}
	for _, line := range hint.For(err, e.again) {
		e.Sayf("  %s", line)
	}
}

// said is what an error says. Errors that were joined are separated by semicolons.
func said(err error) message.Sentence {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || !strings.Contains(err.Error(), "\n") {
		return message.Of(err)
	}
	var all []message.Sentence
	for _, one := range joined.Unwrap() {
		all = append(all, said(one))
	}
	return message.Join(message.Semicolon, all...)
}
