package report

import (
	"fmt"
	"strings"

	"preship/report/message"
)

// Sentence is a [message.Sentence].
//
// Deprecated: use that.
type Sentence = message.Sentence

// Say makes a sentence of its English.
//
// Deprecated: use [message.Say] with an ID.
func Say(key string, args ...any) Sentence {
	row, ok := legacy[key]
	switch {
	case key == "%s" && len(args) == 1:
		if s, ok := args[0].(Sentence); ok {
			return s
		}
		return message.AsIs(fmt.Sprint(args[0]))
	case key == "%s: %s":
		return message.Join(message.Colon, parts(args)...)
	case key == "%s; %s":
		return message.Join(message.Semicolon, parts(args)...)
	case !ok:
		return message.English(fmt.Sprintf(strings.ReplaceAll(key, " %", " %"), args...))
	}
	var pairs []any
	if row.one {
		pairs = []any{"count", 1}
	}
	for i, name := range row.args {
		if i < len(args) {
			pairs = append(pairs, name, args[i])
		}
	}
	return message.Say(row.id, pairs...)
}

func parts(args []any) (all []Sentence) {
	for _, a := range args {
		s, ok := a.(Sentence)
		if !ok {
			s = message.AsIs(fmt.Sprint(a))
		}
		all = append(all, s)
	}
	return all
}

// Join puts sentences one after the other. between is ", " or "; ".
//
// Deprecated: use [message.Join].
func Join(between string, parts ...Sentence) Sentence {
	return message.Join(map[string]message.ID{", ": message.Comma, "; ": message.Semicolon, ": ": message.Colon}[between], parts...)
}

// maxChain is how many links of an error are looked up one by one.
const maxChain = 8

// Chain is the text of an error as sentences: the whole, or each link of it,
// "a: b: c", is a row of the catalogue, and stays as it is where it is not.
//
// Deprecated: use [message.Of] with the error.
func Chain(err string) Sentence {
	if err == "" {
		return Sentence{}
	}
	if _, row := legacy[err]; row {
		return Say(err)
	}
	var links []Sentence
	for _, link := range strings.SplitN(err, ": ", maxChain) {
		if _, row := legacy[link]; row {
			links = append(links, Say(link))
		} else {
			links = append(links, message.AsIs(link))
		}
	}
	return message.Join(message.Colon, links...)
}

// sentenceOf is the sentence if it makes the text, and the text alone otherwise.
func sentenceOf(text string, s *Sentence) Sentence {
	signed := message.Signed(text, s)
	if row, ok := legacy[text]; ok && signed.ID() == "" && len(row.args) == 0 {
		return Say(text)
	}
	return signed
}
