package main

import (
	"bytes"
	"strings"
	"testing"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/verdict"
)

// A question is longer than many terminals are wide.
func TestQuestionWraps(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := &env{Console: &console.Console{In: strings.NewReader("538038\n"), Err: &out, InTTY: true, Columns: func() int { return 80 }}}
	answer, err := e.ask(t.Context(), &globals{}, "--confirm", "    to erase it, type the last six of its IMEI or serial (ctrl-c leaves it as it is):")
	if err != nil || answer != "538038" {
		t.Fatalf("ask = %q, %v", answer, err)
	}
	want := "    to erase it, type the last six of its IMEI or serial (ctrl-c leaves it as it\n      is): "
	if out.String() != want {
		t.Errorf("asked %q, want %q", out.String(), want)
	}
}

func TestNaming(t *testing.T) {
	t.Parallel()
	const hint = "plug it in again and run the same command: what was proved is kept"
	if got := (&env{}).naming(hint); got != hint {
		t.Errorf("without a case: %q", got)
	}
	want := "plug it in again and run preship prepare --case d: what was proved is kept"
	if got := (&env{again: verdict.Resume("d")}).naming(hint); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
