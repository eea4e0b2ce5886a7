package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/hint"
	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/saved"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
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
	{exitReady, "ready: everything was done and verified"},
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

// outcomeError carries an exit code for a command that has printed its answer
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

// errorRows decides, once, what an error means for the exit code, and the reason that
// a script reads. The first row that matches wins; a usage error comes before all rows.
var errorRows = []struct {
	err    error
	reason string
	code   exitCode
}{
	{job.ErrInterrupted, "interrupted", exitInterrupted},
	{context.Canceled, "interrupted", exitInterrupted},
	{adb.ErrNoDevice, "handset.absent", exitNoHandset},
	{adb.ErrNotPaired, "handset.not-paired", exitNoHandset},
	{adb.ErrManyDevices, "handset.several", exitNoHandset},
	{adb.ErrUnauthorized, "handset.unauthorized", exitNoHandset},
	{adb.ErrOffline, "handset.offline", exitNoHandset},
	{adb.ErrNoPermissions, "handset.no-permissions", exitNoHandset},
	{job.ErrInRecovery, "handset.in-recovery", exitNoHandset},
	{adb.ErrNotReady, "handset.not-ready", exitNoHandset},
	{hold.ErrBusy, "handset.in-use", exitNoHandset},
	{register.ErrElsewhere, "handset.at-another-desk", exitNoHandset},
	{casedir.ErrLocked, "case.in-use", exitNoHandset},
	{casedir.ErrNotCase, "case.not-a-case", exitUsage},
	{agefile.ErrKeyNeeded, "backup.key-needed", exitUsage},
	{agefile.ErrPlainBackup, "backup.not-encrypted", exitUsage},
	{agefile.ErrOtherKey, "backup.other-key", exitUsage},
	{casedir.ErrOtherHandset, "case.other-handset", exitNotReady},
	{job.ErrNotOwners, "job.not-owners", exitNotReady},
	{job.ErrTimeUp, "time-up", exitFailed},
	{reset.ErrNotConfirmed, "reset.not-confirmed", exitFailed},
	{reset.ErrNoAssistant, "reset.no-assistant", exitFailed},
	{reset.ErrFormatFailed, "reset.format-failed", exitFailed},
	{reset.ErrFormatUnknown, "reset.format-unknown", exitFailed},
	{reset.ErrStayed, "reset.stayed", exitFailed},
	{reset.ErrNotReset, "reset.not-reset", exitFailed},
	{link.ErrLost, "handset.lost", exitFailed},
	{adb.ErrNoServer, "adb.no-server", exitFailed},
	{adb.ErrStranger, "adb.not-a-server", exitFailed},
	{adb.ErrNoPairing, "adb.no-pairing", exitFailed},
	{adb.ErrUnreachable, "handset.unreachable", exitFailed},
	{adb.ErrGone, "handset.gone", exitFailed},
	{adb.ErrTimeout, "handset.timeout", exitFailed},
	{agefile.ErrWrongKey, "backup.wrong-key", exitFailed},
	{agefile.ErrKeyList, "backup.key-list", exitFailed},
	{casedir.ErrUnfinished, "case.unfinished", exitFailed},
	{saved.ErrDeleted, "backup.deleted", exitFailed},
	{manifest.ErrNoBackup, "backup.absent", exitFailed},
	{casedir.ErrNoData, "case.no-data", exitFailed},
	{backup.ErrNoSpace, "disk.no-space", exitFailed},
	{syscall.ENOSPC, "disk.no-space", exitFailed},
	{syscall.EROFS, "disk.read-only", exitFailed},
	{fs.ErrPermission, "disk.no-permission", exitFailed},
	{context.DeadlineExceeded, "too-long", exitFailed},
}

// The reasons of errors that have no row.
const (
	reasonUsage      = "usage"
	reasonUnanswered = "unanswered" // the flag that answers is named
	reasonOther      = "failed"
)

func exitCodeOf(err error) exitCode {
	if o := (*outcomeError)(nil); errors.As(err, &o) {
		return o.code
	}
	_, code := meaningOf(err)
	return code
}

// meaningOf returns the reason of an error, "" for nil, and its exit code.
func meaningOf(err error) (reason string, code exitCode) {
	if err == nil {
		return "", exitReady
	}
	if u := (*usageError)(nil); errors.As(err, &u) {
		if u.Flag != "" {
			return reasonUnanswered, exitUsage
		}
		return reasonUsage, exitUsage
	}
	for _, row := range errorRows {
		if errors.Is(err, row.err) {
			return row.reason, row.code
		}
	}
	return reasonOther, exitFailed
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
	hints, told := hint.For(err, e.again), err.Error() == e.told
	if e.Case != "" && errors.Is(err, syscall.ENOSPC) && !errors.Is(err, backup.ErrNoSpace) && len(hints) > 0 {
		e.Warn(hints[0]) // one cause; the names of the files that could not be written say no more
		return
	}
	if !told {
		e.Warn(said(err))
	}
	for _, line := range hints {
		if told && line.ID() == "hint.resume" {
			continue // the reasons end with the command
		}
		e.Sayf("  %s", line)
	}
}

// said returns the text of an error. Errors that were joined are separated by semicolons.
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

