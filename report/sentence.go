package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Sentence is a row of the catalogue and what is filled in. It goes into
// report.json beside the English it makes, so that a page in another language can
// be written from it.
type Sentence struct {
	// Key is the English of the row, with a verb such as %s or %d for each argument.
	Key  string `json:"key"`
	Args []Arg  `json:"args,omitempty"`
}

// Arg stands for one verb of a [Sentence]. In JSON it is a string, a number, or
// another sentence.
type Arg struct {
	Text     string    // taken as it is in every language: a name, a number of the handset's
	Number   *int64    // written as the language writes numbers
	Sentence *Sentence // translated too
}

// Say makes a sentence of a row of the catalogue. Arguments are strings, integers
// and sentences; strings are shown as they are.
func Say(key string, args ...any) Sentence {
	s := Sentence{Key: key}
	for _, a := range args {
		s.Args = append(s.Args, argOf(a))
	}
	return s
}

func argOf(a any) Arg {
	switch a := a.(type) {
	case Sentence:
		return Arg{Sentence: &a}
	case int:
		n := int64(a)
		return Arg{Number: &n}
	case int64:
		return Arg{Number: &a}
	default:
		return Arg{Text: fmt.Sprint(a)}
	}
}

// Join puts sentences one after the other. between is ", " or "; ".
func Join(between string, parts ...Sentence) Sentence {
	if len(parts) == 0 {
		return Sentence{}
	}
	all := parts[0]
	for _, part := range parts[1:] {
		all = Say("%s"+between+"%s", all, part)
	}
	return all
}

// String is the sentence in English, as report.json has it.
func (s Sentence) String() string {
	if len(s.Args) == 0 {
		return s.Key // it may hold a percent sign
	}
	return fmt.Sprintf(s.Key, s.values(Sentence.String)...)
}

// values are the arguments for printing, with sentences written by write.
func (s Sentence) values(write func(Sentence) string) []any {
	values := make([]any, len(s.Args))
	for i, a := range s.Args {
		switch {
		case a.Sentence != nil:
			values[i] = write(*a.Sentence)
		case a.Number != nil:
			values[i] = *a.Number
		default:
			values[i] = a.Text
		}
	}
	return values
}

// plainly reports whether the sentence is its row and nothing else.
func (s Sentence) plainly() bool { return len(s.Args) == 0 }

// within changes every text that is filled in, and a key that is no row.
func (s *Sentence) within(change func(string) string) {
	if _, row := messageKeys[s.Key]; !row {
		s.Key = change(s.Key)
	}
	for i := range s.Args {
		s.Args[i].Text = change(s.Args[i].Text)
		if inner := s.Args[i].Sentence; inner != nil {
			inner.within(change)
		}
	}
}

// MarshalJSON writes the argument as what it is.
func (a Arg) MarshalJSON() ([]byte, error) {
	switch {
	case a.Sentence != nil:
		return json.Marshal(a.Sentence)
	case a.Number != nil:
		return json.Marshal(a.Number)
	}
	return json.Marshal(a.Text)
}

// maxArg bounds what an argument may be in JSON, in bytes. Each sentence inside
// another is read once more, and somebody else may have written the file.
const maxArg = 16 << 10

// UnmarshalJSON never fails on JSON: an argument that is none of the three is
// empty, and then the sentence is not the English beside it and is not used.
func (a *Arg) UnmarshalJSON(b []byte) error {
	*a = Arg{}
	if len(b) > maxArg {
		return nil
	}
	switch b = bytes.TrimSpace(b); {
	case bytes.HasPrefix(b, []byte{'{'}):
		var s Sentence
		if json.Unmarshal(b, &s) == nil {
			a.Sentence = &s
		}
	case bytes.HasPrefix(b, []byte{'"'}):
		return json.Unmarshal(b, &a.Text)
	default:
		if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
			a.Number = &n
		}
	}
	return nil
}

// Message is what the texts of a finding or a reason were made from. A text that
// is a row of the catalogue as it stands needs none.
type Message struct {
	Summary *Sentence `json:"summary,omitempty"` // nil: the text is its own key
	Remedy  *Sentence `json:"remedy,omitempty"`
}

// Tell sets what the finding says.
func (f *Finding) Tell(s Sentence) {
	f.Summary = s.String()
	f.Message = f.Message.with(&s, f.Message.remedy())
}

// Advise sets the next thing to do.
func (f *Finding) Advise(s Sentence) {
	f.Remedy = s.String()
	f.Message = f.Message.with(f.Message.summary(), &s)
}

// Told is what the finding says, to be put into another sentence.
func (f Finding) Told() Sentence { return sentenceOf(f.Summary, f.Message.summary()) }

// Advised is the finding's remedy, to be put into another sentence.
func (f Finding) Advised() Sentence { return sentenceOf(f.Remedy, f.Message.remedy()) }

// sentenceOf is the sentence if it makes the text, and the text alone otherwise:
// what was signed is the text. A sentence that is not of the catalogue is not
// tried: somebody else may have written it, and a verb can be a megabyte wide.
func sentenceOf(text string, s *Sentence) Sentence {
	if s != nil && s.inCatalogue() && s.String() == text {
		return *s
	}
	return Sentence{Key: text}
}

// inCatalogue reports whether every key that is a format is a row.
func (s *Sentence) inCatalogue() bool {
	if _, row := messageKeys[s.Key]; !row && !s.plainly() {
		return false
	}
	return !slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Sentence != nil && !a.Sentence.inCatalogue() })
}

func (m *Message) summary() *Sentence {
	if m == nil {
		return nil
	}
	return m.Summary
}

func (m *Message) remedy() *Sentence {
	if m == nil {
		return nil
	}
	return m.Remedy
}

// with is the message of two sentences, nil where neither is needed.
func (m *Message) with(summary, remedy *Sentence) *Message {
	needed := func(s *Sentence) *Sentence {
		if s == nil || s.plainly() {
			return nil
		}
		return s
	}
	summary, remedy = needed(summary), needed(remedy)
	if summary == nil && remedy == nil {
		return nil
	}
	return &Message{summary, remedy}
}

// In writes the sentence in a language of [Languages]. It reports false where the
// row is not in the catalogue, and then writes it in English.
func (s Sentence) In(tag string) (string, bool) { return langNamed(tag).say(s) }
