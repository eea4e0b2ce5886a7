package reset

import (
	"context"

	"preship/adb"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

// Hooks is an Owner made of functions. One that is nil does nothing.
type Hooks struct {
	OnSay     func(string) // also instructions, as they are shown
	OnSave    func(report.Reset) error
	OnRecord  func(casedir.Entry) (string, error)
	OnRecheck func(context.Context) error
	OnDevices func(context.Context) ([]adb.DeviceInfo, error)
	OnWait    wait.Shower
}

// HooksOf returns the hooks of a job.
func HooksOf(j *Job) *Hooks { return j.Owner.(*Hooks) }

func (h *Hooks) Say(s message.Sentence) {
	if h.OnSay != nil {
		h.OnSay(s.String())
	}
}

func (h *Hooks) Instruct(s message.Sentence) { h.Say(message.Say("job.on-handset", "do", s)) }

func (h *Hooks) Wait(w wait.Wait) (done func()) {
	if h.OnWait == nil {
		return func() {}
	}
	return h.OnWait(w)
}

func (h *Hooks) Save(r report.Reset) error {
	if h.OnSave == nil {
		return nil
	}
	return h.OnSave(r)
}

func (h *Hooks) Record(e casedir.Entry) (string, error) {
	if h.OnRecord == nil {
		return "", nil
	}
	return h.OnRecord(e)
}

func (h *Hooks) Recheck(ctx context.Context) error {
	if h.OnRecheck == nil {
		return nil
	}
	return h.OnRecheck(ctx)
}

func (h *Hooks) Devices(ctx context.Context) ([]adb.DeviceInfo, error) {
	if h.OnDevices == nil {
		return nil, nil
	}
	return h.OnDevices(ctx)
}
