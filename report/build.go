package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"preship/report/message"
)

// Job is what a report is built from.
type Job struct {
	ID      string // of the case
	Created time.Time
	Steps   []StepRecord
	Ticket  *Ticket  // nil: the intake form is not filled in
	Fault   *Fault   // nil: nothing is known
	Form    *Finding // whether the intake form is about the handset; nil: no form
	// Outside removes personal data from a text, see [Outside].
	Outside func(string) string
}

// Build makes the report of a job from its steps as they stand, also when the job
// failed or was interrupted. It reads no clock: the same job gives the same report. It
// leaves out personal data, and makes readable a text that a handset could have made
// unreadable. A step whose result cannot be read is an error.
func Build(j Job, tool Tool) (Report, error) {
	r := Report{
		Schema: Schema, ID: j.ID, Tool: tool, Language: DefaultLanguage, Reasons: []Reason{},
		Started: j.Created, Finished: j.Created, Ticket: j.Ticket, Fault: j.Fault,
	}
	for _, name := range Steps {
		if name == StepReport {
			continue // the report cannot tell how its own making ended
		}
		s := RecordOf(j.Steps, name)
		if err := r.take(s); err != nil {
			return Report{}, err
		}
		for _, at := range []time.Time{s.Started, s.Finished} {
			if at.After(r.Finished) {
				r.Finished = at
			}
		}
	}
	r.Emulated = r.Handset.emulated()
	r.Rung = r.rung()
	r.Sanitization = r.sanitization()
	if r.Rung != RungNone {
		r.dropLateAdvice()
	}
	if j.Form != nil {
		r.addForm(*j.Form)
	}
	r.checkClock()
	r.dropPersonal(j.Outside)
	Tidy(&r)
	r.decide()
	return r, nil
}

// dropLateAdvice leaves out what to do about the backup: the data is erased.
func (r *Report) dropLateAdvice() {
	for i, s := range r.Steps {
		if s.Name != StepBackup {
			continue
		}
		for k := range s.Findings {
			f := &r.Steps[i].Findings[k]
			f.Remedy, f.RemedyMessage = "", nil
		}
	}
}

// addForm adds to identify's findings whether the form is about the handset.
func (r *Report) addForm(f Finding) {
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Name != StepIdentify {
			continue
		}
		if f.At = s.Finished; f.At.IsZero() {
			f.At = r.Started
		}
		s.Findings = lastOfEach(append(s.Findings, f))
	}
}

// take adds a step and the object it made.
func (r *Report) take(s StepRecord) error {
	target := map[string]any{
		StepIdentify: &r.Handset, StepBackup: &r.Backup, StepAccounts: &r.Accounts,
		StepReset: &r.Reset, StepVerify: &r.Clean,
	}[s.Name]
	if len(s.Data) > 0 {
		if err := json.Unmarshal(s.Data, target); err != nil {
			return fmt.Errorf("step %s: its result cannot be read: %w", s.Name, err)
		}
	}
	s.Findings = lastOfEach(append(r.ownFindings(s.Name), s.Findings...))
	s.Data = nil
	if s.State == StepRunning {
		s.State = StepInterrupted // no process is working on it any more
	}
	r.Steps = append(r.Steps, s)
	return nil
}

// ownFindings moves the findings out of a step's object: in the report each
// stands once, under its step.
func (r *Report) ownFindings(step string) Findings {
	var own *Findings
	switch {
	case step == StepIdentify && r.Handset != nil:
		own = &r.Handset.Findings
	case step == StepBackup && r.Backup != nil:
		own = &r.Backup.Findings
	case step == StepAccounts && r.Accounts != nil:
		own = &r.Accounts.Findings
	case step == StepReset && r.Reset != nil:
		own = &r.Reset.Findings
	case step == StepVerify && r.Clean != nil:
		own = &r.Clean.Findings
	default:
		return nil
	}
	fs := *own
	*own = nil
	return fs
}

// lastOfEach keeps the latest answer to each check, in the order first asked.
func lastOfEach(fs Findings) Findings {
	place := make(map[string]int, len(fs))
	kept := make(Findings, 0, len(fs))
	for _, f := range fs {
		if i, ok := place[f.ID]; ok {
			kept[i] = f
			continue
		}
		place[f.ID] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// rung is the highest that the reset and the checks after it reached.
func (r *Report) rung() Rung {
	best := RungNone
	if r.Reset != nil && r.Reset.Rung.Height() > best.Height() {
		best = r.Reset.Rung
	}
	if r.Clean != nil && r.Clean.Rung.Height() > best.Height() {
		best = r.Clean.Rung
	}
	return best
}

func (r *Report) sanitization() *Sanitization {
	if r.Reset == nil || r.Reset.TriggeredAt == nil && r.rung() == RungNone {
		return nil
	}
	s := &Sanitization{
		Framework: "NIST SP 800-88r2", Method: "clear", Technique: "factory-data-reset",
		Way: r.Reset.Way, TriggeredAt: r.Reset.TriggeredAt,
		Verification: r.rung().Title().String(),
		Limits:       []string{r.rung().NotProved().String()},
	}
	claim := message.Say("sanitization.claim.unsupported")
	if h := r.Handset; h != nil && h.Bootloader == BootloaderLocked &&
		(h.Encryption == EncryptionFile || h.Encryption == EncryptionBlock) {
		claim = message.Say("sanitization.claim.cryptographic-erase")
	}
	s.PlatformClaim, s.PlatformClaimMessage = claim.String(), &claim
	if r.Clean != nil {
		for _, limit := range r.Clean.NotProved {
			if !slices.Contains(s.Limits, limit) {
				s.Limits = append(s.Limits, limit)
			}
		}
	}
	return s
}

// dropPersonal removes data about a person rather than a handset.
func (r *Report) dropPersonal(outside func(string) string) {
	if r.Handset != nil {
		r.Handset.Serial = serialOutside(r.Handset.Serial)
		for i := range r.Handset.Users {
			r.Handset.Users[i].Name = nil
		}
	}
	if r.Backup != nil {
		r.Backup.Case = ""
	}
	if r.Fault != nil {
		r.Fault.drop(outside)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		s.dropError(func(text string) string { return maskApps(outside(text)) })
		for j := range s.Findings {
			f := &s.Findings[j]
			f.drop(outside)
			if !namesApps(f.ID) {
				f.drop(maskApps)
			}
		}
	}
}
