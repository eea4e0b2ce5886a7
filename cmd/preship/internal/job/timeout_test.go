package job

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"preship/report"
)

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	work := errors.New("the cable was pulled")
	for _, tt := range []struct {
		name    string
		timeout time.Duration
		takes   time.Duration
		hold    bool
		err     error
		want    error
		cut     bool // the work saw its context end
	}{
		{name: "in time", timeout: time.Minute, takes: time.Second},
		{name: "no limit", takes: time.Hour},
		{name: "over", timeout: time.Minute, takes: time.Hour, err: context.Canceled, want: ErrTimeUp, cut: true},
		{name: "over and done all the same", timeout: time.Minute, takes: time.Hour, cut: true},
		{name: "an error before it is over", timeout: time.Minute, takes: time.Second, err: work, want: work},
		{name: "held while it erases", timeout: time.Minute, takes: time.Hour, hold: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				j := New(Host{}, nil, Options{Timeout: tt.timeout})
				cut := false
				err := j.Within(t.Context(), func(ctx context.Context) error {
					if tt.hold && !j.limit.held() {
						t.Error("the clock could not be held")
					}
					select {
					case <-ctx.Done():
						cut = true
					case <-time.After(tt.takes):
					}
					return tt.err
				})
				if cut != tt.cut {
					t.Errorf("cut %t, want %t", cut, tt.cut)
				}
				if tt.want == nil && err != nil || tt.want != nil && (err == nil || err.Error() != tt.want.Error()) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
			})
		})
	}
}

// A wipe does not start once the time is over, and a wipe that started is not cut.
func TestTimeLimitBeforeTheWipe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := New(Host{}, nil, Options{Timeout: time.Minute})
		err := j.Within(t.Context(), func(ctx context.Context) error {
			<-ctx.Done()
			now := time.Now()
			return resetOwner{j.erase}.Save(report.Reset{TriggeredAt: &now})
		})
		if !errors.Is(err, ErrTimeUp) {
			t.Errorf("error %v, want %v: the wipe would have been sent", err, ErrTimeUp)
		}
	})
}

func TestTimeLimitIsNotCtrlC(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ctx, _, end := limited(ctx, time.Hour)
	defer end()
	if got := endOf(ctx); !errors.Is(got, ErrInterrupted) {
		t.Errorf("%v after Ctrl-C, want %v", got, ErrInterrupted)
	}
}
