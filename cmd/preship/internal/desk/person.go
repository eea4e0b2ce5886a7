package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb/reset"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
)

// question is what a job asks. It waits until somebody answers, also while no page is open.
type question struct {
	id      string
	asked   job.Question
	lead    []message.Sentence
	how     how
	answers chan string // takes one answer
}

// CanAsk is always so: a question waits.
func (*seat) CanAsk() bool { return true }

// Ask shows a question on every page that is open, and waits for the answer.
func (s *seat) Ask(ctx context.Context, q job.Question) (string, error) {
	// The ID fits no question of an earlier run: a page of that run may still be open.
	open := &question{id: rand.Text(), asked: q, how: howOf(q.Text), answers: make(chan string, 1)}
	s.desk.change(func() {
		open.lead = s.recent
		for _, stake := range q.Stakes {
			if stake = onPage(stake); !slices.ContainsFunc(open.lead, func(o message.Sentence) bool { return o.String() == stake.String() }) {
				open.lead = append(slices.Clone(open.lead), stake)
			}
		}
		s.question = open
	})
	defer s.desk.change(func() {
		if s.question == open {
			s.question = nil
		}
		s.recent, s.hand = nil, false
	})
	select {
	case answer := <-open.answers:
		return answer, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// errStale is the error of an answer to a question that is not open any more.
var errStale = errors.New("desk: the question is not open any more")

// answer answers the open question of a seat. The error is errStale if that is another one,
// or if another person answered it.
func (d *Desk) answer(seatID, questionID, text string) error {
	text = strings.TrimSpace(text)
	err := errStale
	d.change(func() {
		s := d.seat(func(s *seat) bool { return s.id == seatID })
		if s == nil || s.question == nil || s.question.id != questionID {
			return
		}
		s.question.answers <- text // it has room for one, and the question ends here
		s.answered = append(s.answered, answered{questionID, s.question.how.label(text)})
		s.answered = s.answered[max(0, len(s.answered)-maxAnswered):]
		s.keep(line{text: message.Say("desk.answered", "question", s.question.how.says, "answer", s.question.how.label(text))})
		s.question, err = nil, nil
	})
	return err
}

// answered is an answer that was given, for a browser whose answer comes late.
type answered struct {
	question string // its ID
	answer   message.Sentence
}

// maxAnswered bounds the answers that a seat remembers.
const maxAnswered = 40

// late says why an answer is too late: with the answer that was given, if it is known.
func (d *Desk) late(seatID, questionID string) message.Sentence {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.seat(func(s *seat) bool { return s.id == seatID })
	if s == nil {
		return message.Say("desk.stale")
	}
	at := slices.IndexFunc(s.answered, func(a answered) bool { return a.question == questionID })
	if at < 0 {
		return message.Say("desk.stale")
	}
	return message.Say("desk.stale.answer", "answer", s.answered[at].answer)
}

// Interviews is always so: each handset has its own page for its form.
func (*seat) Interviews() bool { return true }

// Turn lets a few handsets at a time copy.
func (s *seat) Turn(ctx context.Context, waiting func(), copying func(context.Context) error) error {
	return s.desk.turns.Run(ctx, waiting, copying)
}

// MayConfirm refuses a typed confirmation that also fits another handset at the desk.
func (s *seat) MayConfirm(typed string) error {
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	for _, o := range s.desk.seats {
		if o != s && slices.ContainsFunc(o.tokens, func(t string) bool { return strings.EqualFold(t, strings.TrimSpace(typed)) }) {
			return fmt.Errorf("%w: %w", reset.ErrNotConfirmed, message.Error(message.Say("fleet.two-fit", "typed", typed, "handset", o.name()), nil))
		}
	}
	return nil
}

// Listed returns no claims: the form has the contents of the papers.
func (*seat) Listed(report.Handset, string) (verify.Claims, error) { return verify.Claims{}, nil }

// Identified takes who the handset is, and the ticket of its form.
func (s *seat) Identified(h report.Handset, serial string, c *casedir.Case) error {
	s.desk.change(func() {
		s.identified(h, serial)
		if c != nil {
			s.takeTicket(c)
		}
	})
	return nil
}

// name is what the handset is called.
func (s *seat) name() string {
	if s.model == "" {
		return s.serial
	}
	return s.model
}
