package message

import (
	"encoding/json"
	"errors"
	"strconv"
)

// OfJSON returns an error of reading JSON that a person wrote, with the sentence for it.
// An error of another kind, and nil, stay as they are.
func OfJSON(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return Error(Say("error.json.syntax", "offset", strconv.FormatInt(syntax.Offset, 10)), nil)
	case errors.As(err, &kind):
		field := kind.Field
		if field == "" {
			field = "{}"
		}
		return Error(Say("error.json.type", "field", field, "value", kind.Value), nil)
	}
	return err
}
