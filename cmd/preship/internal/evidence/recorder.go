package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/mask"
	"preship/adb/link"
	"preship/report/casedir"
)

// Recorder asks a handset the questions of the command table and keeps every answer
// as evidence.
type Recorder struct {
	Device *adb.Device
	Case   *casedir.Case // nil keeps nothing
	Now    func() time.Time
	// Link waits for a handset that left and asks again; nil asks once.
	Link *link.Link

	lost error // the first time the handset was not there to be asked
}

// away are the errors of a handset that cannot be reached. An unanswered question alone
// is not one of them.
var away = []error{
	adb.ErrNoServer, adb.ErrUnauthorized, adb.ErrOffline, adb.ErrNoPermissions, adb.ErrNotReady, adb.ErrGone,
}

// noteLost keeps the first error that says that the handset is not there. One
// that is not listed any more was: it left.
func (r *Recorder) noteLost(command string, err error) {
	switch {
	case r.lost != nil:
	case errors.Is(err, adb.ErrNoDevice):
		r.lost = fmt.Errorf("%s: %s: %w", command, r.Device.Serial(), adb.ErrGone)
	case slices.ContainsFunc(away, func(why error) bool { return errors.Is(err, why) }):
		r.lost = err
	}
}

// Whole returns err or, if that is nil, why some questions did not reach the handset:
// no finding may be made of those.
func (r *Recorder) Whole(err error) error {
	if err != nil {
		return err
	}
	return r.lost
}

// AskPatiently implements [handset.Patient]. A line that changes something is sent once,
// as is every line without a Link.
func (r *Recorder) AskPatiently(ctx context.Context, line handset.Line) (handset.Answer, error) {
	if r.Link == nil || line.Command().Writes {
		return handset.Ask(ctx, once{r}, line)
	}
	before := r.lost
	answer, err := r.Link.Ask(ctx, once{r}, line)
	if err == nil {
		r.lost = before // it was away for a while, and answered then
	}
	return answer, err
}

// once is a recorder that sends a line once.
type once struct{ r *Recorder }

func (o once) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	return o.r.Ask(ctx, line)
}

// Ask implements [handset.Reader]. An answer with an exit status other than zero is
// an answer, not an error.
func (r *Recorder) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	start := r.Now()
	answer, err := link.Reader(r.Device).Ask(ctx, line)
	if err != nil {
		err = fmt.Errorf("%s: %w", line.Command().Name, err)
		r.noteLost(line.Command().Name, err)
	}
	ref, keepErr := r.Keep(line, start, answer, err)
	answer.Ref = ref
	return answer, errors.Join(err, keepErr)
}

// Keep keeps an answer to a line that was sent at start. ref is its name in the case, empty
// without a case.
func (r *Recorder) Keep(line handset.Line, start time.Time, a handset.Answer, err error) (ref string, _ error) {
	if r.Case == nil {
		return "", nil
	}
	entry := casedir.Entry{
		Name: line.Command().Name, Line: mask.Line(line), Writes: line.Command().Writes,
		Start: start, End: r.Now(), Exit: a.Exit,
		Stdout: mask.Answer(line, a.Stdout), Stderr: dump.Complaints(a.Stderr),
	}
	entry.Masked = entry.Line != line.String() || !bytes.Equal(entry.Stdout, a.Stdout) || !bytes.Equal(entry.Stderr, a.Stderr)
	if err != nil {
		entry.Error = err.Error()
	}
	return r.Case.Record(entry)
}
