package job

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"preship/adb"
)

func TestWhyEnded(t *testing.T) {
	t.Parallel()
	over, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("interrupt signal received"))
	timeUp, cancelTime := context.WithCancelCause(context.Background())
	cancelTime(ErrTimeUp)
	tests := []struct {
		name string
		ctx  context.Context
		err  error
		want string
	}{
		{"well", over, nil, ""},
		{"failed", t.Context(), adb.ErrGone, "the handset disconnected"},
		{"interrupted", over, context.Canceled, ""},
		{"interrupted while waiting", over, fmt.Errorf(`waiting, last seen "offline": %w`, context.Cause(over)), `waiting, last seen "offline"`},
		{"failed as it was interrupted", over, adb.ErrGone, "the handset disconnected"},
		{"time up", timeUp, ErrTimeUp, ErrTimeUp.Error()},
	}
	for _, tt := range tests {
		if got := whyEnded(tt.ctx, tt.err).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
