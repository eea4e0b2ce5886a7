package desk

import (
	"slices"
	"strconv"

	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/interview"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/symptom"
)

// how is how a question is answered on a page.
type how struct {
	kind    string // see package page
	says    message.Sentence
	note    message.Sentence
	field   string // the answer that is there; it is kept by an empty answer
	needed  bool
	back    bool // the question before it can be asked again
	yes, no message.Sentence
	choices []page.Choice // of a choice
	suggest []page.Choice // that can be taken instead of a text
	skip    message.Sentence
	last    message.Sentence
	drastic bool // yes gives something up
}

// yesNo are the questions that yes or no answers, in the words of the page: what they say
// at a terminal names keys.
var yesNo = map[message.ID]struct {
	says, note message.ID
	yes, no    message.ID
	drastic    bool
}{
	"ask.intake":                {"desk.ask.intake", "", "desk.ask.intake.yes", "desk.ask.later", false},
	"fault.offer":               {"desk.ask.fault", "", "desk.yes", "desk.ask.without", false},
	"ask.loss":                  {"desk.ask.loss", "desk.ask.loss.note", "desk.ask.loss.yes", "desk.ask.loss.no", true},
	"ask.attest":                {"desk.ask.attest", "", "desk.ask.attest.yes", "desk.no", false},
	"ask.unlinked":              {"desk.ask.unlinked", "", "desk.ask.unlinked.yes", "desk.ask.unlinked.no", false},
	"ask.save-first":            {"desk.ask.save-first", "", "desk.yes", "desk.no", false},
	"ask.unchanged":             {"desk.ask.unchanged", "", "desk.yes", "desk.no", false},
	"form.consent.ask":          {"desk.ask.consent", "", "desk.ask.consent.yes", "desk.ask.consent.no", true},
	"faultform.tests":           {"desk.ask.tests", "", "desk.yes", "desk.no", false},
	"restore.other-handset.ask": {"desk.ask.other-handset", "", "desk.ask.other-handset.yes", "desk.no", true},
	"restore.card.ask":          {"desk.ask.card", "", "desk.yes", "desk.no", false},
	"restore.import.ask":        {"desk.ask.import", "", "desk.ask.import.again", "desk.ask.import.later", false},

	"fault.screenshot.ask": {"desk.ask.screenshot", "", "desk.yes", "desk.no", false},
	"fault.picture.ask":    {"desk.ask.picture", "", "desk.yes", "desk.no", false},
	"recording.ask":        {"desk.ask.recording", "", "desk.yes", "desk.no", false},
	"recording.name.ask":   {"desk.ask.recording.name", "", "desk.yes", "desk.no", false},
	"bugreport.ask":        {"desk.ask.bugreport", "", "desk.yes", "desk.no", false},
}

// howOf returns how a question is answered. One that the page does not know is asked in its
// own words, for a text.
func howOf(q message.Sentence) how {
	if row, ok := yesNo[q.ID()]; ok {
		h := how{kind: page.AskYesNo, says: q.As(row.says), yes: message.Say(row.yes), no: message.Say(row.no), drastic: row.drastic}
		if row.note != "" {
			h.note = message.Say(row.note)
		}
		return h
	}
	switch q.ID() {
	case "ask.erase":
		return how{kind: page.AskConfirm, says: message.Say("desk.ask.erase"), note: message.Say("desk.ask.erase.note"), needed: true, last: message.Say("desk.ask.erase.go")}
	case "ask.erase.again":
		return how{kind: page.AskConfirm, says: q.As("desk.ask.erase.again"), note: message.Say("desk.ask.erase.note"), needed: true, last: message.Say("desk.ask.erase.go")}
	case "form.question", "form.question.default":
		return ofForm(q)
	case "form.more.ask":
		h := how{kind: page.AskChoice, says: message.Say("desk.ask.more")}
		for i, title := range interview.Groups() {
			h.choices = append(h.choices, page.Choice{Value: strconv.Itoa(i + 1), Label: title})
		}
		h.choices = append(h.choices, page.Choice{Label: message.Say("desk.ask.more.none"), Class: "primary"})
		return h
	case "faultform.kind":
		h := how{kind: page.AskChoice, says: message.Say("desk.ask.kind")}
		for _, k := range symptom.Kinds {
			h.choices = append(h.choices, page.Choice{Value: k.ID, Label: k.Title()})
		}
		h.choices = append(h.choices, page.Choice{Label: message.Say("desk.ask.without"), Class: "quiet"})
		return h
	case "faultform.result":
		return how{kind: page.AskChoice, says: message.Say("desk.ask.result"), choices: []page.Choice{
			{Value: "yes", Label: message.Say("desk.ask.result.yes")},
			{Value: "no", Label: message.Say("desk.ask.result.no")},
			{Label: message.Say("desk.ask.result.skip"), Class: "quiet"},
		}}
	case "faultform.ask", "faultform.ask.choices":
		return ofFault(q)
	}
	return how{kind: page.AskText, says: q, last: message.Say("desk.next")}
}

