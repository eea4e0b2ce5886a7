package page

import (
	"testing"

	"preship/report"
	"preship/report/casetest"
	"preship/report/intake"
	"preship/report/seal"
	"preship/report/trust"
)

// testSigner is the fingerprint of a signer.
const testSigner = "SHA256:fhFKTrZiuEaJRbpdThJeIHp5Gcj4U7/xpCbxQEPkNwk"

// token returns the text of the code on paper that a seal gives this report.
func token(t testing.TB, r *report.Report) (text string) {
	t.Helper()
	s, err := trust.NewSigner(casetest.Key(1))
	if err != nil {
		t.Fatal(err)
	}
	keep := func(_ *report.Report, token string) ([]byte, error) {
		text = token
		return nil, nil
	}
	bare := *r
	bare.Steps = nil // the answers that the steps rest on are in another case
	if err := seal.Seal(casetest.Case(t), bare, s, seal.Pages{HTML: keep, PDF: keep, Label: func(*report.Report, *intake.Form) ([]byte, error) { return nil, nil }}); err != nil {
		t.Fatal(err)
	}
	return text
}
