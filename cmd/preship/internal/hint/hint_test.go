package hint

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"preship/adb"
	"preship/report/message"
)

// Every hint is a few whole sentences, in every language.
func TestRowsAreCalm(t *testing.T) {
	t.Parallel()
	for _, row := range rows {
		hints := For(fmt.Errorf("x: %w", row.err), "preship x")
		if len(hints) == 0 {
			t.Errorf("%v: no hint", row.err)
		}
		for _, s := range hints {
			for _, tag := range message.Languages() {
				if text, known := s.In(tag); !known || strings.ContainsAny(text, "!！") || strings.Contains(text, "{") {
					t.Errorf("hint for %v: %s %q, known %t", row.err, tag, text, known)
				}
			}
		}
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	if hints := For(errors.New("x"), ""); hints != nil {
		t.Errorf("an error without a row: %v", hints)
	}
	for _, tt := range []struct {
		err          error
		resume, want string
	}{
		{adb.ErrGone, "", "The handset left before the end. Plug it in again and run the same command again. What was proved is kept."},
		{context.DeadlineExceeded, "preship prepare --case d", "It took too long. Check the handset's screen and the cable, then run preship prepare --case d again."},
	} {
		if got := For(tt.err, tt.resume); len(got) != 1 || got[0].String() != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}
