package intake

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"preship/report"
	"preship/report/schema/schematest"
)

// goodForm is the least that a claim needs.
const goodForm = `{"customer":{"name":"Jordan Example","address":"Calle Mayor 1","email":"jordan@example.net"},
"purchase":{"seller":"a shop","date":"2026-03-01","country":"ES"},
"fault":{"description":"the screen stays black after a call, the phone still rings"}}`

// changed returns goodForm with one field set to a JSON value, or removed if it is empty.
func changed(t *testing.T, field, value string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(goodForm), &doc); err != nil {
		t.Fatal(err)
	}
	in := doc
	group, name, nested := strings.Cut(field, ".")
	if nested {
		below, ok := doc[group].(map[string]any)
		if !ok {
			below = map[string]any{}
			doc[group] = below
		}
		in = below
	} else {
		name = group
	}
	if value == "" {
		delete(in, name)
	} else {
		in[name] = json.RawMessage(value)
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// accepts reports whether preship accepts a file for the case of a handset.
func accepts(text string) bool {
	name := "Redmi Note 10"
	h := &report.Handset{MarketName: &name, IMEI: []report.IMEI{{Slot: 1, Value: "356938035643809"}, {Slot: 2, Value: "490154203237518"}}}
	in, err := Parse([]byte(text))
	if err != nil {
		return false
	}
	in.Fill(h, "PS-20261122-7K3Q9D")
	in.Complete(formTime)
	return len(in.Problems(formTime, h)) == 0
}

// The published schema accepts what preship accepts, and refuses the same forms.
func TestSchemaAcceptsEveryFormPreshipAccepts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		field, value string // "" removes the field
		good         bool
	}{
		{"schema", `"urn:preship:intake:v1"`, true},
		{"schema", `null`, true},
		{"schema", `"urn:preship:intake:v9"`, false},
		{"salt", `"x"`, true},
		{"salt", `4`, false},
		{"customer", ``, false},
		{"customer", `null`, false},
		{"customer", `"Jordan"`, false},
		{"customer", `[]`, false},
		{"customer.name", ``, false},
		{"customer.name", `""`, false},
		{"customer.name", `"  "`, false},
		{"customer.name", `null`, false},
		{"customer.name", `7`, false},
		{"customer.nmae", `"x"`, false},
		{"customer.email", ``, false},
		{"customer.email", `null`, false},
		{"customer.email", `""`, false},
		{"customer.email", `"jordan"`, false},
		{"customer.email", `"jordan@example"`, false},
		{"customer.email", `" jordan@example.net "`, true},
		{"customer.phone", `"+34 600 000 000"`, true},
		{"customer.phone", `null`, true},
		{"customer.phone", `34600000000`, false},
		{"customer.language", `"zh"`, true},
		{"customer.language", `"ES"`, true},
		{"customer.language", `""`, true},
		{"customer.language", `null`, true},
		{"customer.language", `"tlh"`, false},
		{"customer.business", `true`, true},
		{"customer.business", `"yes"`, true},
		{"customer.business", `"No"`, true},
		{"customer.business", `"sí"`, true},
		{"customer.business", `null`, true},
		{"customer.business", `""`, true},
		{"customer.business", `"maybe"`, false},
		{"customer.business", `1`, false},
		{"ticket", `null`, true},
		{"ticket", `{}`, true},
		{"ticket", `"T-1"`, false},
		{"ticket.id", `""`, true},
		{"ticket.id", `"T-1"`, true},
		{"ticket.id", `true`, false},
		{"ticket.ship_by", `"24/12/2026"`, true},
		{"ticket.ship_by", `""`, true},
		{"ticket.ship_by", `"soon"`, false},
		{"ticket.ship_by", `20261224`, false},
		{"product", `null`, true},
		{"product.model", `"redmi note10"`, true},
		{"product.model", `null`, true},
		{"product.passcode", `"1234"`, false},
		{"passcode", `"1234"`, false},
		{"product.imei_box", `"356938035643809"`, true},
		{"product.imei_box", `"35 693803 564380 9"`, true},
		{"product.imei_box", `"IMEI1: 356938035643809 / IMEI2: 490154203237518"`, true},
		{"product.imei_box", `"356938035643809, 490154203237518"`, true},
		{"product.imei_box", `""`, true},
		{"product.imei_box", `"35693803564380"`, false},
		{"product.imei_box", `"unknown"`, false},
		{"product.imei_box", `356938035643809`, false},
		{"purchase.seller", `" "`, false},
		{"purchase.date", `""`, false},
		{"purchase.date", `null`, false},
		{"purchase.date", `"1 mar 2026"`, true},
		{"purchase.date", `"1 de marzo de 2026"`, true},
		{"purchase.date", `"March 1st, 2026"`, true},
		{"purchase.date", `"01.03.2026"`, true},
		{"purchase.date", `"2026/3/1"`, true},
		{"purchase.date", `"2026年3月1日"`, true},
		{"purchase.date", `"13/03/2026"`, true},
		{"purchase.date", `"last March"`, false},
		{"purchase.date", `"2026"`, false},
		{"purchase.date", `"01/03/26"`, false},
		{"purchase.date", `"2026-03-01T10:00:00Z"`, false},
		{"purchase.country", `"es"`, true},
		{"purchase.country", `" ES "`, true},
		{"purchase.country", `"Spain"`, true},
		{"purchase.country", `"CHINA"`, true},
		{"purchase.country", `"Atlantis"`, false},
		{"purchase.country", `null`, false},
		{"purchase.country", `""`, false},
		{"fault", ``, false},
		{"fault.description", `null`, false},
		{"fault.since", `null`, true},
		{"fault.since", `["x"]`, false},
		{"handed_over.accessories", `["charger","cable"]`, true},
		{"handed_over.accessories", `"charger, cable"`, true},
		{"handed_over.accessories", `null`, true},
		{"handed_over.accessories", `[1]`, false},
		{"handed_over.accessories", `{}`, false},
		{"condition.zones", `{"front":"scratched"}`, true},
		{"condition.zones", `null`, true},
		{"condition.zones", `["front"]`, false},
		{"condition.zones", `{"front":2}`, false},
		{"condition.photos", `[{"file":"evidence/condition-01.jpg","sha256":"00"}]`, true},
		{"condition.photos", `[]`, true},
		{"condition.photos", `[{"file":"../x.jpg","sha256":"00"}]`, false},
		{"condition.photos", `["x.jpg"]`, false},
		{"backup.made", `"made"`, true},
		{"backup.made", `"Not-Possible"`, true},
		{"backup.made", `""`, true},
		{"backup.made", `"perhaps"`, false},
		{"consent.at", `"2026-11-20T10:11:12Z"`, true},
		{"consent.at", `"20 nov 2026"`, true},
		{"consent.at", `"now"`, false},
		{"consent.wipe", `"yes"`, true},
		{"estimate.offered", `false`, true},
		{"estimate.valid_until", `"2027-01-01"`, true},
		{"warranty", `{}`, false},
	} {
		text := changed(t, tt.field, tt.value)
		if got := accepts(text); got != tt.good {
			t.Errorf("%s = %s: preship accepts it: %t", tt.field, tt.value, got)
		}
		if err := schematest.Conforms(t, "intake", []byte(text)); (err == nil) != tt.good {
			t.Errorf("%s = %s: the schema says %v", tt.field, tt.value, err)
		}
	}
	// What no schema can say, which its description names.
	for field, value := range map[string]string{
		"fault.description": `"it is not working at all"`, "fault.tried": `"PIN: 4711"`, "product.imei_box": `"111111111111111"`,
		"purchase.date": `"05/06/2026"`, "ticket.ship_by": `"31/02/2027"`, "purchase.country": `"ES"`, "product.model": `"Redmi Note 12"`,
	} {
		text := changed(t, field, value)
		if field == "purchase.country" {
			text = changed(t, "purchase.date", `"1 mar 2031"`)
		}
		if accepts(text) {
			t.Errorf("%s = %s: preship accepts it", field, value)
		}
		if err := schematest.Conforms(t, "intake", []byte(text)); err != nil {
			t.Errorf("%s = %s: the schema can say it after all: %v", field, value, err)
		}
	}
}

