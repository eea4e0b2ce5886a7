package amount

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		15 * time.Minute: "15 minutes", time.Minute: "1 minute", 2 * time.Hour: "120 minutes",
		30 * time.Second: "30 seconds", time.Second: "1 second", 90 * time.Second: "90 seconds",
		1500 * time.Millisecond: "1.5s",
	} {
		if got := Span(d).String(); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}
