package seal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/report/casedir"
	"preship/report/schema/schematest"
)

func TestVerifyWithPolicy(t *testing.T) {
	t.Parallel()
	dir := sealed(t, nil).Dir()
	p := mustPolicy(t, `,"rung":"observed-clean"`)
	if res := mustVerify(t, dir, VerifyOptions{Policy: &p}); res.Policy == nil || !res.Policy.Met || len(res.Policy.Rules) != 2 {
		t.Errorf("ruling %+v, want two rules, met", res.Policy)
	}
	if err := schematest.Conforms(t, "verified", mustMarshal(t, mustVerify(t, dir, VerifyOptions{Policy: &p}))); err != nil {
		t.Error(err)
	}
	changed := sealed(t, nil)
	text := strings.Replace(readFile(t, changed, casedir.ReportName), "observed-clean", "attested", 1)
	if err := os.WriteFile(filepath.Join(changed.Dir(), casedir.ReportName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if res := mustVerify(t, changed.Dir(), VerifyOptions{Policy: &p}); res.OK || res.Policy != nil {
		t.Errorf("a changed report has the ruling %+v", res.Policy)
	}
}
