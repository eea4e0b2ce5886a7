package seal

import (
	"strings"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/schema/schematest"
)

func TestPackagesFollowTheSchemas(t *testing.T) {
	t.Parallel()
	for name, change := range variants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := sealed(t, change)
			if err := schematest.Conforms(t, "report", []byte(readFile(t, c, casedir.ReportName))); err != nil {
				t.Error(err)
			}
			s, err := checkAttestation([]byte(readFile(t, c, attestationName)), testSigner(t, 1).PublicKey())
			if err != nil {
				t.Fatal(err)
			}
			if err := schematest.Conforms(t, "predicate", mustMarshal(t, s.Predicate)); err != nil {
				t.Error(err)
			}
			if err := schematest.Conforms(t, "verified", mustMarshal(t, mustVerify(t, c.Dir(), VerifyOptions{}))); err != nil {
				t.Error(err)
			}
		})
	}
	h, acc, backup := sampleHandset(), report.Accounts{}, report.Backup{}
	for name, v := range map[string]any{"identify": h, "accounts": acc, "backup": backup} {
		if err := schematest.Conforms(t, name, mustMarshal(t, v)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A later version may add a field to what preship writes.
func TestSchemasTakeNewFields(t *testing.T) {
	t.Parallel()
	whole := readFile(t, sealed(t, nil), casedir.ReportName)
	changed := strings.Replace(whole, `"emulated": false`, `"emulated": false, "certified": true`, 1)
	if err := schematest.Conforms(t, "report", []byte(changed)); err != nil || changed == whole {
		t.Errorf("%v", err)
	}
}

func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	whole := readFile(t, sealed(t, nil), casedir.ReportName)
	for _, tt := range []struct{ name, old, new string }{
		{"word that is no verdict", `"verdict": "READY"`, `"verdict": "FINE"`},
		{"field renamed", `"emulated"`, `"emulatd"`},
		{"number as text", `"sdk": 33`, `"sdk": "33"`},
		{"null where there is always something", `"signer": "`, `"signer": null, "x": "`},
		{"time that is none", `"started": "2`, `"started": "soon 2`},
	} {
		changed := strings.Replace(whole, tt.old, tt.new, 1)
		if changed == whole {
			t.Fatalf("%s: the report has no %s", tt.name, tt.old)
		}
		if err := schematest.Conforms(t, "report", []byte(changed)); err == nil {
			t.Errorf("%s: accepted", tt.name)
		}
	}
}
