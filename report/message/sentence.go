package message

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// ID names a message for ever: "backup.files.changed". It is lower case, and its
// first word is the name of the file that holds the words.
type ID string

// Sentence is a message and its arguments, or a text without an ID. The zero value
// is empty and says nothing.
type Sentence struct {
	id   ID
	args map[string]arg
	text string // if id is empty
}

// arg is one argument: list if it is not nil, else number if it is not nil, else the
// sentence if it is not nil, else text.
type arg struct {
	text     string
	number   *int64
	sentence *Sentence
	list     []arg // nil: not a list
}

// Say makes a sentence. args are pairs of a name and its value, as in log/slog. A
// value is a string, an int, an int64, a [Sentence], a []Sentence or a []string; a
// value of another type is taken as the text fmt.Sprint gives it. Strings are shown
// as they are in every language; lists are joined with commas.
func Say(id ID, args ...any) Sentence {
	s := Sentence{id: id}
	for i := 0; i+1 < len(args); i += 2 {
		if s.args == nil {
			s.args = make(map[string]arg, len(args)/2)
		}
		s.args[fmt.Sprint(args[i])] = argOf(args[i+1])
	}
	return s
}

func argOf(value any) arg {
	switch v := value.(type) {
	case Sentence:
		return arg{sentence: &v}
	case int:
		n := int64(v)
		return arg{number: &n}
	case int64:
		return arg{number: &v}
	case []Sentence:
		return listOf(v)
	case []string:
		return listOf(v)
	}
	return arg{text: fmt.Sprint(value)}
}

func listOf[T any](values []T) arg {
	list := make([]arg, len(values))
	for i, v := range values {
		list[i] = argOf(v)
	}
	return arg{list: list}
}

// English makes a sentence of an English text that has no ID. [Sentence.In] reports
// it as not known in every other language.
func English(text string) Sentence { return Sentence{text: text} }

// Decimal returns a number of tenths with the decimal mark of a language: 3 is "0.3", in
// Spanish "0,3".
func Decimal(tenths int64) Sentence {
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	return Say("amount.tenths", "whole", sign+strconv.FormatInt(tenths/10, 10), "tenths", strconv.FormatInt(tenths%10, 10))
}

// AsIs makes a sentence of a text that is the same in every language, such as an answer
// of the handset or the operating system.
//
//go:noinline
func AsIs(text string) Sentence { return Say("text.as-is", "text", text) }

// The messages that put lists together. Their words are what goes between two items.
const (
	Comma     ID = "list.comma"
	Semicolon ID = "list.semicolon"
	Colon     ID = "list.colon"
	Stop      ID = "list.stop" // a space between whole sentences
)

// itemsArg is the argument of the messages above.
const itemsArg = "items"

// Join puts sentences one after the other, with the words of [Comma], [Semicolon],
// [Colon] or [Stop] between them. Empty sentences are left out, and a part that was
// joined with the same words is taken apart.
func Join(between ID, parts ...Sentence) Sentence {
	var all []arg
	for _, part := range parts {
		switch {
		case part.Empty():
		case part.id == between && part.args[itemsArg].list != nil:
			all = append(all, part.args[itemsArg].list...)
		default:
			all = append(all, arg{sentence: &part})
		}
	}
	switch {
	case len(all) == 0:
		return Sentence{}
	case len(all) == 1 && all[0].sentence != nil:
		return *all[0].sentence
	}
	return Sentence{id: between, args: map[string]arg{itemsArg: {list: all}}}
}

// Named joins names with commas, and says how many more there are if there are more.
func Named(names []string, more int) Sentence {
	parts := make([]Sentence, len(names))
	for i, name := range names {
		parts[i] = AsIs(name)
	}
	return List(parts, more)
}

// List is [Named] for sentences.
func List(parts []Sentence, more int) Sentence {
	parts = slices.Clone(parts)
	if more > 0 {
		parts = append(parts, Say("list.more", "number", strconv.Itoa(more)))
	}
	return Join(Comma, parts...)
}

// ID returns the ID of the message, empty for a text without one.
func (s Sentence) ID() ID { return s.id }

// As returns the sentence with the words of another message, which has the same
// arguments. The empty sentence stays empty.
func (s Sentence) As(id ID) Sentence {
	if !s.Empty() {
		s.id, s.text = id, ""
	}
	return s
}

// Arg returns an argument as a sentence, empty if the message does not have it.
func (s Sentence) Arg(name string) Sentence {
	a, ok := s.args[name]
	switch {
	case !ok:
		return Sentence{}
	case a.sentence != nil:
		return *a.sentence
	}
	return Sentence{id: "text.as-is", args: map[string]arg{"text": a}}
}

// Empty reports whether the sentence says nothing.
//
//go:noinline
func (s Sentence) Empty() bool { return s.id == "" && s.text == "" }

// Map returns a copy in which every text argument, and every text without an ID, is
// replaced by what change makes of it. The words of messages stay.
func (s Sentence) Map(change func(string) string) Sentence {
	s.args = edited(s.args, func(inner Sentence) Sentence { return inner.Map(change) }, change)
	if s.text != "" {
		s.text = change(s.text)
	}
	return s
}

// Reword returns a copy in which every message, also within an argument, has the words of
// the message that other names for it, with the same arguments. An empty ID leaves a
// message as it is.
func (s Sentence) Reword(other func(ID) ID) Sentence {
	if s.id != "" {
		if id := other(s.id); id != "" {
			s.id = id
		}
	}
	same := func(text string) string { return text }
	s.args = edited(s.args, func(inner Sentence) Sentence { return inner.Reword(other) }, same)
	return s
}

// edited returns a copy of arguments in which sentence and text replace each sentence and
// each text.
func edited(args map[string]arg, sentence func(Sentence) Sentence, text func(string) string) map[string]arg {
	args = maps.Clone(args)
	for name, a := range args {
		args[name] = a.edited(sentence, text)
	}
	return args
}

func (a arg) edited(sentence func(Sentence) Sentence, text func(string) string) arg {
	switch {
	case a.list != nil:
		a.list = slices.Clone(a.list)
		for i := range a.list {
			a.list[i] = a.list[i].edited(sentence, text)
		}
	case a.sentence != nil:
		s := sentence(*a.sentence)
		a.sentence = &s
	case a.number == nil:
		a.text = text(a.text)
	}
	return a
}

// Signed returns the sentence if its English is exactly text, and text alone
// otherwise: text was signed, and another person may have written s. s may be nil.
func Signed(text string, s *Sentence) Sentence {
	if s != nil {
		if english, err := s.signed(); err == nil && english == text {
			return *s
		}
	}
	return English(text)
}
