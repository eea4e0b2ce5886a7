package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/report/message"
)

var (
	// ErrNoColumn means that the provider answered and has no such column.
	ErrNoColumn = message.Error(message.Say("error.no-column"), nil)
	// ErrDenied means that the provider does not answer the shell. A switch on the
	// handset may change that; a retry does not.
	ErrDenied = message.Error(message.Say("error.system.permission"), nil)
)

// refusalError is a provider's refusal with the provider's words. It wraps ErrRefused.
type refusalError struct {
	why    message.Sentence
	thrown bool // the words are those of an exception
	denied bool
}

func (e *refusalError) Error() string { return e.Sentence().String() }

// Sentence returns the error for people.
func (e *refusalError) Sentence() message.Sentence {
	return message.Join(message.Colon, message.Say("error.refused"), e.why)
}

func (e *refusalError) Unwrap() error { return ErrRefused }

// Is reports ErrDenied if the shell may not ask.
func (e *refusalError) Is(target error) bool { return e.denied && target == ErrDenied }

// Thrown returns the refusal in err that has the text of an exception, or err if there is
// no such refusal.
func Thrown(err error) error {
	var e *refusalError
	if errors.As(err, &e) && e.thrown {
		return e
	}
	return err
}

// Ask sends one line, and waits for a handset that left. It keeps no evidence.
//
// An error that is [ErrRefused] is about this question; any other ends the work.
func Ask(ctx context.Context, l *link.Link, line handset.Line) (handset.Answer, error) {
	a, err := l.Ask(ctx, link.Reader(l.Device()), line)
	if err != nil && !link.Ended(ctx, err) {
		err = message.Kind(message.Say("error.refused-answer", "error", message.Of(err).Map(manifest.Display)), ErrRefused)
	}
	return a, err
}

// Refusal returns the refusal in an answer, nil if there is no refusal. The content
// command prints exceptions to standard error and exits with 0. Standard output is not
// searched: it may hold text that anyone wrote.
func Refusal(a handset.Answer) error {
	text := a.Stderr
	if a.Exit == -1 && !bytes.HasPrefix(a.Stdout, []byte("Row: ")) {
		text = slices.Concat(a.Stderr, a.Stdout) // a handset that cannot keep the two apart
	}
	thrown := bytes.Contains(text, []byte("Error while accessing provider:")) || bytes.Contains(text, []byte("[ERROR]"))
	if !thrown && a.Exit <= 0 {
		return nil
	}
	for _, sign := range []string{"no such column", "Invalid column"} {
		if bytes.Contains(text, []byte(sign)) {
			return fmt.Errorf("%w: %w", ErrRefused, ErrNoColumn)
		}
	}
	denied := bytes.Contains(text, []byte("SecurityException")) || bytes.Contains(text, []byte("Permission Denial"))
	why, exception := thrownBy(string(text), a.Exit)
	return &refusalError{why, exception, denied}
}

// thrownBy returns the exception in what a provider printed, in one line. exception is
// false if there is no exception, and why the first line.
func thrownBy(text string, exit int) (why message.Sentence, exception bool) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if thrown := strings.Contains(line, "Exception"); thrown || strings.HasPrefix(line, "[ERROR]") {
			return message.AsIs(manifest.Display(line[:min(len(line), 240)])), thrown
		}
	}
	return FirstLine([]byte(text[:min(len(text), 240)]), Exited(exit)), false
}

// Exited returns a sentence with an exit status.
func Exited(exit int) message.Sentence {
	return message.Say("backup.why.exit", "status", strconv.Itoa(exit))
}

// ErrRefused means that the handset refused a question. It is about one kind of data;
// the backup continues with the next.
var ErrRefused = message.Error(message.Say("error.refused"), nil)

// Ending returns err if it ends the work, nil if it is [ErrRefused].
func Ending(err error) error {
	if errors.Is(err, ErrRefused) {
		return nil
	}
	return err
}

// FirstLine returns the first line of b, safe to print, or otherwise if b is blank.
func FirstLine(b []byte, otherwise message.Sentence) message.Sentence {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	if line == "" {
		return otherwise
	}
	return message.AsIs(manifest.Display(line))
}

// Reason returns an error as the reason of an entry, safe to print.
func Reason(err error) message.Sentence {
	var refused *adb.SyncError
	if errors.As(err, &refused) && refused.Message != "" {
		return message.AsIs(manifest.Display(refused.Message))
	}
	return message.Of(err).Map(manifest.Display)
}

// Refused returns an error that is [ErrRefused], and why.
func Refused(why message.Sentence) error { return &refusalError{why: why} }

// Hides returns the refusal of a provider that shows no rows and may hide them. It is
// [ErrRefused] and [ErrDenied].
func Hides(uri string) error {
	return &refusalError{why: message.Say("backup.why.hides-rows", "uri", uri), denied: true}
}
