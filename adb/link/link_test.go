package link

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/internal/scripted"
)

// breakOnce breaks the connection, long after the break before it.
func breakOnce(l *Link) error {
	l.last = time.Time{}
	return l.Mend(context.Background(), fmt.Errorf("pull: %w", adb.ErrGone))
}

// A connection that breaks often is mended as often, as long as one file is
// finished in between; a break more in a row than allowed ends it.
func TestLinkCountsBreaksInARow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for n := range 2 * maxBreaks {
			if err := breakOnce(l); err != nil {
				t.Fatalf("break %d, each after a finished file: %v", n+1, err)
			}
			l.Progress()
		}
		for n := range maxBreaks {
			if err := breakOnce(l); err != nil {
				t.Fatalf("break %d in a row: %v", n+1, err)
			}
		}
		if err := breakOnce(l); !errors.Is(err, ErrLost) || !errors.Is(err, adb.ErrGone) {
			t.Errorf("break %d in a row: error %v, want %v because of %v", maxBreaks+1, err, ErrLost, adb.ErrGone)
		}
	})
}

// One cut breaks every stream at the same moment; it counts once.
func TestLinkCountsOneCutOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for n := range 2 * maxBreaks {
			if err := l.Mend(t.Context(), adb.ErrGone); err != nil {
				t.Fatalf("stream %d: %v", n+1, err)
			}
		}
		if n := l.breaks.Load(); n != 1 {
			t.Errorf("counted %d breaks, want 1", n)
		}
	})
}

// A command that succeeds starts the count of breaks again, and an error that is
// not of the connection is returned unchanged, with nothing waited for.
func TestLinkRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := linkTo(t, scripted.New(t))
		for round := range 2 {
			tries := 0
			err := l.Retry(t.Context(), func(context.Context) error {
				if l.last = (time.Time{}); tries < maxBreaks {
					tries++
					return adb.ErrClosed
				}
				return nil
			})
			if err != nil || tries != maxBreaks {
				t.Fatalf("round %d: error %v after %d tries, want none after %d", round+1, err, tries, maxBreaks)
			}
		}
		other, tries := errors.New("permission denied"), 0
		err := l.Retry(t.Context(), func(context.Context) error { tries++; return other })
		if err != other || tries != 1 {
			t.Errorf("error %v after %d tries, want %v after one", err, tries, other)
		}
	})
}
