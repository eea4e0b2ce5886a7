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

// spoken is a text of a check on a page: in the page's language, or in English if it
// has no words in that language.
type spoken struct {
	Text    string
	English bool // on a page in another language
}

// spoken writes a text of a check.
func (l lang) spoken(s message.Sentence) spoken {
	text, known := s.In(l.tag)
	return spoken{text, !known}
}

func (l lang) told(f report.Finding) spoken { return l.spoken(f.Sentence()) }

// seen writes the observation of a finding; one without words of its own is in English.
func (l lang) seen(f report.Finding) *spoken {
	if f.Observed == "" {
		return nil
	}
	s := l.spoken(message.Signed(f.Observed, f.ObservedMessage))
	return &s
}

func (l lang) why(r report.Reason) spoken       { return l.spoken(r.Sentence()) }
func (l lang) limit(s message.Sentence) spoken  { return l.spoken(s) }
func (l lang) advised(f report.Finding) *spoken { return l.some(f.Advised()) }
func (l lang) next(r report.Reason) *spoken     { return l.some(r.Advised()) }

// broken writes the error that ended a step.
func (l lang) broken(s report.StepRecord) *spoken { return l.some(s.Failed()) }

func (l lang) claim(s *report.Sanitization) string { return l.say(s.Claim()) }

// some is nil for no text.
func (l lang) some(s message.Sentence) *spoken {
	if s.Empty() {
		return nil
	}
	said := l.spoken(s)
	return &said
}
