package intake

import (
	"slices"
	"strings"
	"time"

	"preship/report"
	"preship/report/check"
	"preship/report/imei"
	"preship/report/message"
	"preship/report/pattern"
	"preship/report/printable"
)

// difference is one field of a form that contradicts the handset.
type difference struct {
	field string // of the form
	what  message.Sentence
}

// likeness is the result of comparing a form with a handset.
type likeness struct {
	differs []difference
	untold  []message.Sentence // not compared, and why
	open    []message.Sentence // compared in part
	same    []string           // what agrees
}

// compare compares the form with the handset; h is nil if it was not identified.
// Papers are compared as sets, as identify does, since a box may name one slot or
// both. A number that is no IMEI is always a difference.
func (in *Form) compare(h *report.Handset) likeness {
	var l likeness
	l.model(in.Product.Model, h)
	for _, p := range []struct {
		field string
		paper message.ID
		text  string
	}{
		{"product.imei_box", "identity.paper.box", in.Product.IMEIBox},
		{"product.imei_sticker", "identity.paper.sticker", in.Product.IMEISticker},
		{"product.imei_receipt", "identity.paper.receipt", in.Product.IMEIReceipt},
	} {
		if strings.TrimSpace(p.text) != "" {
			l.imei(p.field, message.Say(p.paper), p.text, h)
		}
	}
	l.serial(in.Product.SNBox, h)
	return l
}

func (l *likeness) differ(field string, what message.Sentence) {
	l.differs = append(l.differs, difference{field, what})
}

func (l *likeness) model(form string, h *report.Handset) {
	if strings.TrimSpace(form) == "" {
		return // the form itself reports that it is missing
	}
	if h == nil {
		l.untold = append(l.untold, message.Say("intake.model.not-identified"))
		return
	}
	names := modelNames(h)
	switch sameModel(form, names) {
	case report.StatusPass:
		l.same = append(l.same, "model")
	case report.StatusFail:
		l.differ("product.model", message.Say("intake.model.differs", "form", printable.Clip(form, 80), "handset", strings.Join(names, ", ")))
	default:
		l.untold = append(l.untold, message.Say("intake.model.not-told"))
	}
}

func (l *likeness) imei(field string, paper message.Sentence, text string, h *report.Handset) {
	numbers := imeisOn(text)
	var have []string
	attested := false
	if h != nil {
		for _, i := range h.IMEI {
			have = append(have, i.Value)
			attested = attested || i.Source == report.SourceAttested
		}
	}
	matched := 0
	for _, n := range numbers {
		switch known := slices.Contains(have, n); {
		case known:
			matched++
		case noIMEI(n):
			l.differ(field, message.Say("intake.imei.wrong", "imei", printable.Clip(n, 40)))
			return
		}
	}
	told := strings.Join(have, ", ")
	switch {
	case len(numbers) == 0:
		l.differ(field, message.Say("intake.imei.wrong", "imei", printable.Clip(text, 40)))
	case h != nil && h.IMEI != nil && len(have) == 0:
		l.differ(field, message.Say("intake.imei.no-modem", "paper", paper, "imei", strings.Join(numbers, ", ")))
	case len(have) == 0:
		l.untold = append(l.untold, message.Say("identity.paper.not-compared", "paper", paper))
	case matched == len(numbers) && attested:
		l.open = append(l.open, message.Say("intake.imei.read-off", "paper", paper))
	case matched == len(numbers):
		l.same = append(l.same, "IMEI")
	case matched > 0 && len(have) < len(numbers):
		l.open = append(l.open, message.Say("intake.imei.one-of-two", "paper", paper))
	default:
		l.differ(field, message.Say("intake.imei.differs", "paper", paper, "imei", strings.Join(numbers, ", "), "handset", told))
	}
}

func (l *likeness) serial(form string, h *report.Handset) {
	switch {
	case strings.TrimSpace(form) == "":
	case h == nil || h.SN == nil:
		l.untold = append(l.untold, message.Say("identity.sn.not-compared"))
	case imei.SameSN(form, h.SN.Value):
		l.same = append(l.same, "S/N")
	default:
		l.differ("product.sn_box", message.Say("intake.sn.differs", "box", printable.Clip(form, 60), "handset", h.SN.Value))
	}
}

