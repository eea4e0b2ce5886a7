package faultform

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/symptom"
)

// Asker is whoever answers.
type Asker interface {
	Say(message.Sentence)
	// Ask returns the answer without the spaces around it.
	Ask(ctx context.Context, question message.Sentence) (string, error)
}

// Form is a fault while it is asked.
type Form struct {
	Fault *report.Fault
	Asker Asker
	Now   func() time.Time
	// Keep is called after each answer; its error ends the form.
	Keep func(report.Fault) error
}

// Ask asks for the kind, unless the fault has one, and the questions without an answer.
// It reports whether the person named a kind.
func (f Form) Ask(ctx context.Context) (named bool, err error) {
	if f.Fault.Kind == "" {
		if named, err := f.askKind(ctx); err != nil || !named {
			return false, err
		}
	}
	kind, ok := symptom.ByID(f.Fault.Kind)
	if !ok {
		return true, nil // of another version
	}
	for _, id := range kind.Questions {
		q, ok := symptom.QuestionNamed(id)
		if !ok || slices.ContainsFunc(f.Fault.Answers, func(a report.FaultAnswer) bool { return a.Question == id }) {
			continue
		}
		text, err := f.Asker.Ask(ctx, asking(q))
		if err != nil {
			return true, err
		}
		answer, ok := q.Read(text)
		if !ok {
			answer = report.FaultAnswer{Question: id} // left out, and not asked again
		}
		f.Fault.Answers = append(f.Fault.Answers, answer)
		if err := f.Keep(*f.Fault); err != nil {
			return true, err
		}
	}
	return true, nil
}

func (f Form) askKind(ctx context.Context) (named bool, err error) {
	for i, k := range symptom.Kinds {
		f.Asker.Say(message.Say("faultform.choice", "number", strconv.Itoa(i+1), "choice", k.Title()))
	}
	for range tries {
		typed, err := f.Asker.Ask(ctx, message.Say("faultform.kind"))
		if err != nil || typed == "" {
			return false, err
		}
		if k, ok := Kind(typed); ok {
			f.Fault.Kind = k.ID
			return true, f.Keep(*f.Fault)
		}
		f.Asker.Say(message.Say("faultform.kind.wrong", "last", strconv.Itoa(len(symptom.Kinds))))
	}
	return false, nil
}

// tries is how often a question is put again: a script that answers "yes" to everything
// must come to an end.
const tries = 3

// Kind reads a kind by its number or its ID.
func Kind(typed string) (symptom.Kind, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if n, err := strconv.Atoi(typed); err == nil && n >= 1 && n <= len(symptom.Kinds) {
		return symptom.Kinds[n-1], true
	}
	return symptom.ByID(typed)
}

// asking is a question with its numbered choices.
func asking(q symptom.Question) message.Sentence {
	if len(q.Choices) == 0 {
		return message.Say("faultform.ask", "question", q.Asks())
	}
	var all []message.Sentence
	for i, c := range q.Choices {
		all = append(all, message.Say("faultform.choice", "number", strconv.Itoa(i+1), "choice", symptom.ChoiceTitle(c)))
	}
	return message.Say("faultform.ask.choices", "question", q.Asks(), "choices", message.Join(message.Comma, all...))
}

// Tests offers the tests of the kind by hand, and asks for the result of each.
func (f Form) Tests(ctx context.Context) error {
	kind, ok := symptom.ByID(f.Fault.Kind)
	if !ok || len(kind.Tests) == 0 {
		return nil
	}
	answer, err := f.Asker.Ask(ctx, message.Say("faultform.tests", "count", len(kind.Tests)))
	if err != nil {
		return err
	}
	if yes, _ := message.YesOrNo(answer); !yes {
		return nil
	}
	f.Asker.Say(message.Say("faultform.tests.menu", "code", symptom.MenuCode))
	for _, id := range kind.Tests {
		f.Asker.Say(message.Say("faultform.test", "title", symptom.TestTitle(id), "how", symptom.TestHow(id)))
		result, err := f.result(ctx)
		if err != nil {
			return err
		}
		SetTest(f.Fault, report.FaultTest{Test: id, Result: result, At: f.Now().UTC().Truncate(time.Second)})
		if err := f.Keep(*f.Fault); err != nil {
			return err
		}
	}
	return nil
}

func (f Form) result(ctx context.Context) (string, error) {
	for range tries {
		answer, err := f.Asker.Ask(ctx, message.Say("faultform.result"))
		if err != nil {
			return "", err
		}
		if answer == "" {
			return report.TestNotDone, nil
		}
		switch yes, plain := message.YesOrNo(answer); {
		case plain && yes:
			return report.TestPass, nil
		case plain:
			return report.TestFail, nil
		}
		f.Asker.Say(message.Say("form.yes-or-no"))
	}
	return report.TestNotDone, nil
}

// SetTest puts a result in the fault; an earlier one of the same test is replaced.
func SetTest(f *report.Fault, t report.FaultTest) {
	f.Tests = append(slices.DeleteFunc(f.Tests, func(o report.FaultTest) bool { return o.Test == t.Test }), t)
}
