package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"

	"preship/cmd/preship/internal/audit"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
)

// eventWords are the types within an event whose values are a closed list.
var eventWords = map[reflect.Type][]any{
	reflect.TypeFor[report.Status]():  {report.StatusPass, report.StatusWarn, report.StatusFail, report.StatusUnknown, report.StatusSkipped},
	reflect.TypeFor[report.Method]():  {report.MethodObserved, report.MethodInferred, report.MethodAttested},
	reflect.TypeFor[report.Verdict](): {"", report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete},
}

// publishedName keeps the names that the schema was published with.
func publishedName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[events.Counter]():
		return "counter"
	case reflect.TypeFor[events.Row]():
		return "fleetRow"
	}
	return ""
}

// written are the documents that only this program writes, and their schemas.
var written = []struct {
	name, id string
	of       any
}{
	{"checked", audit.Schema, audit.Result{}},
	{"event", eventSchema, events.Event{}},
	{"failure", failureSchema, Failure{}},
}

// File and type must say the same. PRESHIP_UPDATE_SCHEMAS=1 writes the files. Any object
// may have fields that a later version adds.
func TestOwnSchemasFollowTheTypes(t *testing.T) {
	t.Parallel()
	for _, w := range written {
		r := jsonschema.Reflector{ExpandedStruct: true, Anonymous: true, AllowAdditionalProperties: true, Namer: publishedName, Mapper: publishedType}
		for path, dir := range map[string]string{
			"preship/cmd/preship": ".", "preship/cmd/preship/internal/events": filepath.Join("internal", "events"), "preship/report": filepath.Join("..", "..", "report"),
		} {
			if err := r.AddGoComments(path, dir); err != nil {
				t.Fatal(err)
			}
		}
		s := r.Reflect(w.of)
		s.ID = jsonschema.ID(w.id)
		if kind, ok := s.Properties.Get("event"); ok {
			kind.Enum = nil
			for _, k := range eventKinds {
				kind.Enum = append(kind.Enum, k.name)
			}
		}
		want, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, '\n')
		file := filepath.Join("schema", w.name+".json")
		if os.Getenv("PRESHIP_UPDATE_SCHEMAS") == "1" {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := schemaNamed(w.name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s and its type have come apart; run this test with PRESHIP_UPDATE_SCHEMAS=1 and read the difference", file)
		}
	}
}

// publishedType maps the types whose schema is not their Go fields.
func publishedType(t reflect.Type) *jsonschema.Schema {
	if values, ok := eventWords[t]; ok {
		return &jsonschema.Schema{Type: "string", Enum: values}
	}
	if t == reflect.TypeFor[message.Sentence]() {
		fields := jsonschema.NewProperties()
		fields.Set("id", &jsonschema.Schema{Type: "string"})
		fields.Set("args", &jsonschema.Schema{Type: "object"})
		fields.Set("text", &jsonschema.Schema{Type: "string", Description: "English without an id"})
		return &jsonschema.Schema{Type: "object", Properties: fields}
	}
	return nil
}

// documents are what a test compares with their schemas.
type documents struct {
	bytes.Buffer // of lines that the program conform reads
	of           map[string]int
}

func (d *documents) add(t *testing.T, name string, document []byte) {
	t.Helper()
	schema, err := schemaNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(map[string]any{"name": name, "schema": json.RawMessage(schema), "document": json.RawMessage(document)})
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	d.Write(append(line, '\n'))
	if d.of == nil {
		d.of = map[string]int{}
	}
	d.of[name]++
}

