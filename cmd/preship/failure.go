package main

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/report/message"
)

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
