package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"preship/report/printable"
)

// CheckIntake is the ID of the check whether the form of the case is about its
// handset. Only a case with a form has the finding.
const CheckIntake = "intake.handset"

// wrongForm is the advice for a form about another handset.
const wrongForm = "compare the form with the handset and its box, correct it with preship intake, and seal the report again"

// difference is one field of a form that contradicts the handset.
type difference struct {
	field string // of the form
	what  Sentence
}

// likeness is the result of comparing a form with a handset.
type likeness struct {
	differs []difference
	untold  []Sentence // what could not be compared, and why
	open    []Sentence // what was compared in part
	same    []string   // what agrees
}

// compare compares the form with the handset; h is nil if it was not identified.
// Papers are compared as sets, as identify does, since a box may name one slot or
// both. A number that is no IMEI is always a difference.
func (in *Intake) compare(h *Handset) likeness {
	var l likeness
	l.model(in.Product.Model, h)
	for _, p := range []struct{ field, paper, text string }{
		{"product.imei_box", "the box", in.Product.IMEIBox},
		{"product.imei_sticker", "the sticker", in.Product.IMEISticker},
		{"product.imei_receipt", "the receipt", in.Product.IMEIReceipt},
	} {
		if strings.TrimSpace(p.text) != "" {
			l.imei(p.field, Say(p.paper), p.text, h)
		}
	}
	l.serial(in.Product.SNBox, h)
	return l
}

func (l *likeness) differ(field, key string, args ...any) {
	l.differs = append(l.differs, difference{field, Say(key, args...)})
}

func (l *likeness) model(form string, h *Handset) {
	if strings.TrimSpace(form) == "" {
		return // that it is missing is said of the form itself
	}
	if h == nil {
		l.untold = append(l.untold, Say("the model could not be compared: the handset was not identified"))
		return
	}
	names := h.modelNames()
	switch sameModel(form, names) {
	case StatusPass:
		l.same = append(l.same, "model")
	case StatusFail:
		l.differ("product.model", "the form says %s, and the handset is a %s", printable.Clip(form, 80), strings.Join(names, ", "))
	default:
		l.untold = append(l.untold, Say("the model could not be compared: the handset does not tell the name it is sold by"))
	}
}

func (l *likeness) imei(field string, paper Sentence, text string, h *Handset) {
	numbers := imeisOn(text)
	var have []string
	attested := false
	if h != nil {
		for _, i := range h.IMEI {
			have = append(have, i.Value)
			attested = attested || i.Source == SourceAttested
		}
	}
	matched := 0
	for _, n := range numbers {
		switch known := slices.Contains(have, n); {
		case known:
			matched++
		case noIMEI(n):
			l.differ(field, "%s is no IMEI: it is a placeholder, or a digit is wrong or missing", printable.Clip(n, 40))
			return
		}
	}
	told := strings.Join(have, ", ")
	switch {
	case len(numbers) == 0:
		l.differ(field, "%s is no IMEI: it is a placeholder, or a digit is wrong or missing", printable.Clip(text, 40))
	case h != nil && h.IMEI != nil && len(have) == 0:
		l.differ(field, "%s names IMEI %s, and the handset has none", paper, strings.Join(numbers, ", "))
	case len(have) == 0:
		l.untold = append(l.untold, Say("%s could not be compared: the handset does not tell its IMEI", paper))
	case matched == len(numbers) && attested:
		l.open = append(l.open, Say("the IMEI on %s is the one a person read off; the handset does not tell its own", paper))
	case matched == len(numbers):
		l.same = append(l.same, "IMEI")
	case matched > 0 && len(have) < len(numbers):
		l.open = append(l.open, Say("one IMEI on %s is the handset's; it does not tell the other", paper))
	default:
		l.differ(field, "%s names IMEI %s, and the handset says %s", paper, strings.Join(numbers, ", "), told)
	}
}

func (l *likeness) serial(form string, h *Handset) {
	switch {
	case strings.TrimSpace(form) == "":
	case h == nil || h.SN == nil:
		l.untold = append(l.untold, Say("the serial number on the box could not be compared: the handset does not tell its own"))
	case sameSerial(form, h.SN.Value):
		l.same = append(l.same, "S/N")
	default:
		l.differ("product.sn_box", "the box names serial number %s, and the handset says %s", printable.Clip(form, 60), h.SN.Value)
	}
}

// finding words it as the answer to a check.
func (l likeness) finding() Finding {
	f := Finding{ID: CheckIntake, Status: StatusPass, Method: MethodObserved, Observed: strings.Join(l.same, ", ")}
	var said []Sentence
	switch {
	case len(l.differs) > 0:
		f.Status = StatusFail
		for _, d := range l.differs {
			said = append(said, d.what)
		}
		f.Tell(Say("the form is not about this handset, and no claim is written: %s", Join("; ", said...)))
		f.Advise(Say(wrongForm))
	case len(l.untold) > 0:
		f.Status = StatusUnknown
		f.Tell(Say("the form could not be compared with the handset: %s", Join("; ", l.untold...)))
		f.Advise(Say(wrongForm))
	case len(l.open) > 0:
		f.Status = StatusWarn
		f.Tell(Join("; ", l.open...))
	default:
		f.Tell(Say("the form is about this handset"))
	}
	return f
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
	return in.compare(h).finding(), nil
}

// unanswered are the fields of a form that was kept by another version, or edited
// on the disk, which [Case.SetIntake] would not have kept.
func (in Intake) unanswered() (fields []string) {
	problems := in.check(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) // what lay in the future was judged then
	for _, f := range []struct{ field, value string }{{"ticket.opened", in.Ticket.Opened}, {"ticket.ship_by", in.Ticket.ShipBy}} {
		if f.value == "" {
			problems = append(problems, IntakeProblem{f.field, "is missing"})
		}
	}
	if !saltForm.MatchString(in.Salt) {
		problems = append(problems, IntakeProblem{"salt", "is not one of preship's"})
	}
	for _, p := range problems {
		if !slices.Contains(fields, p.Field) {
			fields = append(fields, p.Field)
		}
	}
	return fields
}

var saltForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// judgeIntake adds to identify's findings whether the form is about the handset.
func (r *Report) judgeIntake(in Intake) {
	l := in.compare(r.Handset)
	f := l.finding()
	if fields := in.unanswered(); len(fields) > 0 && len(l.differs) == 0 {
		f.Status = StatusUnknown
		f.Tell(Say("the form is not complete, and no claim is written: %s", strings.Join(fields, ", ")))
		f.Advise(Say("open the form again with preship intake, answer what is missing, and seal the report again"))
	}
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

// otherHandset reports whether the form is about another handset, or about none.
func (r *Report) otherHandset(in Intake) bool {
	f, ok := r.Step(StepIdentify).Findings.ByID(CheckIntake)
	return ok && f.Status == StatusFail || len(in.compare(r.Handset).differs) > 0 || len(in.unanswered()) > 0
}
