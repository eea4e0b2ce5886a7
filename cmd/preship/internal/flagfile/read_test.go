package flagfile

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnswerWithin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit = 10 * time.Second
		stuck := make(chan struct{})
		wait := func() (int, error) { <-stuck; return 1, nil }
		if _, err := AnswerWithin(t.Context(), limit, wait); err == nil || !strings.Contains(err.Error(), limit.String()) {
			t.Errorf("a program that never answers: error %v", err)
		}
		if n, err := AnswerWithin(t.Context(), limit, func() (int, error) { return 2, nil }); n != 2 || err != nil {
			t.Errorf("an answer: %d, %v", n, err)
		}
		close(stuck)
	})
}
