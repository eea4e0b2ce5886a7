package report

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
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
	problems := in.check(now)
	unlike, err := c.Unlike(in)
	if err != nil {
		return in, err
	}
	for _, p := range unlike {
		if !slices.ContainsFunc(problems, func(o IntakeProblem) bool { return o.Field == p.Field }) {
			problems = append(problems, p)
		}
	}
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
	for _, d := range in.compare(h).differs {
		problems = append(problems, IntakeProblem{d.field, d.what.String()})
	}
	return problems, nil
}

// salted reports whether the form in the case has this salt. A salt that comes with
// a form is not used: it can be short, or known to somebody.
func (c *Case) salted(salt string) bool {
	before, ok, err := c.Intake()
	return err == nil && ok && before.Salt == salt
}

// Complete fills in defaults, and says where they come from.
func (in *Intake) Complete(now time.Time) {
	if in.Ticket.Opened == "" {
		in.Ticket.Opened = now.UTC().Format(time.DateOnly)
	}
	opened, err := time.Parse(time.DateOnly, in.Ticket.Opened)
	if in.Ticket.ShipBy == "" && err == nil {
		in.Ticket.ShipBy = opened.AddDate(0, 0, shipDays).Format(time.DateOnly)
		in.Ticket.ShipBySource = fmt.Sprintf("%d days from %s: preship's default; the letter with the RMA number decides", shipDays, in.Ticket.Opened)
	}
	if in.Ticket.ShipBySource == "" {
		in.Ticket.ShipBySource = "given at intake"
	}
	in.Purchase.Country = strings.ToUpper(in.Purchase.Country)
	if in.Customer.Language == "" {
		in.Customer.Language = DefaultLanguage
	}
}

// Intake returns the form of the case; ok is false when there is none.
func (c *Case) Intake() (in Intake, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.intake()
}

func (c *Case) intake() (in Intake, ok bool, err error) {
	b, err := safefile.Read(safefile.In(c.root), IntakeName, maxIntake)
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

// ReportTicket is what of the form stands in the report.
func (in Intake) ReportTicket() *Ticket {
	t := &Ticket{
		ID: in.Ticket.ID, RMA: in.Ticket.RMA, ShipBy: in.Ticket.ShipBy, ShipWhy: in.Ticket.ShipBySource,
		Warranty: in.Purchase.first(in.Ticket.Opened), Photos: append([]Photo{}, in.Condition.Photos...),
	}
	Tidy(t)
	return t
}
