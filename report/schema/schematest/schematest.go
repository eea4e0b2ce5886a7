// Package schematest validates documents against the published schemas, for the tests of
// the rooms that write them.
package schematest

import (
	"bytes"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"preship/report/schema"
)

// Compile makes a validator of a schema that is published under the name.
func Compile(name string, schema []byte) (*validator.Schema, error) {
	doc, err := validator.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, err
	}
	c := validator.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name+".json", doc); err != nil {
		return nil, err
	}
	return c.Compile(name + ".json")
}

// Conforms returns why a document does not follow the schema of that name.
func Conforms(t testing.TB, name string, document []byte) error {
	t.Helper()
	v, err := validator.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, document)
	}
	published, err := schema.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Compile(name, published)
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}
