package seal

import (
	_ "embed"
	"strings"
	"text/template"

	"preship/report"
	"preship/report/trust"
)

//go:embed VERIFY.txt.tmpl
var howtoText string

var howto = template.Must(template.New(howName).Parse(howtoText))

// howToVerify is VERIFY.txt: how to check the package without preship.
func howToVerify(r *report.Report) ([]byte, error) {
	var b strings.Builder
	err := howto.Execute(&b, map[string]string{
		"ID": r.ID, "Signer": r.Signer, "Namespace": trust.Namespace, "PredicateType": PredicateType,
	})
	return []byte(b.String()), err
}
