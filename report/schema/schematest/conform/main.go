// Conform reads lines of {"name","schema","document"} from standard input and prints a line
// for each document that does not follow its schema. It exits with 1 if there is one.
//
// It is its own program because the validator takes 18 ms to start under the race
// detector: linked into the tests of cmd/preship, it would take them at each of the thousand
// starts of preship in their stories.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"preship/report/schema/schematest"
)

func main() {
	if err := conform(os.Stdin); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func conform(lines io.Reader) error {
	var all []error
	for in := json.NewDecoder(lines); ; {
		var line struct {
			Name             string
			Schema, Document json.RawMessage
		}
		if err := in.Decode(&line); errors.Is(err, io.EOF) {
			return errors.Join(all...)
		} else if err != nil {
			return err
		}
		s, err := schematest.Compile(line.Name, line.Schema)
		if err != nil {
			return err
		}
		document, err := validator.UnmarshalJSON(bytes.NewReader(line.Document))
		if err != nil {
			return err
		}
		if err := s.Validate(document); err != nil {
			all = append(all, fmt.Errorf("%w\n%s", err, line.Document))
		}
	}
}
