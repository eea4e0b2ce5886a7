package handset

import (
	"bytes"
	"context"
	"fmt"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// Reader sends lines of the command table to a handset. Callers use [Ask], which
// adds the time limit of the row.
type Reader interface {
	// Ask sends line and returns the whole answer. It returns when ctx ends and
	// sets no limit of its own. An error means that the handset could not be
	// asked; a command that ran and refused is an Answer.
	Ask(ctx context.Context, line Line) (Answer, error)
}

// Answer is the answer of a handset to one line.
type Answer struct {
	Stdout, Stderr []byte
	Exit           int    // exit status, -1 where the handset cannot tell
	Ref            string // where the raw answer is kept as evidence, "" is nowhere
}

// ErrRefused: the handset ran the command and refused, or it failed there.
var ErrRefused = message.Error(message.Say("error.refused"), nil)

// ask is [Ask] with the row's name in the error.
func ask(ctx context.Context, r Reader, line Line) (Answer, error) {
	a, err := Ask(ctx, r, line)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", line.Command().Name, err)
	}
	return a, nil
}

// Reason returns why an answer could not be used, as the reason of an unknown value:
// the line, the error, the exit status, and the complaints on standard error.
func Reason(line Line, a Answer, err error) string {
	reason := fmt.Sprintf("%q: %s", line.String(), dump.Printable([]byte(err.Error()), 200))
	if a.Exit > 0 {
		reason += fmt.Sprintf(" (exit status %d)", a.Exit)
	}
	if len(a.Stderr) > 0 {
		reason += ": " + dump.Printable(bytes.TrimSpace(dump.Complaints(a.Stderr)), 160)
	}
	return reason
}
