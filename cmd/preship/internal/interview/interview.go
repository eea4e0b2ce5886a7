package interview

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

// Asker is whoever answers.
type Asker interface {
	Say(message.Sentence)
	// Ask returns the answer without the spaces around it.
	Ask(ctx context.Context, question message.Sentence) (string, error)
}

// Options are what an interview needs beside the case.
type Options struct {
	Now      func() time.Time
	Language string // of the claim, if the form names no other
}

// interview is the form of one case while it is asked.
type interview struct {
	kept  *casedir.Case
	asker Asker
	opts  Options
	h     *report.Handset // nil: not identified
	draft casedir.Draft
}

// What a person types instead of an answer.
const (
	back  = "<"
	clear = "-"
)

// Run asks for the form and keeps it in the case. The error is an [*intake.Error] if the
// form still has problems; its answers are then kept as a draft.
func Run(ctx context.Context, c *casedir.Case, asker Asker, opts Options) (intake.Form, error) {
	iv, err := begin(c, asker, opts)
	if err != nil {
		return intake.Form{}, err
	}
	short := iv.short()
	first := slices.IndexFunc(short, func(q question) bool { return !slices.Contains(iv.draft.Asked, q.name) })
	asker.Say(message.Say("form.how"))
	switch {
	case first > 0:
		asker.Say(message.Say("form.resumed", "count", first))
	case first < 0:
		first = len(short)
		asker.Say(message.Say("form.resumed", "count", first))
	}
	if iv.h != nil && iv.draft.Form.Product.Model != "" {
		asker.Say(message.Say("form.prefilled", "model", iv.draft.Form.Product.Model))
	}
	if err := iv.ask(ctx, short, first); err != nil {
		return iv.draft.Form, err
	}
	if erased, err := c.Erased(); err != nil {
		return iv.draft.Form, err
	} else if erased && !iv.draft.Form.Agreed() {
		if iv.draft.Form, err = askConsent(ctx, iv.draft.Form, iv.h, asker, opts); err != nil {
			return iv.draft.Form, err
		}
	}
	// Kept now, so that the claim does not wait for what may be left out.
	if _, err := c.SetIntake(iv.draft.Form, opts.Now()); err != nil {
		return iv.draft.Form, err
	}
	more, err := iv.groups(ctx)
	if err != nil || !more {
		return formOf(c, err)
	}
	return c.SetIntake(iv.draft.Form, opts.Now())
}

func formOf(c *casedir.Case, err error) (intake.Form, error) {
	in, _, readErr := c.Intake()
	if err == nil {
		err = readErr
	}
	return in, err
}

// Mend asks again for each answer that contradicts the handset of the case, until none does.
func Mend(ctx context.Context, c *casedir.Case, asker Asker, opts Options) (intake.Form, error) {
	iv, err := begin(c, asker, opts)
	if err != nil {
		return intake.Form{}, err
	}
	for _, p := range iv.draft.Form.Unlike(iv.h) {
		asker.Say(p.What)
		if f, ok := intake.FieldNamed(p.Field); ok {
			if err := iv.ask(ctx, []question{iv.of(f)}, 0); err != nil {
				return iv.draft.Form, err
			}
		}
	}
	return c.SetIntake(iv.draft.Form, opts.Now())
}

func begin(c *casedir.Case, asker Asker, opts Options) (*interview, error) {
	h, err := c.Handset()
	if err != nil {
		return nil, err
	}
	draft, _, err := c.Draft()
	if err != nil {
		return nil, err
	}
	if draft.Form.Customer.Language == "" {
		draft.Form.Customer.Language = opts.Language
	}
	if draft.Form.Product.Model == "" {
		draft.Form.FillModel(h)
	}
	return &interview{kept: c, asker: asker, opts: opts, h: h, draft: draft}, nil
}

// question asks for one field, or for two that are alternatives.
type question struct {
	name   string
	ask    message.ID
	fields []string // that its answer is put in
	need   bool
	yesNo  bool
	text   func(*intake.Form) string
	read   func(*intake.Form, string) message.Sentence
}

// contactName is the question for phone and e-mail, of which one is enough.
const contactName = "customer.contact"

// shortFields are the questions up to a claim that can be sent, in the order in which a
// person has the answers at hand.
var shortFields = []string{
	"fault.description", "customer.name", contactName, "customer.address", "purchase.seller", "purchase.from_maker",
	"purchase.date", "purchase.country", "product.model", "product.imei_box",
}