// ofForm is a question of the intake form.
func ofForm(q message.Sentence) how {
	asks := q.Arg("question")
	number := message.Say("desk.ask.number", "number", q.Arg("number"), "of", q.Arg("of"))
	h := how{
		kind: page.AskText, says: asks, note: number, back: q.Arg("number").String() != "1", last: message.Say("desk.next"),
		skip: message.Say("desk.skip-question"),
	}
	at := slices.IndexFunc(intake.Fields, func(f intake.Field) bool { return f.Ask == asks.ID() })
	if at >= 0 && intake.Fields[at].YesNo() {
		h.kind, h.yes, h.no, h.skip = page.AskYesNo, message.Say("desk.yes"), message.Say("desk.no"), message.Sentence{}
		return h
	}
	if answer := q.Arg("answer"); !answer.Empty() {
		h.field, h.skip = answer.String(), message.Sentence{}
	}
	if asks.ID() == "form.ask.contact" || at >= 0 && intake.Fields[at].Needed() {
		h.needed, h.skip = true, message.Sentence{}
	}
	return h
}

// ofFault is a question about the fault.
func ofFault(q message.Sentence) how {
	h := how{kind: page.AskText, says: q.Arg("question"), last: message.Say("desk.next"), skip: message.Say("desk.skip-question")}
	for _, s := range symptom.Questions {
		if s.Asks().ID() != h.says.ID() {
			continue
		}
		for _, c := range s.Choices {
			h.suggest = append(h.suggest, page.Choice{Value: c, Label: symptom.ChoiceTitle(c)})
		}
	}
	if len(h.suggest) > 0 {
		h.note = message.Say("desk.ask.own-words")
	}
	return h
}

// typed returns the answer of a form of the page as a person types it at a terminal. An
// answer that was there and was deleted is emptied.
func (h how) typed(form func(string) string) string {
	switch {
	case form("back") != "" && h.back:
		return "<"
	case form("skip") != "":
		return ""
	case form("pick") != "":
		return form("pick")
	case form("answer") == "" && h.field != "":
		return "-"
	}
	return form("answer")
}

// label is an answer in the words of its button, or as it was typed.
func (h how) label(text string) message.Sentence {
	switch {
	case h.kind == page.AskYesNo && text == "yes":
		return h.yes
	case h.kind == page.AskYesNo:
		return h.no
	case text == "<" && h.back:
		return message.Say("desk.back")
	case text == "" && !h.skip.Empty():
		return h.skip
	}
	for _, c := range slices.Concat(h.choices, h.suggest) {
		if c.Value == text {
			return c.Label
		}
	}
	return message.AsIs(text)
}

// said are messages that the page says in words of its own, since they name keys of a
// terminal or commands; one without words is left out.
var said = map[message.ID]message.ID{
	"form.how":         "",
	"form.more":        "",
	"faultform.choice": "",
	"job.lost":         "desk.said.lost",
	"job.set-up":       "desk.said.set-up",
	"job.case":         "desk.said.case",
}

// onPage returns a message in the words of the page, empty if it is not for the page.
func onPage(s message.Sentence) message.Sentence {
	id, own := said[s.ID()]
	switch {
	case !own:
		return s
	case id == "":
		return message.Sentence{}
	}
	return s.As(id)
}

// view returns the question as a page shows it.
func (q *question) view(seat string) page.Ask {
	h := q.how
	a := page.Ask{
		Handset: seat, ID: q.id, Kind: h.kind, Lead: q.lead, Question: h.says, Note: h.note, Choices: h.choices, Default: h.field,
		Needed: h.needed, Go: h.last, Skip: h.skip, Suggest: h.suggest, Back: h.back,
	}
	if h.kind == page.AskYesNo {
		class := "primary"
		if h.drastic {
			class = "danger"
		}
		a.Choices = []page.Choice{{Value: "yes", Label: h.yes, Class: class}, {Value: "no", Label: h.no}}
	}
	return a
}
