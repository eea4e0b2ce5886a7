package link

import (
	"bytes"
	"context"
	"errors"

	"preship/adb"
	"preship/adb/handset"
)

// Reader returns a reader that sends lines to dev and keeps no evidence. It sends
// each line once.
func Reader(dev *adb.Device) handset.Reader { return reader{dev} }

type reader struct{ dev *adb.Device }

// Ask implements [handset.Reader]. A command may be silent while it works, so that
// only ctx bounds the answer.
func (r reader) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	return answer(r.dev.WithIdle(0).Shell(ctx, line.String(), nil))
}

func answer(res adb.ShellResult, err error) (handset.Answer, error) {
	return handset.Answer{Stdout: res.Stdout, Stderr: res.Stderr, Exit: res.Exit}, err
}

// Ask sends line by r, [Reader] or one that keeps evidence. It mends the connection
// and asks again if that breaks, three times at most. An error that [Ended] reports
// ends the work; any other is about this question.
func (l *Link) Ask(ctx context.Context, r handset.Reader, line handset.Line) (a handset.Answer, err error) {
	err = l.retryTimes(ctx, questionTries, func(ctx context.Context) (err error) {
		a, err = handset.Ask(ctx, r, line)
		return err
	})
	return a, err
}

// Ended reports whether err ends the work: the handset is lost, or ctx ended.
func Ended(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, ErrLost)
}

// Run sends a line that takes standard input, and returns the whole answer.
// It breaks off with adb.ErrTimeout after a silence as long as the limit of the row.
func (l *Link) Run(ctx context.Context, line handset.Line, stdin []byte) (handset.Answer, error) {
	return answer(l.dev.WithIdle(line.Limit()).Shell(ctx, line.String(), bytes.NewReader(stdin)))
}

// Start begins a line whose answer the caller reads and closes. Reading fails with
// adb.ErrTimeout after a silence as long as the limit of the row.
func (l *Link) Start(ctx context.Context, line handset.Line) (*adb.ShellStream, error) {
	return l.dev.WithIdle(line.Limit()).StartShell(ctx, line.String())
}
