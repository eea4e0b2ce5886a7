package report

import "strings"

// spoken is a text of a check on a page: in the page's language, or in English
// where it is in no table.
type spoken struct {
	Text    string
	English bool // on a page in another language
}

// spoken writes a text of a check, s is what it was made from, nil for nothing.
func (l lang) spoken(text string, s *Sentence) spoken {
	if text == "" {
		return spoken{}
	}
	told, ok := l.say(sentenceOf(text, s))
	return spoken{told, !ok}
}

// say writes a sentence, and reports whether its row is in the catalogue, and
// those of the sentences in it. One that is in none stays as it is.
func (l lang) say(s Sentence) (string, bool) {
	row, ok := messageKeys[s.Key]
	if l.tag == DefaultLanguage || !ok {
		return s.String(), ok || l.tag == DefaultLanguage
	}
	if s.plainly() {
		return row.in(l.tag), true
	}
	inner := func(s Sentence) string {
		text, known := l.say(s)
		ok = ok && known
		return text
	}
	return l.printer.Sprintf(s.Key, s.values(inner)...), ok
}

func (l lang) plain(text string) spoken  { return l.spoken(text, nil) }
func (l lang) told(f Finding) spoken     { return l.spoken(f.Summary, f.Message.summary()) }
func (l lang) why(r Reason) spoken       { return l.spoken(r.What, r.Message.summary()) }
func (l lang) advised(f Finding) *spoken { return some(l.spoken(f.Remedy, f.Message.remedy())) }
func (l lang) next(r Reason) *spoken     { return some(l.spoken(r.Next, r.Message.remedy())) }

// broken writes the error that ended a step.
func (l lang) broken(err string) string {
	text, _ := l.say(Chain(err))
	return text
}

// some is nil for no text.
func some(s spoken) *spoken {
	if s.Text == "" {
		return nil
	}
	return &s
}

// limit writes what is not proved: a sentence, or one behind the name of a check.
func (l lang) limit(text string) spoken {
	name, rest, named := strings.Cut(text, ": ")
	if !named || !titled["clean."+name] || l.tag == DefaultLanguage {
		return l.plain(text)
	}
	said := l.plain(rest)
	said.Text = l.printer.Sprintf("clean."+name) + colon[l.tag] + said.Text
	return said
}