// conform compares all documents with their schemas. A program does it, which says why.
func (d *documents) conform(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", filepath.Join("..", "..", "report", "schema", "schematest", "conform"))
	cmd.Stdin = bytes.NewReader(d.Bytes())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestContract runs the whole job and checks all it prints against what the help
// promises to scripts.
func TestContract(t *testing.T) {
	t.Parallel()
	s := newStoryOwned(t, "android-emulator", "idle")
	out := filepath.Join(s.home, "out")
	file := filepath.Join(s.home, "policy.yaml")
	if err := os.WriteFile(file, []byte("schema: "+policy.Schema+"\nkind: device\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	// A warning of this emulator's: it has no account. The policy is not met.
	one := s.answer(t, exitNotReady, "prepare", "--json", "--out", out, "--confirm=emulated", "--no-input", "--policy", file)
	several := newStoryOwned(t, "android-emulator", "idle")
	all := several.answer(t, exitReady, "prepare", "--all", "--json", "--out", filepath.Join(several.home, "out"), "--confirm=emulated", "--no-input")
	var written documents
	if last := checkEvents(t, &written, all, "policy"); last.Event != "summary" || len(*last.Handsets) != 1 {
		t.Errorf("the last event is %+v, want summary of one handset", last)
	}
	last := checkEvents(t, &written, one, "summary")
	if last.Event != "done" || *last.Exit != int(exitNotReady) || last.Verdict != string(report.VerdictReady) {
		t.Fatalf("the last event is %+v, want done, %d and READY", last, exitNotReady)
	}
	for _, tt := range []struct {
		args []string
		code exitCode
	}{
		{[]string{"identify"}, exitReady},
		{[]string{"accounts"}, exitReady},
		{[]string{"backup", "--out", filepath.Join(s.home, "backup")}, exitReady},
		{[]string{"report", "--case", last.Case}, exitReady},
		{[]string{"report", "show", last.Case}, exitReady},
		{[]string{"report", "verify", last.Case, "--policy", file}, exitNotReady},
	} {
		answer := s.answer(t, tt.code, append(tt.args, "--json")...)
		written.add(t, schemaOfCommand(t, tt.args), answer)
	}
	if len(written.of) != 6 {
		t.Errorf("documents of %v, want those of five commands, and events", written.of)
	}
	written.conform(t)
}

// answer runs preship and gives its standard output.
func (s *story) answer(t *testing.T, want exitCode, args ...string) []byte {
	t.Helper()
	cmd := s.command(t.Context(), args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, _ := cmd.Output() // its code is looked at
	if got := cmd.ProcessState.ExitCode(); got != int(want) {
		t.Fatalf("%q: exit code %d, want %d\n%s", args, got, want, stderr.Bytes())
	}
	return out
}

// schemaOfCommand is what the contract says of the command that args run.
func schemaOfCommand(t *testing.T, args []string) string {
	t.Helper()
	schema := ""
	for _, a := range answers {
		if strings.HasPrefix(strings.Join(args, " ")+" ", a.command+" ") {
			schema = a.schema // the longest stands last
		}
	}
	if schema == "" {
		t.Fatalf("the contract has no schema for %q", args)
	}
	return schema
}

// checkEvents looks at every event, and that each kind was there but for one.
func checkEvents(t *testing.T, written *documents, text []byte, but string) (last events.Event) {
	t.Helper()
	always := []string{"event", "at", "serial", "case"}
	seen := map[string]bool{}
	for line := range bytes.Lines(text) {
		written.add(t, "event", line)
		fields := map[string]json.RawMessage{}
		last = events.Event{}
		for _, v := range []any{&fields, &last} {
			if err := json.Unmarshal(line, v); err != nil {
				t.Fatal(err)
			}
		}
		i := slices.IndexFunc(eventKinds, func(k eventKind) bool { return k.name == last.Event })
		if i < 0 {
			t.Errorf("the contract lacks the event %q", last.Event)
			continue
		}
		seen[last.Event] = true
		for field := range fields {
			if !slices.Contains(always, field) && !slices.Contains(eventKinds[i].fields, field) {
				t.Errorf("the contract does not say that %s has %s", last.Event, field)
			}
		}
	}
	for _, k := range eventKinds {
		if seen[k.name] == (k.name == but) {
			t.Errorf("the event %s is promised and never came, or came uncalled for; there were %v", k.name, slices.Sorted(maps.Keys(seen)))
		}
	}
	return last
}

func TestHelpKeepsItsPromises(t *testing.T) {
	t.Parallel()
	p, err := flagfile.JSON("policy.yaml", []byte(policyExample))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Parse(p, job.CheckIDs()); err != nil {
		t.Errorf("the policy in the help is refused: %v", err)
	}
	root := newRootCmd(&env{Console: console.System()})
	for _, a := range answers {
		if cmd, _, err := root.Find(strings.Fields(a.command)); err != nil || cmd.CommandPath() != "preship "+a.command {
			t.Errorf("the help names the command %s, which does not exist", a.command)
		}
		if _, err := schemaNamed(a.schema); a.schema != "" && err != nil {
			t.Errorf("%s: %v", a.command, err)
		}
	}
	fields := map[string]bool{"event": true, "at": true, "serial": true}
	for _, k := range eventKinds {
		for _, f := range k.fields {
			fields[f] = true
		}
	}
	for i := range reflect.TypeFor[events.Event]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[events.Event]().Field(i).Tag.Get("json"), ",")
		if !fields[name] {
			t.Errorf("no event is said to have %s", name)
		}
	}
}
