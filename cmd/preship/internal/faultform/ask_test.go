package faultform

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/message"
)

// person answers each question with the next line, and then has no more answers.
type person struct {
	answers []string
	asked   []string
	said    []string
}

func (p *person) Say(s message.Sentence) { p.said = append(p.said, s.String()) }

func (p *person) Ask(_ context.Context, q message.Sentence) (string, error) {
	p.asked = append(p.asked, q.String())
	if len(p.answers) == 0 {
		return "", io.ErrUnexpectedEOF
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return answer, nil
}

func form(f *report.Fault, p *person, kept *[]report.Fault) Form {
	return Form{Fault: f, Asker: p, Now: func() time.Time { return time.Unix(0, 0) }, Keep: func(f report.Fault) error {
		*kept = append(*kept, f)
		return nil
	}}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	var f report.Fault
	var kept []report.Fault
	p := &person{answers: []string{"99", "restarts", "1", "while it films", "", "since May"}}
	named, err := form(&f, p, &kept).Ask(t.Context())
	if err != nil || !named || f.Kind != "restarts" {
		t.Fatalf("kind %q, named %t, %v", f.Kind, named, err)
	}
	want := []report.FaultAnswer{
		{Question: "restarts.what", Choice: "restarts"}, {Question: "restarts.when", Text: "while it films"}, {Question: "often"}, {Question: "since", Text: "since May"},
	}
	if !slices.Equal(f.Answers, want) || len(kept) != 5 {
		t.Errorf("answers %+v, kept %d times", f.Answers, len(kept))
	}
	if !slices.Contains(p.said, "Type a number from 1 to 15.") || !strings.Contains(p.asked[2], "1 it restarts, 2 it freezes") {
		t.Errorf("said %q, asked %q", p.said, p.asked)
	}
}

// An interrupted form resumes at the next question.
func TestAskResumes(t *testing.T) {
	t.Parallel()
	var f report.Fault
	var kept []report.Fault
	if _, err := form(&f, &person{answers: []string{"11", "2"}}, &kept).Ask(t.Context()); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	again := kept[len(kept)-1]
	p := &person{answers: []string{"1", "June"}}
	if _, err := form(&again, p, &kept).Ask(t.Context()); err != nil || len(p.asked) != 2 || len(again.Answers) != 3 {
		t.Errorf("asked again %q, answers %+v, %v", p.asked, again.Answers, err)
	}
}

// Enter at the first question leaves the fault report out.
func TestNoKind(t *testing.T) {
	t.Parallel()
	var f report.Fault
	var kept []report.Fault
	if named, err := form(&f, &person{answers: []string{""}}, &kept).Ask(t.Context()); named || err != nil || len(kept) > 0 {
		t.Errorf("named %t, %v, kept %v", named, err, kept)
	}
}

func TestTests(t *testing.T) {
	t.Parallel()
	f := report.Fault{Kind: "sound"}
	var kept []report.Fault
	p := &person{answers: []string{"y", "maybe", "n", ""}}
	if err := form(&f, p, &kept).Tests(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(f.Tests) != 2 || f.Tests[0].Result != report.TestFail || f.Tests[1].Result != report.TestNotDone {
		t.Errorf("tests %+v", f.Tests)
	}
	if !strings.Contains(strings.Join(p.said, "\n"), "*#*#6484#*#*") {
		t.Errorf("said %q", p.said)
	}
	declined := report.Fault{Kind: "sound"}
	if err := form(&declined, &person{answers: []string{"n"}}, &kept).Tests(t.Context()); err != nil || len(declined.Tests) > 0 {
		t.Errorf("declined, and %+v, %v", declined.Tests, err)
	}
}
