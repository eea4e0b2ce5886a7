package main

import (
	"testing"

	"preship/report"
	"preship/report/policy"
)

func TestCodeWithPolicy(t *testing.T) {
	t.Parallel()
	met, unmet := &policy.Ruling{Met: true}, &policy.Ruling{}
	for _, tt := range []struct {
		verdict report.Verdict
		ruling  *policy.Ruling
		want    exitCode
	}{
		{report.VerdictReady, nil, exitReady},
		{report.VerdictReady, met, exitReady},
		{report.VerdictReady, unmet, exitNotReady},
		{report.VerdictNotReady, nil, exitNotReady},
		{report.VerdictNotReady, met, exitReady}, // only a policy for benches can be
		{report.VerdictNotReady, unmet, exitNotReady},
		{report.VerdictFailed, met, exitFailed},
		{report.VerdictIncomplete, met, exitFailed},
	} {
		if got := codeWithPolicy(tt.verdict, tt.ruling); got != tt.want {
			t.Errorf("%s with %+v: exit code %d, want %d", tt.verdict, tt.ruling, got, tt.want)
		}
	}
}
