package message

import (
	"fmt"
	"strconv"
	"strings"
)

// String writes the sentence in English as it is signed, with plain numbers. A message
// whose ID is unknown, or that lacks an argument, gives the ID.
func (s Sentence) String() string {
	if text, err := s.signed(); err == nil {
		return text
	}
	return writer{catalogue: catalogues[languages[0]]()}.sentence(s)
}

// signed is like String, and fails on the first word that is not known.
func (s Sentence) signed() (string, error) {
	return writer{catalogues[languages[0]](), true, true}.write(s)
}

// In writes the sentence for people, in one of [Languages]; any other tag counts as
// English. Numbers are grouped as the language does. In returns false if some words are
// not known in that language, which are then in English.
func (s Sentence) In(tag string) (text string, known bool) {
	w := writer{catalogue: catalogues[tagged(tag)](), strict: true}
	if text, err := w.write(s); err == nil {
		return text, true
	}
	w.strict = false
	return w.sentence(s), false
}

// writer writes sentences in one language.
type writer struct {
	*catalogue
	strict bool // a sentence within that cannot be written fails the whole
	plain  bool // numbers are digits alone
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
		if s.id == Stop && w.tag == "zh" {
			between = "" // a Chinese sentence ends with its own mark, and no space follows
		}
		return w.list(items.list, between)
	}
	var values map[string]string
	if len(s.args) > 0 {
		values = make(map[string]string, len(s.args))
	}
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
	english := writer{catalogue: catalogues[languages[0]]()}
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

func (w writer) number(n int64) string {
	if w.plain {
		return strconv.FormatInt(n, 10)
	}
	return w.numbers.Sprint(n)
}
