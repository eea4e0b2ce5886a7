package casedir

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"preship/report"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/safefile"
)

// SetIntake checks the form, fills in what follows from the rest, and keeps it
// in the case, and drops the draft. An incomplete form is an [*intake.Error]. The owner's
// consent can come later, but no later than the reset.
func (c *Case) SetIntake(in intake.Form, now time.Time) (intake.Form, error) {
	in.Schema = intake.Schema
	if in.Salt == "" || !c.salted(in.Salt) {
		var salt [16]byte
		_, _ = rand.Read(salt[:]) // never fails: it ends the program instead
		in.Salt = hex.EncodeToString(salt[:])
	}
	report.Tidy(&in)
	c.mu.Lock()
	h, err := c.handset()
	erased, readErr := c.erased()
	c.mu.Unlock()
	if err := errors.Join(err, readErr); err != nil {
		return in, err
	}
	in.Fill(h, c.id)
	in.Complete(now)
	problems := in.Problems(now, h)
	if erased && !in.Agreed() {
		problems = append(problems, intake.NotAgreed())
	}
	for _, p := range in.Condition.Photos {
		if d, err := DigestFile(safefile.In(c.root), p.File); err != nil || d != p.SHA256 {
			problems = append(problems, intake.Problem{Field: "condition.photos", What: message.Say("intake.problem.photo", "file", p.File)})
		}
	}
	if len(problems) > 0 {
		return in, &intake.Error{Problems: problems}
	}
	b, err := report.MarshalFile(in)
	if err != nil {
		return in, err
	}
	if err := c.WriteFile(IntakeName, b); err != nil {
		return in, err
	}
	return in, c.forget(draftName)
}

// draftName is where the case keeps a form that is being filled in.
const draftName = "intake.draft"

// Draft is a form that is being filled in. No report shows it.
type Draft struct {
	Form  intake.Form `json:"form"`
	Asked []string    `json:"asked"` // names of the fields that were answered
}

// KeepDraft keeps a form that is being filled in, on disk before it returns.
func (c *Case) KeepDraft(d Draft) error { return c.Keep(draftName, d) }

// Draft returns the form that is being filled in, else the form of the case; ok is false
// without one.
func (c *Case) Draft() (d Draft, ok bool, err error) {
	if ok, err = c.Kept(draftName, &d); ok || err != nil {
		return d, ok, err
	}
	d.Form, ok, err = c.Intake()
	return d, ok, err
}

// Erased reports whether the reset of the case may have been sent, or was attested.
func (c *Case) Erased() (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.erased()
}

func (c *Case) erased() (bool, error) {
	raw := report.RecordOf(c.file.Steps, report.StepReset).Data
	if len(raw) == 0 {
		return false, nil
	}
	var r report.Reset
	if err := json.Unmarshal(raw, &r); err != nil {
		return false, fmt.Errorf("step %s: its result cannot be read: %w", report.StepReset, err)
	}
	return r.TriggeredAt != nil || r.Rung != report.RungNone, nil
}

// Unlike returns the fields of a form, even of an unfinished one, that contradict the
// handset of the case.
func (c *Case) Unlike(in intake.Form) (problems []intake.Problem, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, err := c.handset()
	if err != nil {
		return nil, err
	}
	return in.Unlike(h), nil
}

// salted reports whether the form in the case has this salt. A salt that comes with
// a form is not used: it can be short, or known to somebody.
func (c *Case) salted(salt string) bool {
	before, ok, err := c.Intake()
	return err == nil && ok && before.Salt == salt
}

// Intake returns the form of the case; ok is false if the case has no form.
func (c *Case) Intake() (in intake.Form, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.intake()
}

func (c *Case) intake() (in intake.Form, ok bool, err error) {
	b, err := safefile.Read(safefile.In(c.root), IntakeName, intake.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return in, false, nil
	}
	if err == nil {
		in, err = intake.Parse(b)
	}
	return in, err == nil, err
}

// EraseIntake deletes the personal files of the case in dir. A sealed package
// stays sealed: verifying it says that they were withheld.
func EraseIntake(dir string) error {
	c, err := Open(dir)
	if err != nil {
		return err
	}
	err = c.forget(draftName)
	photos, globErr := fs.Glob(c.root.FS(), EvidenceDir+"/condition-*")
	err = errors.Join(err, globErr)
	for _, name := range append([]string{IntakeName, ClaimName, FaultName, LabelName, ParcelName(c.id)}, slices.DeleteFunc(photos, func(name string) bool { return !IsPhoto(name) })...) {
		err = errors.Join(err, safefile.Remove(c.root, name))
	}
	return errors.Join(err, c.root.RemoveAll(PrivateDir), c.Close())
}

// Handset returns the handset of the case, nil if it was not identified.
func (c *Case) Handset() (*report.Handset, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handset()
}

// handset returns the case's handset as identify left it, nil if it was not
// identified.
func (c *Case) handset() (*report.Handset, error) {
	raw := report.RecordOf(c.file.Steps, report.StepIdentify).Data
	if len(raw) == 0 {
		return nil, nil
	}
	var h *report.Handset
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, fmt.Errorf("step %s: its result cannot be read: %w", report.StepIdentify, err)
	}
	return h, nil
}

// CompareIntake compares a form with the handset of the case.
func (c *Case) CompareIntake(in intake.Form) (report.Finding, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, err := c.handset()
	if err != nil {
		return report.Finding{}, err
	}
	return in.Compare(h), nil
}
