package job

import (
	"context"

	"preship/backup/meter"
	"preship/cmd/preship/internal/interview"
	"preship/cmd/preship/internal/outlook"
	"preship/report"
	"preship/report/message"
)

// Person is whoever a job speaks with: somebody at a terminal or at a page, or a
// script that reads events.
type Person interface {
	// Tell shows an event. It is called from one goroutine at a time,
	// and the job waits for it.
	Tell(Event)
	// CanAsk reports whether a person can answer a question.
	CanAsk() bool
	// Ask puts a question and returns the answer without the spaces around it. If
	// no person can answer, the error is a [UsageError] that names q.Flag.
	Ask(ctx context.Context, q Question) (string, error)
}

// Question is what a person is asked.
type Question struct {
	Flag   string // gives the answer on the command line instead
	Text   message.Sentence
	Stakes []message.Sentence // shown before it, about the handset to be erased
}

// Event is one of the types below.
type Event interface{ event() }

type (
	// Begun starts a whole job.
	Begun struct{ Case string }

	// Looked is what the job will meet. It comes after the handset is identified and
	// before anything is asked.
	Looked struct{ outlook.Outlook }

	// StepBegun starts a step: number Number of Of.
	StepBegun struct {
		Name       string
		Does       message.Sentence
		Number, Of int
	}

	// StepEnded ends a step.
	StepEnded struct {
		Name     string
		State    report.StepState
		Error    string // empty if it ended well
		Findings report.Findings
		// Fresh is Findings without the remedies that an earlier step of this run
		// gave for the same finding.
		Fresh report.Findings
	}

	// Said is a message.
	Said struct {
		Text message.Sentence
		// OnHandset means that Text asks for something to be done on the handset.
		OnHandset bool
	}

	// Shown is a message of the intake form, which is personal: it is shown where
	// questions are asked, and is in no log.
	Shown struct{ Text message.Sentence }

	// Warned is a message about something that went wrong and does not stop the job.
	Warned struct{ Text message.Sentence }

	// Found is an answer to a check that came after the report was sealed. A person is
	// warned of it too.
	Found struct{ Finding report.Finding }

	// Progress is how far the backup is.
	Progress struct {
		meter.Progress
		// Over means that no more of it comes, however the backup ended. All else is
		// empty then.
		Over bool
	}
)

func (Begun) event()     {}
func (Looked) event()    {}
func (StepBegun) event() {}
func (StepEnded) event() {}
func (Said) event()      {}
func (Shown) event()     {}
func (Warned) event()    {}
func (Found) event()     {}
func (Progress) event()  {}

// Whole returns the message as it is shown alone: with the words "on the handset" if
// it asks for something to be done there.
func (s Said) Whole() message.Sentence {
	if s.OnHandset {
		return message.Say("job.on-handset", "do", s.Text)
	}
	return s.Text
}

// voice is how a job speaks with its person. It knows what they have read in this run.
type voice struct {
	person Person
	waits  *Waits // tells the person of everything

	heard   map[string]bool   // sentences
	advised map[string]string // remedies, by the ID of the finding
	// foreseen are the summaries of the losses that the outlook showed, by ID: the step that
	// finds the same loss does not show it again.
	foreseen map[string]string

	stakes  []message.Sentence // the messages shown above the question to erase
	staking bool               // messages are collected in stakes
}

// say shows the person a message.
//
//go:noinline
func (v *voice) say(s message.Sentence) {
	if v.staking {
		v.stakes = append(v.stakes, s)
	}
	v.waits.Tell(Said{Text: s})
}

// instruct asks the person to do something on the handset.
func (v *voice) instruct(s message.Sentence) { v.waits.Tell(Said{s, true}) }

// ask puts a question about the handset that is to be erased.
func (v *voice) ask(ctx context.Context, flag string, question message.Sentence) (string, error) {
	return v.person.Ask(ctx, Question{Flag: flag, Text: question, Stakes: v.stakes})
}

// askYes shows what a question is about, and puts it. Anything but a plain yes counts as no.
func (v *voice) askYes(ctx context.Context, flag string, question message.Sentence, about ...message.Sentence) (bool, error) {
	for _, s := range about {
		v.say(s)
	}
	answer, err := v.person.Ask(ctx, Question{Flag: flag, Text: question, Stakes: about})
	yes, plain := message.YesOrNo(answer)
	return err == nil && plain && yes, err
}

// Interviewee returns a person as the one who answers the intake form. flag gives all its
// answers instead.
func Interviewee(p Person, flag string) interview.Asker { return interviewee{p, flag} }

type interviewee struct {
	person Person
	flag   string
}

func (i interviewee) Say(s message.Sentence) { i.person.Tell(Shown{s}) }

func (i interviewee) Ask(ctx context.Context, question message.Sentence) (string, error) {
	return i.person.Ask(ctx, Question{Flag: i.flag, Text: question})
}
