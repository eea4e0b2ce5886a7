package seal

import (
	"archive/zip"
	"encoding/json"
	"io"
	"path"
	"path/filepath"
	"testing"

	"preship/report"
	"preship/report/casedir"
	"preship/report/schema/schematest"
)

// earlier is a package that preship demo sealed before sentences had IDs: its findings
// have {"key":English,"args":[…]}.
var earlier = filepath.Join("testdata", "sealed-before-ids.zip")

func TestPackageOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	res, err := Verify(earlier, VerifyOptions{})
	if err != nil || !res.OK || res.Verdict != report.VerdictReady {
		t.Fatalf("%+v, %v", res, err)
	}
	b := earlierReport(t)
	if err := schematest.Conforms(t, "report", b); err != nil {
		t.Error(err)
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			for text, told := range map[string]interface{ In(string) (string, bool) }{f.Summary: f.Sentence(), f.Remedy: f.Advised()} {
				if got, known := told.In("es"); got != text || known && text != "" {
					t.Errorf("%s: %q is shown as %q, %t", f.ID, text, got, known)
				}
				seen++
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d texts", seen)
	}
}

func earlierReport(t *testing.T) []byte {
	t.Helper()
	z, err := zip.OpenReader(earlier)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if path.Base(f.Name) != casedir.ReportName {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	t.Fatal("no report in the package")
	return nil
}
