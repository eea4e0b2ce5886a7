package schema_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"preship/report"
	"preship/report/deletion"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/policy"
	"preship/report/schema"
	"preship/report/seal"
	"preship/report/trust"
)

// schemas is every schema that is published and the type it describes. A document that a
// person writes has no unknown fields: one is a field spelt wrong. In a document that
// preship writes, a later version may add fields.
var schemas = []struct {
	name  string
	id    string
	of    any
	typed bool // a person writes it
}{
	{"accounts", "urn:preship:accounts:v1", report.Accounts{}, false},
	{"backup", "urn:preship:backup:v1", report.Backup{}, false},
	{"deletion", deletion.PredicateType, deletion.Predicate{}, false},
	{"fault", "urn:preship:fault:v1", report.Fault{}, false},
	{"identify", "urn:preship:identify:v1", report.Handset{}, false},
	{"intake", intake.Schema, intake.Published, true},
	{"policy", policy.Schema, policy.Policy{}, true},
	{"predicate", seal.PredicateType, seal.Predicate{}, false},
	{"report", report.Schema, report.Report{}, false},
	{"verified", "urn:preship:verified:v1", seal.Result{}, false},
}

// words are the types whose values are a closed list.
var words = map[reflect.Type][]any{
	reflect.TypeFor[report.Status]():      {report.StatusPass, report.StatusWarn, report.StatusFail, report.StatusUnknown, report.StatusSkipped},
	reflect.TypeFor[report.Method]():      {report.MethodObserved, report.MethodInferred, report.MethodAttested},
	reflect.TypeFor[report.Verdict]():     {report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete},
	reflect.TypeFor[report.StepState]():   {report.StepNotRun, report.StepRunning, report.StepDone, report.StepFailed, report.StepInterrupted, report.StepRefused},
	reflect.TypeFor[policy.Requirement](): {policy.RequirePass, policy.RequireWarn, policy.RequireIgnore},
	reflect.TypeFor[report.Rung]():        {report.RungNone, report.RungAttested, report.RungCameBackUnauthorized, report.RungFormatAnswered, report.RungObservedClean},
	reflect.TypeFor[seal.IMEIResult]():    {seal.IMEIMatch, seal.IMEIDiffers, seal.IMEIUnknown},
	reflect.TypeFor[trust.Level]():        {trust.None, trust.Integrity, trust.Known, trust.Own, trust.Allowed, trust.Received},
}

// generate makes the schema of a type. What Go writes as null, and only that,
// may be null.
func generate(t *testing.T, id string, of any, typed bool) []byte {
	t.Helper()
	if published, ok := of.(func() map[string]any); ok { // the schema of a table, not of a type
		b, err := json.MarshalIndent(published(), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		return append(b, '\n')
	}
	r := jsonschema.Reflector{
		BaseSchemaID: jsonschema.ID(id), ExpandedStruct: true, Anonymous: true, AllowAdditionalProperties: !typed,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if values, ok := words[t]; ok {
				return &jsonschema.Schema{Type: "string", Enum: values}
			}
			if t == reflect.TypeFor[message.Sentence]() {
				return sentenceSchema()
			}
			return nil
		},
	}
	if err := r.AddGoComments("preship/report/schema", ".."); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(of)
	s.ID = jsonschema.ID(id)
	seen := map[reflect.Type]bool{}
	allowNull(s, s.Definitions, reflect.TypeOf(of), seen)
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// sentenceSchema also allows what earlier versions wrote in the place of a sentence.
func sentenceSchema() *jsonschema.Schema {
	fields := jsonschema.NewProperties()
	fields.Set("id", &jsonschema.Schema{Type: "string"})
	fields.Set("args", &jsonschema.Schema{Type: "object"})
	fields.Set("text", &jsonschema.Schema{Type: "string", Description: "English without an id"})
	return &jsonschema.Schema{Type: "object", Properties: fields}
}

// allowNull marks the fields of t that are null when they are nil.
func allowNull(s *jsonschema.Schema, defs jsonschema.Definitions, t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || !strings.HasPrefix(t.PkgPath(), "preship/") || t == reflect.TypeFor[message.Sentence]() || seen[t] {
		return
	}
	seen[t] = true
	if def := defs[t.Name()]; def != nil {
		s = def
	}
	for f := range fields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p, ok := s.Properties.Get(name)
		if !ok {
			continue
		}
		allowNull(p, defs, f.Type, seen)
		if f.Type.Kind() == reflect.Map && f.Type.Elem().Kind() == reflect.Pointer {
			p.AdditionalProperties = orNull(p.AdditionalProperties)
		}
		if nilable(f.Type) && !strings.Contains(options, "omit") && !(t == reflect.TypeFor[report.Finding]() && name == "evidence") {
			s.Properties.Set(name, orNull(p))
		}
	}
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

func nilable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map:
		return true
	case reflect.Slice:
		return t != reflect.TypeFor[report.Findings]() // never null
	}
	return false
}

func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "null"}}}
}

// File and type must say the same. PRESHIP_UPDATE_SCHEMAS=1 writes the files.
func TestSchemasFollowTheTypes(t *testing.T) {
	t.Parallel()
	var names []string
	var pack bytes.Buffer
	z := zip.NewWriter(&pack)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, s := range schemas {
		names = append(names, s.name)
		want := generate(t, s.id, s.of, s.typed)
		if os.Getenv("PRESHIP_UPDATE_SCHEMAS") == "1" {
			w, err := z.Create(s.name + ".json")
			if err == nil {
				_, err = w.Write(want)
			}
			if err := errors.Join(err, os.WriteFile(s.name+".json", want, 0o644)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if file, err := os.ReadFile(s.name + ".json"); err != nil || !bytes.Equal(file, want) {
			t.Errorf("the file %s.json and its type have come apart: %v", s.name, err)
		}
		got, err := schema.Of(s.name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s.json and its type have come apart; run this test with PRESHIP_UPDATE_SCHEMAS=1 and read the difference", s.name)
		}
	}
	if os.Getenv("PRESHIP_UPDATE_SCHEMAS") == "1" {
		if err := errors.Join(z.Close(), os.WriteFile("schemas.zip", pack.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		return // the pack of this program is that of before
	}
	if got := schema.Names(); !slices.Equal(got, names) {
		t.Errorf("schemas %q, and in the table of this test %q", got, names)
	}
	if _, err := schema.Of("../schema"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such schema: error %v", err)
	}
}
