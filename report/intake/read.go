package intake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/safefile"
)

// MaxBytes is the most bytes of a form, far more than one has.
const MaxBytes = 1 << 20

// Parse reads a form from JSON. The error is an [*Error] that names every field that
// cannot be read. An unknown field is one of them: a misspelt field would be lost, and one
// for a passcode must not be kept.
func Parse(b []byte) (Form, error) {
	var in Form
	if len(b) > MaxBytes {
		return in, fmt.Errorf("intake.json: %w", safefile.ErrTooLarge)
	}
	var doc map[string]any
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	err := dec.Decode(&doc)
	if err == nil {
		if _, extra := dec.Token(); extra != io.EOF {
			err = fmt.Errorf("text follows the form")
		}
	}
	if err != nil {
		return in, fmt.Errorf("%w: %w", ErrIncomplete, message.OfJSON(err))
	}
	r := reading{in: &in}
	r.document(doc)
	if len(r.problems) > 0 {
		return in, &Error{r.problems}
	}
	report.Tidy(&in)
	return in, nil
}

// reading collects the problems of one file.
type reading struct {
	in       *Form
	problems []Problem
}

func (r *reading) bad(field string, what message.Sentence) {
	r.problems = append(r.problems, Problem{printable.Clip(printable.Text(field), 80), what})
}

func (r *reading) document(doc map[string]any) {
	groups := map[string]bool{}
	for _, f := range Fields {
		group, _, _ := strings.Cut(f.Name, ".")
		groups[group] = true
	}
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		value := doc[key]
		switch {
		case key == "schema":
			r.text(key, value, &r.in.Schema)
			if r.in.Schema != "" && r.in.Schema != Schema {
				r.bad(key, message.Say("intake.problem.schema", "want", Schema))
			}
		case key == "salt":
			r.text(key, value, &r.in.Salt)
		case !groups[key]:
			r.unknown(key)
		case value == nil:
		default:
			fields, ok := value.(map[string]any)
			if !ok {
				r.bad(key, message.Say("intake.problem.group", "group", key))
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(fields)) {
				r.field(key+"."+name, fields[name])
			}
		}
	}
}

// unknown reports a field that the form does not have.
func (r *reading) unknown(name string) {
	if secretWord().MatchString(name) {
		r.bad(name, message.Say("intake.problem.secret-field"))
		return
	}
	r.bad(name, message.Say("intake.problem.unknown-field"))
}

func (r *reading) field(name string, value any) {
	f, ok := FieldNamed(name)
	switch {
	case !ok && secretWord().MatchString(name[strings.Index(name, ".")+1:]):
		r.bad(name, message.Say("intake.problem.secret-field"))
		return
	case !ok:
		r.unknown(name)
		return
	case value == nil:
		return
	}
	switch at := f.at(r.in).(type) {
	case *bool:
		if yes, is := value.(bool); is {
			*at = yes
			return
		}
	case *[]string:
		if list, is := value.([]any); is {
			r.list(name, list, at)
			return
		}
	case *map[string]string:
		r.words(name, value, at)
		return
	case *[]report.Photo:
		r.photos(name, value, at)
		return
	}
	text := ""
	if !r.text(name, value, &text) {
		return
	}
	if problem := f.Read(r.in, text); !problem.Empty() {
		r.bad(name, problem)
	}
}

// text reads a text; it reports anything else and returns false.
func (r *reading) text(name string, value any, to *string) bool {
	text, ok := value.(string)
	if !ok && value != nil {
		r.bad(name, message.Say("intake.problem.not-text"))
		return false
	}
	*to = text
	return true
}

func (r *reading) list(name string, values []any, to *[]string) {
	for _, v := range values {
		text := ""
		if !r.text(name, v, &text) {
			return
		}
		*to = append(*to, text)
	}
}

func (r *reading) words(name string, value any, to *map[string]string) {
	fields, ok := value.(map[string]any)
	if !ok {
		r.bad(name, message.Say("intake.problem.group", "group", name))
		return
	}
	*to = map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		text := ""
		if secretWord().MatchString(key) {
			r.bad(name+"."+key, message.Say("intake.problem.secret-field"))
		} else if r.text(name+"."+key, fields[key], &text) {
			(*to)[key] = text
		}
	}
}

func (r *reading) photos(name string, value any, to *[]report.Photo) {
	b, err := json.Marshal(value)
	if err == nil {
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		err = dec.Decode(to)
	}
	if err != nil {
		r.bad(name, message.Say("intake.problem.photos"))
	}
}
