package seal

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"slices"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/picture"
	"preship/report/safefile"
)

// PageCheck says whether the pages of a package are those that its report renders to. Who
// signed a package can have signed any page: the report is what counts.
type PageCheck struct {
	// Compared is false if another program made the pages: another version draws them
	// otherwise.
	Compared bool     `json:"compared"`
	MadeBy   string   `json:"made_by"`         // the program and its version, as the report names it
	Other    []string `json:"other,omitempty"` // the pages that are not of this report
}

// maxCompared is the most bytes of a report whose pages are drawn again.
const maxCompared = 4 << 20

// tokenText is where report.html has the text of the code on paper. It is drawn into each
// page, and only the signer could make it.
var tokenText = regexp.MustCompile(`<code id="token">([^<]*)</code>`)

// checkPages draws the pages again, if this program is the one that the report names.
func (v *verifier) checkPages() {
	p := v.options.Pages
	if p.HTML == nil || v.report == nil || !v.signed || v.named(htmlName) {
		return
	}
	made, here := v.report.Tool, v.options.Tool
	check := &PageCheck{MadeBy: made.Name + " " + made.Version}
	v.result.Pages = check
	if made.Name != here.Name || made.Version != here.Version || made.Commit != here.Commit || len(v.raw) > maxCompared {
		return
	}
	page, ok := v.read(htmlName, casedir.MaxReportFile)
	if !ok {
		return
	}
	var r report.Report // as it was drawn: v.report is tidied
	if err := json.Unmarshal(v.raw, &r); err != nil {
		return
	}
	check.Compared = true
	token := ""
	if m := tokenText.FindSubmatch(page); m != nil {
		token = html.UnescapeString(string(m[1]))
	}
	drawn := []drawnPage{
		{htmlName, func() ([]byte, error) { return p.HTML(&r, token) }},
		{pdfName, func() ([]byte, error) { return p.PDF(&r, token) }},
	}
	if in, ok := v.form(); ok {
		photo := func(file string) ([]byte, error) { return safefile.Read(v.in, file, picture.MaxBytes) }
		drawn = append(drawn,
			drawnPage{casedir.LabelName, func() ([]byte, error) { return p.Label(&r, in) }},
			drawnPage{casedir.FaultName, func() ([]byte, error) { return p.Fault(&r, in, photo, token) }})
	}
	for _, f := range drawn {
		if _, there := v.present[f.name]; !there || v.named(f.name) || f.name == casedir.FaultName && v.photoWithheld() {
			continue
		}
		want, err := f.draw()
		if err == nil {
			var got []byte
			if got, err = safefile.Read(v.in, f.name, casedir.MaxReportFile); err == nil && bytes.Equal(got, want) {
				continue
			}
		}
		check.Other = append(check.Other, f.name)
	}
	if len(check.Other) == 0 && !v.ownToken(token) {
		check.Other = append(check.Other, htmlName)
	}
}

type drawnPage struct {
	name string
	draw func() ([]byte, error)
}

// form returns the form that the papers were drawn from, nil without one. ok is false if
// the package had a form that is withheld or cannot be read.
func (v *verifier) form() (in *intake.Form, ok bool) {
	if _, signed := v.known[casedir.IntakeName]; !signed || v.report.Ticket == nil {
		return nil, !signed
	}
	b, err := safefile.Read(v.in, casedir.IntakeName, casedir.MaxReportFile)
	if err != nil || v.named(casedir.IntakeName) {
		return nil, false
	}
	form, err := intake.Parse(b)
	switch {
	case err != nil:
		return nil, false
	case form.Contradicts(v.report):
		return nil, true
	}
	return &form, true
}

// photoWithheld reports whether a picture that fault.pdf may show is not there.
func (v *verifier) photoWithheld() bool {
	return slices.ContainsFunc(v.result.Withheld, casedir.IsPhoto)
}

// ownToken reports whether a code is about this report, and by its signer.
func (v *verifier) ownToken(text string) bool {
	signed, err := signedPart(text)
	if err != nil {
		return false
	}
	h, t, input, sig, err := parseToken(signed)
	return err == nil && h.Kid == v.result.Signer && t.Report == v.present[casedir.ReportName] && verifies(v.key, input, sig)
}
