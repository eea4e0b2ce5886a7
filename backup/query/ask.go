package query

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
	"preship/report/message"
)

var (
	// ErrNoColumn means that the provider answered and has no such column.
	ErrNoColumn = errors.New("no such column")
	// ErrDenied means that the provider does not answer the shell. A switch on the
	// handset may change that; a retry does not.
	ErrDenied = errors.New("permission denied")
)

// refusalError is a provider's refusal with the provider's text. It wraps ErrRefused.
type refusalError struct {
	text   string
	denied bool
}

func (e *refusalError) Error() string { return ErrRefused.Error() + ": " + e.text }

func (e *refusalError) Unwrap() error { return ErrRefused }

// Is reports ErrDenied if the shell may not ask.
func (e *refusalError) Is(target error) bool { return e.denied && target == ErrDenied }

// Thrown returns the refusal in err that has the text of an exception, or err if there is
// no such refusal.
func Thrown(err error) error {
	var e *refusalError
	if errors.As(err, &e) && strings.Contains(e.text, "Exception") {
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
		err = fmt.Errorf("%w to answer: %s", ErrRefused, manifest.Display(err.Error()))
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
	return &refusalError{thrownBy(string(text), a.Exit), denied}
}

// thrownBy returns the exception in what a provider printed, in one line.
func thrownBy(text string, exit int) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "Exception") || strings.HasPrefix(line, "[ERROR]") {
			return manifest.Display(line[:min(len(line), 240)])
		}
	}
	return manifest.Display(FirstLine([]byte(text[:min(len(text), 240)]), fmt.Sprintf("exit status %d", exit)))
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

// FirstLine returns the first line of b, or otherwise if b is blank.
func FirstLine(b []byte, otherwise string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	if line == "" {
		return otherwise
	}
	return line
}

// Reason returns an error as the reason of an entry, safe to print.
func Reason(err error) string {
	var refused *adb.SyncError
	if errors.As(err, &refused) && refused.Message != "" {
		return manifest.Display(refused.Message)
	}
	return manifest.Display(err.Error())
}

// Told is [Reason] for people.
func Told(err error) message.Sentence {
	var refused *adb.SyncError
	if errors.As(err, &refused) && refused.Message != "" {
		return message.AsIs(manifest.Display(refused.Message))
	}
	return message.Of(err).Map(manifest.Display)
}

// Refused returns an error that is [ErrRefused], and [ErrDenied] if denied.
func Refused(text string, denied bool) error { return &refusalError{text, denied} }
