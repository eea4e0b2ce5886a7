package message

import (
	"fmt"
	"strconv"
	"strings"
)

// String writes the sentence in English. A message whose ID is unknown, or that lacks
// an argument, gives the ID.
func (s Sentence) String() string {
	text, _ := s.In(languages[0])
	return text
}

// In writes the sentence in one of [Languages]; any other tag counts as English. It
// returns false if some words of it are not known in that language, which are then in
// English.
func (s Sentence) In(tag string) (text string, known bool) {
	tag = tagged(tag)
	text, err := s.render(tag)
	if err == nil {
		return text, true
	}
	w := writer{catalogues[tag](), false}
	return w.sentence(s), false
}

// render is like In, and fails on the first word that is not known.
func (s Sentence) render(tag string) (string, error) {
	w := writer{catalogues[tag](), true}
	text, err := w.write(s)
	return text, err
}

// writer writes sentences in one language. If strict, a sentence within that cannot
// be written fails the whole.
type writer struct {
	*catalogue
	strict bool
}

func (w writer) write(s Sentence) (string, error) {
	if s.id == "" {
		if w.strict && w.tag != languages[0] && s.text != "" {
			return "", errEnglishWords
		}
		return s.text, nil
	}
	if items, ok := s.args[itemsArg]; ok && strings.HasPrefix(string(s.id), listPrefix) {
		between, err := w.catalogue.write(s.id, nil, nil)
		if err != nil {
			return "", fmt.Errorf("%s: %w", s.id, err)
		}
		return w.list(items.list, between)
	}
	values := make(map[string]string, len(s.args))
	for name, a := range s.args {
		value, err := w.value(a)
		if err != nil {
			return "", err
		}
		values[name] = value
	}
	text, err := w.catalogue.write(s.id, values, s.args[countArg].number)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.id, err)
	}
	return text, nil
}

// listPrefix is the room of the messages that [Join] uses.
const listPrefix = "list."

// sentence writes what can be written: in this language, else in English, else the ID.
func (w writer) sentence(s Sentence) string {
	if text, err := w.write(s); err == nil {
		return text
	}
	english := writer{catalogues[languages[0]](), false}
	if text, err := english.write(s); err == nil {
		return text
	}
	return string(s.id)
}

func (w writer) value(a arg) (string, error) {
	switch {
	case a.list != nil:
		between, err := w.catalogue.write(Comma, nil, nil)
		if err != nil {
			return "", err
		}
		return w.list(a.list, between)
	case a.sentence != nil && w.strict:
		return w.write(*a.sentence)
	case a.sentence != nil:
		return w.sentence(*a.sentence), nil
	case a.number != nil:
		return w.number(*a.number), nil
	}
	return a.text, nil
}

func (w writer) list(items []arg, between string) (string, error) {
	texts := make([]string, len(items))
	for i, item := range items {
		var err error
		if texts[i], err = w.value(item); err != nil {
			return "", err
		}
	}
	return strings.Join(texts, between), nil
}

// number writes a number as the language does. English has plain digits, because
// scripts read it.
func (w writer) number(n int64) string {
	if w.tag == languages[0] {
		return strconv.FormatInt(n, 10)
	}
	return w.numbers.Sprint(n)
}
