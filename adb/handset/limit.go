package handset

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// defaultTimeout is the limit of a row without a Timeout.
const defaultTimeout = 30 * time.Second

// LateError says that the handset did not answer within the limit of the row.
type LateError struct{ Limit time.Duration }

func (e *LateError) Error() string { return fmt.Sprintf("no answer within %v", e.Limit) }

// Is reports context.DeadlineExceeded.
func (e *LateError) Is(target error) bool { return target == context.DeadlineExceeded }

// Ask sends line by r and returns the whole answer. It gives the handset the limit
// of the row, and returns a [LateError] when that is over. Any other error is r's.
// No other function bounds a question.
func Ask(ctx context.Context, r Reader, line Line) (Answer, error) {
	bound, cancel := Bound(ctx, line.work, line.row)
	defer cancel()
	a, err := r.Ask(bound, line)
	if late := Late(ctx, bound); err != nil && late != nil && !errors.As(err, new(*LateError)) {
		err = fmt.Errorf("%w: %w", late, err)
	}
	return a, err
}

// Bound gives ctx the limit of rows that are sent one after the other to work
// through so many bytes. It is for what [Ask] cannot send: services of adb, and
// installations.
func Bound(ctx context.Context, bytes int64, rows ...*Command) (context.Context, context.CancelFunc) {
	limit := time.Duration(0)
	for _, c := range rows {
		limit += c.limit(bytes)
	}
	return context.WithTimeoutCause(ctx, limit, &LateError{limit})
}

// Late returns the error if the limit of bound is over, nil if bound has not
// ended or ended with ctx, its parent.
func Late(ctx, bound context.Context) *LateError {
	var late *LateError
	if ctx.Err() == nil {
		errors.As(context.Cause(bound), &late)
	}
	return late
}

// Over returns the line with the limit it needs to work through so many bytes, such
// as those of the files it hashes.
func (l Line) Over(bytes int64) Line {
	l.work += bytes
	return l
}

// Limit returns how long a row that Streams may be silent. For any other row it is
// how long the whole answer may take, which [Ask] sees to.
func (l Line) Limit() time.Duration { return l.row.limit(l.work) }

func (c *Command) limit(bytes int64) time.Duration {
	limit := c.Timeout
	if limit == 0 {
		limit = defaultTimeout
	}
	if c.Rate > 0 {
		limit += time.Duration(bytes/c.Rate) * time.Second
	}
	return limit
}
