package handset

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// stalled answers after a silence, if it is still waited for.
type stalled time.Duration

func (s stalled) Ask(ctx context.Context, _ Line) (Answer, error) {
	select {
	case <-time.After(time.Duration(s)):
		return Answer{Stdout: []byte("at last")}, nil
	case <-ctx.Done():
		return Answer{}, context.Cause(ctx)
	}
}

// Every row is given its own limit, whatever the row: shorter ones than the default,
// longer ones, and the default.
func TestAskGivesEachRowItsLimit(t *testing.T) {
	t.Parallel()
	for _, c := range Commands {
		limit := c.Timeout
		if limit == 0 {
			limit = 30 * time.Second
		}
		synctest.Test(t, func(t *testing.T) {
			line := Line{text: c.Line, row: c}
			if a, err := Ask(t.Context(), stalled(limit-time.Second), line); err != nil || string(a.Stdout) != "at last" {
				t.Errorf("%s: an answer after %v: %q, %v", c.Name, limit-time.Second, a.Stdout, err)
			}
			start := time.Now()
			_, err := Ask(t.Context(), stalled(limit+time.Second), line)
			var late *LateError
			if !errors.As(err, &late) || late.Limit != limit || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: an answer after %v: error %v, want %v", c.Name, limit+time.Second, err, &LateError{limit})
			}
			if took := time.Since(start); took != limit {
				t.Errorf("%s: given up after %v, want %v", c.Name, took, limit)
			}
		})
	}
}

// What a handset works through adds to the limit of the rows that have a rate.
func TestLimitGrowsWithTheWork(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		line Line
		want time.Duration
	}{
		{HashFiles.Must(), 20 * time.Second},
		{HashFiles.Must().Over(slowestDisk - 1), 20 * time.Second},
		{HashFiles.Must().Over(600 * slowestDisk), 10*time.Minute + 20*time.Second},
		{GetProp.Must().Over(600 * slowestDisk), 30 * time.Second},
		{HashFiles.Must().Over(600 * slowestDisk).Within(time.Second), time.Second},
		{GetProp.Must().Within(time.Hour), time.Hour},
		{GetProp.Must().Within(0), 30 * time.Second},
	} {
		if got := tt.line.Limit(); got != tt.want {
			t.Errorf("%s over %d bytes: %v, want %v", tt.line.row.Name, tt.line.work, got, tt.want)
		}
	}
	ctx, cancel := Bound(t.Context(), 60*slowestDisk, InstallWrite, InstallCommit)
	defer cancel()
	if end, _ := ctx.Deadline(); time.Until(end).Round(time.Second) != 21*time.Minute {
		t.Errorf("an app of 60 s at the slowest has %v, want 21 min", time.Until(end))
	}
}

// The end of the caller's context is not a late answer.
func TestAskEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		why := errors.New("the person pressed ctrl-c")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		if _, err := Ask(ctx, stalled(time.Hour), GetProp.Must()); err != why {
			t.Errorf("error %v, want %v", err, why)
		}
	})
}

// A reader that hides why it stopped does not hide that the answer was late.
func TestAskNamesALateAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		closed := errors.New("stream closed")
		_, err := Ask(t.Context(), closes{closed}, FindDevice.Must())
		if !errors.As(err, new(*LateError)) || !errors.Is(err, closed) {
			t.Errorf("error %v, want a LateError and %v", err, closed)
		}
	})
}

// A patient reader waits in its own way, without the limit of the row.
func TestAskPatiently(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if a, err := Ask(t.Context(), patient{stalled(time.Hour)}, GetProp.Must()); err != nil || string(a.Stdout) != "at last" {
			t.Errorf("%q, %v, want its answer after an hour", a.Stdout, err)
		}
	})
}

// patient asks without a limit.
type patient struct{ Reader }

func (p patient) AskPatiently(ctx context.Context, line Line) (Answer, error) {
	return p.Reader.Ask(ctx, line)
}

// A limit that is over is not late where the limit around it ended first, and an answer
// that came is not late.
func TestLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		outer, cancel := Bound(t.Context(), 0, FindDevice) // 10 s
		defer cancel()
		inner, cancelInner := Bound(outer, 0, GetProp) // 30 s
		defer cancelInner()
		if late := Late(t.Context(), outer); late != nil {
			t.Errorf("at the beginning: %v, want nothing late", late)
		}
		<-inner.Done()
		if late := Late(outer, inner); late != nil {
			t.Errorf("the inner limit: %v, want nothing late", late)
		}
		if late := Late(t.Context(), outer); late == nil || late.Limit != FindDevice.Timeout {
			t.Errorf("the outer limit: %v, want %v", late, FindDevice.Timeout)
		}
		if a, err := Ask(t.Context(), deaf{time.Minute}, GetProp.Must()); err != nil || string(a.Stdout) != "at last" {
			t.Errorf("an answer behind the limit: %q, %v, want the answer", a.Stdout, err)
		}
	})
}

// deaf answers after a silence, also if it is not waited for any more.
type deaf struct{ silence time.Duration }

func (d deaf) Ask(context.Context, Line) (Answer, error) {
	time.Sleep(d.silence)
	return Answer{Stdout: []byte("at last")}, nil
}

// closes returns its error when ctx ends.
type closes struct{ err error }

func (c closes) Ask(ctx context.Context, _ Line) (Answer, error) {
	<-ctx.Done()
	return Answer{}, c.err
}