// Every field of intake.json has a row, and a stored form is read as it was.
func TestFieldsAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	form := reflect.TypeFor[Form]()
	named := map[string]bool{}
	for _, f := range Fields {
		named[f.Name] = true
	}
	all := 0
	for i := range form.NumField() {
		group, _, _ := strings.Cut(form.Field(i).Tag.Get("json"), ",")
		if form.Field(i).Type.Kind() != reflect.Struct {
			continue
		}
		for j := range form.Field(i).Type.NumField() {
			name, _, _ := strings.Cut(form.Field(i).Type.Field(j).Tag.Get("json"), ",")
			if all++; !named[group+"."+name] {
				t.Errorf("%s.%s has no row", group, name)
			}
		}
	}
	if all != len(Fields) {
		t.Errorf("%d rows for %d fields", len(Fields), all)
	}
	in := sampleIntake()
	in.Complete(formTime)
	in.Schema, in.Condition.Zones = Schema, map[string]string{"front": "scratched"}
	in.Condition.Photos = []report.Photo{{File: "evidence/condition-01.jpg", SHA256: "00"}}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(b); err != nil || !reflect.DeepEqual(got, in) {
		t.Errorf("%v; read as\n%+v, want\n%+v", err, got, in)
	}
}

// All problems of a file are named at once.
func TestParseNamesEveryProblem(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"customer":{"nmae":"x","phone":7,"business":"maybe"},"purchase":{"date":"05/06/2026"},"fault":"broken","pin":"1"}`))
	wrong, ok := err.(*Error)
	if !ok || len(wrong.Problems) != 6 {
		t.Fatalf("%v, want six problems", err)
	}
	for _, want := range []string{"customer.nmae", "customer.phone", "customer.business", "2026-06-05 or 2026-05-06", "fault: This field contains", "pin: Passcodes are never"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

func TestReadDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"29/11/2026": "2026-11-29", "29.11.2026": "2026-11-29", "2026-11-29": "2026-11-29", "29 nov 2026": "2026-11-29", "11/29/2026": "2026-11-29",
		"29 Nov. 2026": "2026-11-29", "29 de noviembre de 2026": "2026-11-29", "29 de noviembre del 2026": "2026-11-29", "November 29, 2026": "2026-11-29", "29th of November 2026": "2026-11-29", "2026年11月29日": "2026-11-29",
		"2026.11.29": "2026-11-29", "29-11-2026": "2026-11-29", "05/05/2026": "2026-05-05", "5. 6. 2026": "2026-06-05", "1 ene 2026": "2026-01-01", " 29  Nov  2026 ": "2026-11-29",
		"05/06/2026": "", "6-5-2026": "", "31/02/2026": "", "29/02/2027": "", "2026-13-01": "", "29 nox 2026": "", "29/11/26": "", "tomorrow": "", "٢٩/١١/٢٠٢٦": "",
	} {
		got, problem := readDate(text)
		if got != want || problem.Empty() != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, problem, want)
		}
	}
}