func (iv *interview) short() (all []question) {
	for _, name := range shortFields {
		f, ok := intake.FieldNamed(name)
		switch {
		case !ok:
			all = append(all, contact())
		case name == "product.model" && iv.modelTold():
		default:
			q := iv.of(f)
			if name == "product.model" && iv.h == nil {
				q.need = true
			}
			all = append(all, q)
		}
	}
	return all
}

// modelTold reports whether the handset answered its name and the form does not contradict
// it. A form that does is asked again.
func (iv *interview) modelTold() bool {
	return iv.draft.Form.Product.Model != "" && iv.h != nil && !iv.unlike("product.model")
}

func (iv *interview) unlike(field string) bool {
	return slices.ContainsFunc(iv.draft.Form.Unlike(iv.h), func(p intake.Problem) bool { return p.Field == field })
}

func (iv *interview) of(f intake.Field) question {
	return question{name: f.Name, ask: f.Ask, fields: []string{f.Name}, need: f.Needed(), yesNo: f.YesNo(), text: f.Text, read: f.Read}
}

func contact() question {
	phone, _ := intake.FieldNamed("customer.phone")
	email, _ := intake.FieldNamed("customer.email")
	return question{
		name: contactName, ask: "form.ask.contact", fields: []string{phone.Name, email.Name}, need: true,
		text: func(in *intake.Form) string {
			return strings.Trim(email.Text(in)+", "+phone.Text(in), ", ")
		},
		read: func(in *intake.Form, answer string) message.Sentence {
			in.Customer.Phone, in.Customer.Email = "", ""
			for part := range strings.FieldsFuncSeq(answer, func(r rune) bool { return strings.ContainsRune(",;，；", r) }) {
				f := phone
				if strings.Contains(part, "@") {
					f = email
				}
				if problem := f.Read(in, part); !problem.Empty() {
					return problem
				}
			}
			return message.Sentence{}
		},
	}
}

// ask puts the questions from number first on. A person can go back.
func (iv *interview) ask(ctx context.Context, all []question, first int) error {
	for n := first; n < len(all); {
		to, err := iv.put(ctx, all[n], n+1, len(all))
		if err != nil {
			return err
		}
		n = max(0, n+to)
	}
	return nil
}

// put asks one question until the answer is good, and keeps it. It returns 1, or -1 if the
// person goes back.
func (iv *interview) put(ctx context.Context, q question, number, of int) (int, error) {
	for {
		answer, err := iv.asker.Ask(ctx, iv.words(q, number, of))
		if err != nil {
			return 0, err
		}
		before := iv.draft
		switch {
		case answer == back:
			return -1, nil
		case answer == "" && q.text(&iv.draft.Form) == "" && q.need, answer == clear && q.need:
			iv.asker.Say(message.Say("form.needed"))
			continue
		case answer == clear:
			answer = ""
			fallthrough
		case answer != "":
			if problem := q.read(&iv.draft.Form, answer); !problem.Empty() {
				iv.draft = before
				iv.asker.Say(problem)
				continue
			}
		}
		if problems := iv.problems(q); len(problems) > 0 {
			for _, p := range problems {
				iv.asker.Say(p.What)
			}
			iv.draft = before
			continue
		}
		if !slices.Contains(iv.draft.Asked, q.name) {
			iv.draft.Asked = append(slices.Clone(iv.draft.Asked), q.name)
		}
		return 1, iv.kept.KeepDraft(iv.draft)
	}
}

// words are a question with its number and the answer that Enter keeps.
func (iv *interview) words(q question, number, of int) message.Sentence {
	args := []any{"number", strconv.Itoa(number), "of", strconv.Itoa(of), "question", message.Say(q.ask)}
	switch text := q.text(&iv.draft.Form); {
	case q.yesNo && text == "yes":
		return message.Say("form.question.default", append(args, "answer", message.Say("form.yes"))...)
	case q.yesNo:
		return message.Say("form.question.default", append(args, "answer", message.Say("form.no"))...)
	case text != "":
		return message.Say("form.question.default", append(args, "answer", text)...)
	}
	return message.Say("form.question", args...)
}

// problems are those of the answer to one question.
func (iv *interview) problems(q question) []intake.Problem {
	in := iv.draft.Form
	in.Fill(iv.h, iv.kept.ID())
	in.Complete(iv.opts.Now())
	return slices.DeleteFunc(in.Problems(iv.opts.Now(), iv.h), func(p intake.Problem) bool {
		whole := p.Field == "fault" && strings.HasPrefix(q.name, "fault.")
		return !whole && !slices.Contains(q.fields, p.Field)
	})
}
