package verdict

import (
	"bytes"
	"testing"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
)

func TestReasons(t *testing.T) {
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
			"  step accounts failed\n  step reset was not run\n    Next: preship prepare --case '/my cases/PS-1' resumes the job.\n",
		},
		{
			"the same words twice",
			[]report.Reason{{What: "it did not end", Next: "connect it"}, {What: "it did not end"}, {What: "it did not end"}},
			"  it did not end\n    Next: connect it\n",
		},
		{
			"each its own",
			[]report.Reason{{What: "signed in", Next: "sign out"}, {What: "managed", Next: "ask them"}},
			"  signed in\n    Next: sign out\n  managed\n    Next: ask them\n",
		},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		reasons(&console.Console{Err: &out}, tt.reasons, "/my cases/PS-1")
		if out.String() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, out.String(), tt.want)
		}
	}
}