// Failure is what a command with --json prints on standard output where it ends before
// it has an answer.
type Failure struct {
	Exit    int               `json:"exit"`
	Reason  string            `json:"reason"` // a code that keeps; preship help scripts lists all
	Error   string            `json:"error"`
	Message *message.Sentence `json:"message,omitempty"` // what error was made from
	Flag    string            `json:"flag,omitempty"`    // the flag that answers; with the reason unanswered
}

// failureOf returns the failure of an error.
func failureOf(err error) Failure {
	reason, code := meaningOf(err)
	sentence := said(err)
	f := Failure{Exit: int(code), Reason: reason, Error: console.Escape(err.Error()), Message: &sentence}
	if u := (*usageError)(nil); errors.As(err, &u) {
		f.Flag = u.Flag
	}
	return f
}

// fail prints a failure on standard output for a script. It prints nothing if the
// command has answered already. The answer of prepare is its last event.
func (e *env) fail(cmd *cobra.Command, args []string, wrote bool, err error) {
	if o := (*outcomeError)(nil); err == nil || errors.As(err, &o) || e.answered || !wantsJSON(cmd, args) {
		return
	}
	f := failureOf(err)
	if cmd.CommandPath() == "preship prepare" {
		events.NewLog(e.Console).Write(events.Event{
			Event: "done", Exit: &f.Exit, Reason: f.Reason, Error: f.Error, Message: f.Message, Flag: f.Flag,
		})
		return
	}
	if !wrote {
		_ = e.PrintJSON(f) // a reader that has gone away learns of it by the exit code
	}
}

// wantsJSON reports whether --json was given, also on a command line that could not be
// read to its end.
func wantsJSON(cmd *cobra.Command, args []string) bool {
	given, err := cmd.Flags().GetBool("json")
	return err == nil && given || slices.Contains(args, "--json")
}

// wrongFlag returns a usage error of a flag, or a file or a variable, and the reason
// with it. flag may be empty.
func wrongFlag(flag string, err error) error {
	if flag == "" {
		return job.Usage(message.Of(err))
	}
	return job.Usage(message.Join(message.Colon, message.AsIs(flag), message.Of(err)))
}

// quoted returns what a person typed, in quotes, for a sentence.
func quoted(typed string) string { return strconv.Quote(typed) }

// flagError says what pflag says of a flag, in words of the message files.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		value   *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &bare):
		return job.Usage(message.Say("usage.flag.no-value", "flag", dashed(bare.GetSpecifiedName(), bare.GetSpecifiedShortnames())))
	case errors.As(err, &syntax):
		return job.Usage(message.Say("usage.flag.syntax", "flag", syntax.GetSpecifiedFlag()))
	case errors.As(err, &value):
		return job.Usage(message.Say("usage.flag.value", "flag", "--"+value.GetFlag().Name, "value", quoted(value.GetValue()), "error", wanted(value)))
	}
	return wrongFlag("", err)
}

// unknownFlag is the usage error for a flag that is not there. It names the flags that
// are spelled alike.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	flag := dashed(name, err.GetSpecifiedShortnames())
	flags := &cobra.Command{SuggestionsMinimumDistance: 2} // Cobra finds similar names of commands
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		flags.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	if like := flags.SuggestionsFor(name); len(name) > 1 && len(like) > 0 && len(like) < 4 {
		return job.Usage(message.Say("usage.flag.like", "flag", flag, "like", "--"+strings.Join(like, ", --")))
	}
	return job.Usage(message.Say("usage.flag.unknown", "flag", flag))
}

// noSuchCommand is the usage error for a name that is no command below cmd. It names
// the commands that are spelled alike.
func noSuchCommand(cmd *cobra.Command, name string) error {
	for cmd.HasParent() && !cmd.HasSubCommands() {
		cmd = cmd.Parent()
	}
	cmd.SuggestionsMinimumDistance = 2
	var like []string
	for _, other := range cmd.SuggestionsFor(name) {
		like = append(like, cmd.CommandPath()+" "+other)
	}
	if len(like) > 0 {
		return job.Usage(message.Say("usage.command.like", "name", quoted(name), "like", strings.Join(like, ", ")))
	}
	return job.Usage(message.Say("usage.command", "name", quoted(name), "command", cmd.CommandPath()))
}

// dashed is a flag as it is typed.
func dashed(name, shorthands string) string {
	if shorthands != "" {
		return "-" + name
	}
	return "--" + name
}

// wanted says what a flag takes that was given another value.
func wanted(err *pflag.InvalidValueError) message.Sentence {
	switch err.GetFlag().Value.Type() {
	case "int":
		return message.Say("usage.number")
	case "bool":
		return message.Say("usage.yes-no")
	case "duration":
		return message.Say("usage.duration")
	}
	if language := (message.ErrLanguage{}); errors.As(err, &language) {
		return message.Say("usage.language", "name", quoted(language.Name), "languages", message.Languages())
	}
	return said(err.Unwrap())
}

// argumentError is the error of arguments that a command does not take.
func argumentError(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && cmd.HasAvailableSubCommands() {
		return noSuchCommand(cmd, args[0])
	}
	return job.Usage(message.Say("usage.arguments", "usage", useLine(cmd)))
}
