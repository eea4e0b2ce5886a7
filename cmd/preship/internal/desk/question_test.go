package desk

import (
	"net/url"
	"strings"
	"testing"

	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/symptom"
)

// Every question of a job has words on the page, in every language, that name no key of a
// terminal.
func TestQuestions(t *testing.T) {
	t.Parallel()
	field := func(id message.ID, args ...any) message.Sentence {
		return message.Say("form.question", append([]any{"number", "2", "of", "10", "question", message.Say(id)}, args...)...)
	}
	for name, tt := range map[string]struct {
		q    message.Sentence
		kind string
	}{
		"form offered": {message.Say("ask.intake"), page.AskYesNo},
		"fault":        {message.Say("fault.offer"), page.AskYesNo},
		"loss":         {message.Say("ask.loss"), page.AskYesNo},
		"attest":       {message.Say("ask.attest", "check", "x"), page.AskYesNo},
		"unlinked":     {message.Say("ask.unlinked"), page.AskYesNo},
		"save first":   {message.Say("ask.save-first"), page.AskYesNo},
		"unchanged":    {message.Say("ask.unchanged"), page.AskYesNo},
		"consent":      {message.Say("form.consent.ask", "wording", "x"), page.AskYesNo},
		"tests":        {message.Say("faultform.tests", "count", 3), page.AskYesNo},
		"erase":        {message.Say("ask.erase"), page.AskConfirm},
		"erase again":  {message.Say("ask.erase.again", "typed", "1"), page.AskConfirm},
		"text":         {field("form.ask.name"), page.AskText},
		"yes or no":    {field("form.ask.from-maker"), page.AskYesNo},
		"groups":       {message.Say("form.more.ask"), page.AskChoice},
		"kind":         {message.Say("faultform.kind"), page.AskChoice},
		"result":       {message.Say("faultform.result"), page.AskChoice},
		"fault text":   {message.Say("faultform.ask", "question", symptom.Questions[0].Asks()), page.AskText},
		"fault choice": {message.Say("faultform.ask.choices", "question", symptom.Questions[1].Asks(), "choices", "x"), page.AskText},
	} {
		h := howOf(tt.q)
		if h.kind != tt.kind {
			t.Errorf("%s is a %s, want a %s", name, h.kind, tt.kind)
		}
		for _, language := range message.Languages() {
			view := (&question{id: "1", asked: job.Question{Text: tt.q}, how: h}).view("1")
			html, err := page.WritePart(page.Reader{Language: language}, page.Part{ID: "ask", Data: view})
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"Ctrl", "[y/", "[s/", "Enter)", "desk.", "form.", "ask.", "{"} {
				if strings.Contains(html, bad) {
					t.Errorf("%s in %s holds %q: %s", name, language, bad, html)
				}
			}
		}
	}
	if h := howOf(message.Say("faultform.ask.choices", "question", symptom.Questions[1].Asks(), "choices", "x")); len(h.suggest) != len(symptom.Questions[1].Choices) {
		t.Errorf("the choices are %v", h.suggest)
	}
}

// What a form of the page sends is what a person types at a terminal.
func TestTyped(t *testing.T) {
	t.Parallel()
	kept := howOf(message.Say("form.question.default", "number", "2", "of", "10", "question", message.Say("form.ask.name"), "answer", "Ana"))
	first := howOf(message.Say("form.question", "number", "1", "of", "10", "question", message.Say("form.ask.name")))
	for _, tt := range []struct {
		how  how
		form url.Values
		want string
	}{
		{kept, url.Values{"answer": {"Ana"}}, "Ana"},
		{kept, url.Values{"answer": {""}}, "-"},
		{kept, url.Values{"answer": {"Eva"}, "back": {"1"}}, "<"},
		{first, url.Values{"answer": {""}}, ""},
		{first, url.Values{"answer": {"Eva"}, "back": {"1"}}, "Eva"}, // there is none before it
		{first, url.Values{"answer": {"Eva"}, "skip": {"1"}}, ""},
		{howOf(message.Say("ask.loss")), url.Values{"answer": {"yes"}}, "yes"},
		{howOf(message.Say("ask.loss")), url.Values{}, ""},
	} {
		if got := tt.how.typed(tt.form.Get); got != tt.want {
			t.Errorf("%v gives %q, want %q", tt.form, got, tt.want)
		}
	}
}
