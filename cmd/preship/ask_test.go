package main

import (
	"bytes"
	"strings"
	"testing"

	"preship/cmd/preship/internal/console"
)

// A question is longer than many terminals are wide.
func TestQuestionWraps(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := &env{Console: &console.Console{In: strings.NewReader("538038\n"), Err: &out, InTTY: true, Columns: func() int { return 80 }}}
	answer, err := e.ask(t.Context(), &globals{}, "--confirm", "    To erase it, type the last six characters of its IMEI or serial (ctrl-c leaves it as it is):")
	if err != nil || answer != "538038" {
		t.Fatalf("ask = %q, %v", answer, err)
	}
	want := "    To erase it, type the last six characters of its IMEI or serial (ctrl-c\n      leaves it as it is): "
	if out.String() != want {
		t.Errorf("asked %q, want %q", out.String(), want)
	}
}
