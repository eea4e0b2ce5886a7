package job

import (
	"fmt"
	"testing"

	"preship/report"
)

func TestStepsAreTheReportsSteps(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range steps {
		names = append(names, s.name)
		if wants := s.name == report.StepReset; s.wipes != wants {
			t.Errorf("step %s: wipes = %v, want %v", s.name, s.wipes, wants)
		}
	}
	if got, want := fmt.Sprint(names), fmt.Sprint(report.Steps); got != want {
		t.Errorf("steps are %s, the report's are %s", got, want)
	}
}
