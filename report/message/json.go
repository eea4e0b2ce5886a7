package message

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Limits of a sentence in JSON. Somebody else may have written it.
const (
	maxJSON  = 64 << 10 // bytes
	maxDepth = 16       // sentences and lists within sentences
	maxArgs  = 16       // arguments of one sentence
)

type sentenceJSON struct {
	ID   ID                         `json:"id,omitempty"`
	Args map[string]json.RawMessage `json:"args,omitempty"`
	Text string                     `json:"text,omitempty"`
}

// MarshalJSON writes {"id":…,"args":{…}}, and {"text":…} for a text without an ID.
func (s Sentence) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ID   ID             `json:"id,omitempty"`
		Args map[string]arg `json:"args,omitempty"`
		Text string         `json:"text,omitempty"`
	}{s.id, s.args, s.text})
}

// MarshalJSON writes a string, a number, a sentence or a list of those.
func (a arg) MarshalJSON() ([]byte, error) {
	switch {
	case a.list != nil:
		return json.Marshal(a.list)
	case a.sentence != nil:
		return json.Marshal(a.sentence)
	case a.number != nil:
		return json.Marshal(a.number)
	}
	return json.Marshal(a.text)
}

// UnmarshalJSON never fails on JSON: a value that is not a sentence, or exceeds the limits,
// gives the empty sentence, which no signed text is equal to. So does the form of
// earlier versions, {"key":…,"args":[…]}.
func (s *Sentence) UnmarshalJSON(b []byte) error {
	*s = Sentence{}
	if len(b) > maxJSON {
		return nil
	}
	if read, err := readSentence(b, maxDepth); err == nil {
		*s = read
	}
	return nil
}

var errNotSentence = errors.New("not a sentence")

func readSentence(b []byte, depth int) (Sentence, error) {
	var raw sentenceJSON
	if depth == 0 {
		return Sentence{}, errNotSentence
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return Sentence{}, err
	}
	if len(raw.Args) > maxArgs || raw.ID == "" && len(raw.Args) > 0 || raw.ID != "" && (raw.Text != "" || !named(string(raw.ID))) {
		return Sentence{}, errNotSentence
	}
	s := Sentence{id: raw.ID, text: raw.Text}
	for name, value := range raw.Args {
		a, err := readArg(value, depth)
		if err != nil || !named(name) {
			return Sentence{}, errors.Join(errNotSentence, err)
		}
		if s.args == nil {
			s.args = make(map[string]arg, len(raw.Args))
		}
		s.args[name] = a
	}
	return s, nil
}

// named reports whether a text can be the name of a message or of an argument, which
// are shown where there is nothing better.
func named(s string) bool {
	const most = 80
	return s != "" && len(s) <= most && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

func readArg(b []byte, depth int) (arg, error) {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) == 0:
		return arg{}, errNotSentence
	case b[0] == '{':
		s, err := readSentence(b, depth-1)
		return arg{sentence: &s}, err
	case b[0] == '"':
		var a arg
		return a, json.Unmarshal(b, &a.text)
	case b[0] == '[':
		return readList(b, depth-1)
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	return arg{number: &n}, err
}

func readList(b []byte, depth int) (arg, error) {
	var items []json.RawMessage
	if depth == 0 {
		return arg{}, errNotSentence
	}
	if err := json.Unmarshal(b, &items); err != nil {
		return arg{}, err
	}
	a := arg{list: make([]arg, len(items))}
	for i, item := range items {
		var err error
		if a.list[i], err = readArg(item, depth); err != nil {
			return arg{}, err
		}
	}
	return a, nil
}
