package page

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// lang writes the texts of the pages in one language.
type lang struct{ tag string }

// langNamed returns the language of that tag, and English for any other.
func langNamed(tag string) lang {
	if !slices.Contains(report.Languages, tag) {
		tag = report.DefaultLanguage
	}
	return lang{tag}
}

// text writes a message. args are pairs of a name and its value.
func (l lang) text(id message.ID, args ...any) string { return l.say(message.Say(id, args...)) }

// say writes a sentence, in English as far as it is in no other language.
func (l lang) say(s message.Sentence) string {
	text, _ := s.In(l.tag)
	return text
}

// name writes a name with a capital, as report.css shows it.
func (l lang) name(s message.Sentence) string {
	text := l.say(s)
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

// checkTitle names the check of a finding that this language has no words for. It
// is empty where the finding speaks for itself.
func (l lang) checkTitle(f report.Finding) string {
	row, ok := check.ByID(f.ID)
	if !ok || !l.told(f).English {
		return ""
	}
	return l.text(row.Title)
}
