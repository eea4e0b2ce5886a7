package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/adb/link"
	"preship/backup/manifest"
)

var (
	// errNoColumn: the provider looked and has no such column.
	errNoColumn = errors.New("no such column")
	// errDenied: the provider does not answer the shell. A switch on the handset may
	// change that; asking again does not.
	errDenied = errors.New("permission denied")
)

// refusalError is what a provider answered instead of rows. It is errRefused.
type refusalError struct {
	text   string
	denied bool
}

func (e *refusalError) Error() string { return errRefused.Error() + ": " + e.text }

// Is reports errRefused, and errDenied if the shell may not ask.
func (e *refusalError) Is(target error) bool {
	return target == errRefused || e.denied && target == errDenied
}

// ask asks one line, for a backup, as the function ask does.
func (k *keeper) ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	select {
	case k.slots <- struct{}{}:
		defer func() { <-k.slots }()
	case <-ctx.Done():
		return handset.Answer{}, context.Cause(ctx)
	}
	return ask(ctx, k.link, line)
}

// ask asks one line and waits for a handset that left. It goes past the evidence
// on purpose: what people wrote to each other has no place in a sealed report.
//
// An error that is errRefused is about this question; any other ends the work.
func ask(ctx context.Context, l *link.Link, line handset.Line) (handset.Answer, error) {
	a, err := l.Ask(ctx, link.Reader(l.Device()), line)
	if err != nil && !link.Ended(ctx, err) {
		err = fmt.Errorf("%w to answer: %s", errRefused, manifest.Display(err.Error()))
	}
	return a, err
}

// query asks a provider and keeps what it answered, word for word, in items/raw.
func (k *keeper) query(ctx context.Context, line handset.Line, file, what string) (handset.Answer, error) {
	a, err := k.ask(ctx, line)
	if err != nil {
		return a, err
	}
	if err := refusal(a); err != nil {
		return a, err
	}
	return a, k.write("raw/"+file+"."+what+".txt", a.Stdout)
}

// refusal finds what a provider threw. The content command prints it on standard
// error and still exits with 0; what stands on standard output may be anybody's words.
func refusal(a handset.Answer) error {
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
			return fmt.Errorf("%w: %w", errRefused, errNoColumn)
		}
	}
	denied := bytes.Contains(text, []byte("SecurityException")) || bytes.Contains(text, []byte("Permission Denial"))
	return &refusalError{thrownBy(string(text), a.Exit), denied}
}

// thrownBy is the exception in what a provider printed, in one line.
func thrownBy(text string, exit int) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "Exception") || strings.HasPrefix(line, "[ERROR]") {
			return manifest.Display(line[:min(len(line), 240)])
		}
	}
	return manifest.Display(firstLine([]byte(text[:min(len(text), 240)]), fmt.Sprintf("exit status %d", exit)))
}
