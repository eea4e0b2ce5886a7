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

// What follows from a step that ended early is left out, and the last thing to do stays.
func TestCauses(t *testing.T) {
	t.Parallel()
	reason := func(id message.ID, next string) report.Reason {
		s := message.Say(id, "step", "reset", "what", "contacts")
		return report.Reason{What: s.String(), Message: &s, Next: next}
	}
	all := []report.Reason{
		reason("verdict.step.failed", "mend it"), reason("backup.unfinished", "connect it"), reason("backup.items.not-reached", ""),
		reason("verdict.step.not-run", "again"), reason("verdict.handset-unknown", "look"),
	}
	got := causes(all)
	if len(got) != 2 || got[0].What != all[0].What || got[0].Next != "again" || got[1].What != all[4].What {
		t.Errorf("%+v", got)
	}
	if got := causes(all[3:4]); len(got) != 1 {
		t.Errorf("alone: %+v", got)
	}
}
