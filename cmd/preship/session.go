package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/report"
)

// client is a client of the adb server the environment names. start lets it
// start one where none answers.
func (g *globals) client(start bool) (*adb.Client, error) {
	client, err := adb.New(adb.Options{Addr: g.adbAddr, Start: start && g.adbAddr == ""})
	if err != nil {
		return nil, usagef("%v", err)
	}
	return client, nil
}

// server is a client of an adb server that answers. One that preship had to start
// goes on running, and none is ever stopped.
func (g *globals) server(ctx context.Context, e *env) (*adb.Client, error) {
	client, err := g.client(true)
	if err != nil {
		return nil, err
	}
	started, err := client.Ensure(ctx)
	if err != nil {
		return nil, err
	}
	if started {
		e.Say("started the adb server")
	}
	return client, nil
}

// recorder asks a handset the questions of the command table and keeps every
// answer as evidence. A nil case keeps nothing.
type recorder struct {
	device *adb.Device
	kept   *report.Case
	now    func() time.Time
	lost   error // the first time the handset was not there to be asked
}

// away is why a handset is not there to be asked. What it does not tell is no row.
var away = []error{
	adb.ErrNoServer, adb.ErrUnauthorized, adb.ErrOffline, adb.ErrNoPermissions, adb.ErrNotReady, adb.ErrGone,
}

// noteLost keeps the first error that says that the handset is not there. One
// that is not listed any more was: it left.
func (r *recorder) noteLost(command string, err error) {
	switch {
	case r.lost != nil:
	case errors.Is(err, adb.ErrNoDevice):
		r.lost = fmt.Errorf("%s: %s: %w", command, r.device.Serial(), adb.ErrGone)
	case slices.ContainsFunc(away, func(why error) bool { return errors.Is(err, why) }):
		r.lost = err
	}
}

// whole is err or, where there is none, why some questions did not reach the
// handset: those were not answered, and nothing may be said of what they asked.
func (r *recorder) whole(err error) error {
	if err != nil {
		return err
	}
	return r.lost
}

// Ask implements [handset.Reader]. An answer with an exit status other than zero is
// an answer, not an error.
func (r *recorder) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	start := r.now()
	answer, err := link.Reader(r.device).Ask(ctx, line)
	if err != nil {
		err = fmt.Errorf("%s: %w", line.Command().Name, err)
		r.noteLost(line.Command().Name, err)
	}
	ref, keepErr := r.keep(line, start, answer, err)
	answer.Ref = ref
	return answer, errors.Join(err, keepErr)
}

func (r *recorder) keep(line handset.Line, start time.Time, a handset.Answer, err error) (string, error) {
	if r.kept == nil {
		return "", nil
	}
	entry := report.Entry{
		Name: line.Command().Name, Line: line.Masked(), Writes: line.Command().Writes,
		Start: start, End: r.now(), Exit: a.Exit,
		Stdout: line.Mask(a.Stdout), Stderr: line.MaskErrors(a.Stderr),
	}
	entry.Masked = entry.Line != line.String() || !bytes.Equal(entry.Stdout, a.Stdout) || !bytes.Equal(entry.Stderr, a.Stderr)
	if err != nil {
		entry.Error = err.Error()
	}
	return r.kept.Record(entry)
}

// oneLine is the first line of a handset's answer, for a message.
func oneLine(b []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(b), []byte("\n"))
	return string(line)
}
