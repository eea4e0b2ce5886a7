package seal

import (
	"bytes"
	"regexp"

	"preship/report"
	"preship/report/casedir"
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
var tokenText = regexp.MustCompile(`<code id="token">([A-Za-z0-9_.-]+)</code>`)

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
	html, ok := v.read(htmlName, casedir.MaxReportFile)
	if !ok {
		return
	}
	check.Compared = true
	token := ""
	if m := tokenText.FindSubmatch(html); m != nil {
		token = string(m[1])
	}
	for _, f := range []struct {
		name   string
		render func(*report.Report, string) ([]byte, error)
	}{{htmlName, p.HTML}, {pdfName, p.PDF}, {labelName, p.Label}} {
		if _, there := v.present[f.name]; !there || v.named(f.name) {
			continue
		}
		got, err := safefile.Read(v.in, f.name, casedir.MaxReportFile)
		if err != nil {
			check.Other = append(check.Other, f.name)
			continue
		}
		if want, err := f.render(v.report, token); err != nil || !bytes.Equal(got, want) {
			check.Other = append(check.Other, f.name)
		}
	}
	if _, there := v.present[htmlName]; there && len(check.Other) == 0 && !v.ownToken(token) {
		check.Other = append(check.Other, htmlName)
	}
}

// ownToken reports whether a code is about this report, and by its signer.
func (v *verifier) ownToken(text string) bool {
	h, t, input, sig, err := parseToken(text)
	return err == nil && h.Kid == v.result.Signer && t.Report == v.present[casedir.ReportName] && verifies(v.key, input, sig)
}
