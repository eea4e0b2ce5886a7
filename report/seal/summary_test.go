package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report"
	"preship/report/casedir"
)

// finishedCase is a sealed case with n saved files.
func finishedCase(t testing.TB, n int) *casedir.Case {
	t.Helper()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	dir := filepath.Join(c.Dir(), casedir.BackupDir, "storage", "emulated", "0")
	must(t, os.MkdirAll(dir, 0o700))
	for i := range n {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%05d.jpg", i)), []byte("picture"), 0o600))
	}
	must(t, c.WriteFile(casedir.ManifestName, fmt.Appendf(nil, `{"files":%d}`, n)))
	seal(t, c)
	must(t, c.SetStep(report.StepRecord{Name: report.StepReport, State: report.StepDone, Finished: testTime}))
	return c
}

func TestLook(t *testing.T) {
	t.Parallel()
	c := finishedCase(t, 2)
	before := contents(t, c.Dir())
	g, err := casedir.Look(c.Dir()) // while this process holds the case
	must(t, err)
	if g.ID != sampleID || g.Sealed == nil || g.Sealed.Verdict != report.VerdictReady || !strings.HasPrefix(g.Sealed.Signer, "SHA256:") {
		t.Errorf("looks like %+v, sealed %+v", g, g.Sealed)
	}
	if !g.BackupHeld || g.BackupBytes == nil || *g.BackupBytes != 8_423_110_400 {
		t.Errorf("backup held %v, bytes %v", g.BackupHeld, g.BackupBytes)
	}
	if *g.Handset.Model != "M2101K7AG" || g.Handset.Users != nil {
		t.Errorf("handset %+v: want its model, and no name of a person", g.Handset)
	}
	if g.Steps[report.StepVerify] != report.StepDone || !g.Updated.Equal(testTime.Add(6*time.Minute)) {
		t.Errorf("steps %v, updated %v", g.Steps, g.Updated)
	}
	if after := contents(t, c.Dir()); after != before {
		t.Error("looking changed the case")
	}
}

func TestLookAtHostileCases(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file, old, new string
		want                 error // nil: any
	}{
		{"no case", casedir.CaseFileName, "", "", casedir.ErrNotCase},
		{"another's schema", casedir.CaseFileName, "urn:preship:case:v1", "urn:else", nil},
		{"a state nobody has", casedir.CaseFileName, `"state": "done"`, `"state": "\u001b[31mdone"`, nil},
		{"a result of another shape", casedir.CaseFileName, `"serial": "7f3c21a9"`, `"serial": []`, nil},
		{"a verdict nobody gives", casedir.ReportName, `"verdict": "READY"`, `"verdict": "SPLENDID"`, nil},
		{"no report under the seal", casedir.ReportName, "", "", os.ErrNotExist},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := finishedCase(t, 1)
			file := filepath.Join(c.Dir(), test.file)
			b, err := os.ReadFile(file)
			must(t, err)
			changed := strings.Replace(string(b), test.old, test.new, 1)
			switch {
			case test.old == "":
				must(t, os.Remove(file))
			case changed == string(b):
				t.Fatalf("%s does not hold %q", test.file, test.old)
			default:
				must(t, os.WriteFile(file, []byte(changed), 0o600))
			}
			g, err := casedir.Look(c.Dir())
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("%+v, error %v, want %v", g, err, test.want)
			}
		})
	}
}

func TestLookMakesTextsReadable(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	sampleSteps(t, c, func(_ map[string]*report.StepRecord, h *report.Handset, _ *report.Accounts, _ *report.Reset, _ *report.Clean) {
		h.Model = new("M21\x1b[2J\u202e")
	})
	g, err := casedir.Look(c.Dir())
	must(t, err)
	if strings.ContainsAny(*g.Handset.Model, "\x1b\u202e") {
		t.Errorf("model %q", *g.Handset.Model)
	}
}
