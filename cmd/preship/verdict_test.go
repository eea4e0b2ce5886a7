package main

import (
	"bytes"
	"strings"
	"testing"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
)

func TestTellReasons(t *testing.T) {
	t.Parallel()
	again := message.Say("verdict.resume")
	tests := []struct {
		name    string
		reasons []report.Reason
		want    string
	}{
		{"none", nil, ""},
		{
			"one command goes on with all of it",
			[]report.Reason{{What: "step accounts failed", Next: "again", NextMessage: &again}, {What: "step reset was not run", Next: "again", NextMessage: &again}},
			"  step accounts failed\n  step reset was not run\n    next: preship prepare --case '/my cases/PS-1' goes on where it stopped\n",
		},
		{
			"the same words twice",
			[]report.Reason{{What: "it did not end", Next: "connect it"}, {What: "it did not end"}, {What: "it did not end"}},
			"  it did not end\n    next: connect it\n",
		},
		{
			"each its own",
			[]report.Reason{{What: "signed in", Next: "sign out"}, {What: "managed", Next: "ask them"}},
			"  signed in\n    next: sign out\n  managed\n    next: ask them\n",
		},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		(&env{Console: &console.Console{Err: &out}}).tellReasons(tt.reasons, "/my cases/PS-1")
		if out.String() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, out.String(), tt.want)
		}
	}
}

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
	if got := (&env{again: goOn("d")}).naming(hint); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
