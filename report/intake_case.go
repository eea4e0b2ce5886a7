package report

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"preship/report/safefile"
)

// SetIntake checks the form, fills in what follows from the rest, and keeps it
// in the case. An incomplete form is an [*IntakeError].
func (c *Case) SetIntake(in Intake, now time.Time) (Intake, error) {
	in.Schema = IntakeSchema
	if in.Salt == "" || !c.salted(in.Salt) {
		var salt [16]byte
		_, _ = rand.Read(salt[:]) // never fails: it ends the program instead
		in.Salt = hex.EncodeToString(salt[:])
	}
	Tidy(&in)
	in.Complete(now)
	c.mu.Lock()
	h, err := c.handset()
	c.mu.Unlock()
	if err != nil {
		return in, err
	}
	problems := in.Problems(now, h)
	for _, p := range in.Condition.Photos {
		if d, err := DigestFile(safefile.In(c.root), p.File); err != nil || d != p.SHA256 {
			problems = append(problems, IntakeProblem{"condition.photos", p.File + " is not the picture of the case"})
		}
	}
	if len(problems) > 0 {
		return in, &IntakeError{problems}
	}
	b, err := MarshalFile(in)
	if err != nil {
		return in, err
	}
	return in, c.WriteFile(IntakeName, b)
}

// Unlike returns the fields of a form, even of an unfinished one, that contradict the
// handset of the case.
func (c *Case) Unlike(in Intake) (problems []IntakeProblem, err error) {
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

// Intake returns the form of the case; ok is false when there is none.
func (c *Case) Intake() (in Intake, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.intake()
}

func (c *Case) intake() (in Intake, ok bool, err error) {
	b, err := safefile.Read(safefile.In(c.root), IntakeName, MaxIntake)
	if errors.Is(err, fs.ErrNotExist) {
		return in, false, nil
	}
	if err == nil {
		in, err = ParseIntake(b)
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
	for _, name := range []string{IntakeName, ClaimName} {
		err = errors.Join(err, safefile.Remove(c.root, name))
	}
	return errors.Join(err, c.Close())
}

// handset returns the case's handset as identify left it, nil if it was not
// identified.
func (c *Case) handset() (*Handset, error) {
	raw := c.file.step(StepIdentify).Data
	if len(raw) == 0 {
		return nil, nil
	}
	var h *Handset
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, fmt.Errorf("step %s: its result cannot be read: %w", StepIdentify, err)
	}
	return h, nil
}

// CompareIntake compares a form with the handset of the case.
func (c *Case) CompareIntake(in Intake) (Finding, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, err := c.handset()
	if err != nil {
		return Finding{}, err
	}
	return in.Compare(h), nil
}