// finding words it as the answer to a check.
func (l likeness) finding() report.Finding {
	f := report.Finding{ID: check.IntakeHandset, Status: report.StatusPass, Method: report.MethodObserved, Observed: strings.Join(l.same, ", ")}
	var said []message.Sentence
	switch {
	case len(l.differs) > 0:
		f.Status = report.StatusFail
		for _, d := range l.differs {
			said = append(said, d.what)
		}
		f.Tell(message.Say("intake.handset.other", "differences", message.Join(message.Stop, said...)))
		f.Advise(message.Say("intake.handset.remedy"))
	case len(l.untold) > 0:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("intake.handset.not-compared", "reasons", message.Join(message.Stop, l.untold...)))
		f.Advise(message.Say("intake.handset.remedy"))
	case len(l.open) > 0:
		f.Status = report.StatusWarn
		f.Tell(message.Join(message.Stop, l.open...))
	default:
		f.Tell(message.Say("intake.handset.same"))
	}
	return f
}

// unanswered are the fields of a form that was kept by another version, or edited
// on the disk, which [Case.SetIntake] would not have kept.
func (in Form) unanswered() (fields []string) {
	problems := in.check(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) // what lay in the future was judged then
	if !in.Agreed() {
		problems = append(problems, NotAgreed())
	}
	for _, f := range []struct{ field, value string }{{"ticket.opened", in.Ticket.Opened}, {"ticket.ship_by", in.Ticket.ShipBy}} {
		if f.value == "" {
			problems = append(problems, Problem{f.field, message.Say("intake.problem.missing")})
		}
	}
	if !saltForm().MatchString(in.Salt) {
		problems = append(problems, Problem{"salt", message.Say("intake.problem.salt")})
	}
	for _, p := range problems {
		if !slices.Contains(fields, p.Field) {
			fields = append(fields, p.Field)
		}
	}
	return fields
}

var saltForm = pattern.New(`^[0-9a-f]{32}$`)

// Finding returns whether the form is about the handset, as the answer to a check. The
// caller sets its time. h is nil if the handset was not identified.
func (in Form) Finding(h *report.Handset) report.Finding {
	l := in.compare(h)
	f := l.finding()
	if fields := in.unanswered(); len(fields) > 0 && len(l.differs) == 0 {
		f.Status = report.StatusUnknown
		f.Tell(message.Say("intake.incomplete", "fields", strings.Join(fields, ", ")))
		f.Advise(message.Say("intake.incomplete.remedy"))
	}
	return f
}

// Contradicts reports whether the form is about another handset than the report, or
// was not complete.
func (in Form) Contradicts(r *report.Report) bool {
	f, ok := r.Step(report.StepIdentify).Findings.ByID(check.IntakeHandset)
	return ok && f.Status == report.StatusFail || len(in.compare(r.Handset).differs) > 0 || len(in.unanswered()) > 0
}

// Problems names every field that is missing or wrong at that time, and each that
// contradicts the handset, which is nil if it was not identified.
func (in *Form) Problems(now time.Time, h *report.Handset) []Problem {
	problems := in.check(now)
	for _, p := range in.Unlike(h) {
		if !slices.ContainsFunc(problems, func(o Problem) bool { return o.Field == p.Field }) {
			problems = append(problems, p)
		}
	}
	return problems
}

// Unlike returns the fields of a form, even of an unfinished one, that contradict the
// handset. h is nil if it was not identified.
func (in *Form) Unlike(h *report.Handset) (problems []Problem) {
	for _, d := range in.compare(h).differs {
		problems = append(problems, Problem{d.field, d.what})
	}
	return problems
}

// Compare returns whether a form, even an unfinished one, is about the handset.
func (in *Form) Compare(h *report.Handset) report.Finding { return in.compare(h).finding() }
