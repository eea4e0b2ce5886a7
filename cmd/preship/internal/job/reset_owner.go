package job

import (
	"context"
	"encoding/json"

	"preship/adb"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

// resetOwner is a job as package reset needs it.
type resetOwner struct{ j *Job }

func (o resetOwner) Say(s message.Sentence)                 { o.j.say(s) }
func (o resetOwner) Instruct(s message.Sentence)            { o.j.instruct(s) }
func (o resetOwner) Wait(w wait.Wait) (done func())         { return o.j.waits.Show(w) }
func (o resetOwner) Record(e casedir.Entry) (string, error) { return o.j.kept.Record(e) }
func (o resetOwner) Recheck(ctx context.Context) error      { return o.j.recheck(ctx) }
func (o resetOwner) Devices(ctx context.Context) ([]adb.DeviceInfo, error) {
	return o.j.client.Devices(ctx)
}

// Save puts the state of the reset on disk. It stops the clock of --timeout before the
// wipe is sent, and returns [ErrTimeUp] if the time was over before.
func (o resetOwner) Save(r report.Reset) error {
	if r.TriggeredAt != nil && !o.j.limit.held() {
		return ErrTimeUp
	}
	rec := o.j.kept.Step(report.StepReset)
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	rec.Data = raw
	return o.j.kept.SetStep(rec)
}
