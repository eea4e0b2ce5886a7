package report

import (
	"encoding/json"
	"testing"
	"time"

	"preship/report/message"
)

// Once the data is erased, the report gives no advice about the backup. Before that it does.
func TestNoAdviceAfterTheReset(t *testing.T) {
	t.Parallel()
	for _, rung := range []Rung{RungNone, RungAttested, RungObservedClean} {
		f := Finding{ID: "backup.unsaveable", Status: StatusWarn, Method: MethodObserved, Summary: "lost"}
		f.Advise(message.Say("backup.unsaveable.remedy"))
		data, err := json.Marshal(Reset{Rung: rung})
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)
		r, err := Build(Job{ID: "PS-1", Created: at, Outside: func(string) string { return "" }, Steps: []StepRecord{
			{Name: StepBackup, State: StepDone, Started: at, Finished: at, Findings: Findings{f}},
			{Name: StepReset, State: StepDone, Started: at, Finished: at, Data: data},
		}}, Tool{})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := r.Steps[1].Findings.ByID("backup.unsaveable")
		if !ok || (got.Remedy == "") != (rung != RungNone) || (got.RemedyMessage == nil) != (rung != RungNone) {
			t.Errorf("after %q the advice is %q", rung, got.Remedy)
		}
	}
}
