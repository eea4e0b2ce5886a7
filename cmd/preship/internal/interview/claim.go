package interview

import (
	"strings"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

// FirstClaim writes claim.txt, the first message to the maker or the seller, and returns
// it. It is nil once the handset of the case may have been erased: the claim is then made
// with the report.
func FirstClaim(c *casedir.Case, in intake.Form, tool report.Tool) ([]byte, error) {
	if erased, err := c.Erased(); erased || err != nil {
		return nil, err
	}
	r, err := c.Report(tool)
	if err != nil {
		return nil, err
	}
	text, err := intake.FirstClaim(in, &r)
	if err != nil {
		return nil, err
	}
	return text, c.WriteFile(casedir.ClaimName, text)
}

// Show shows the letter of a claim line by line. What the file says for the owner, below a
// line of dashes, is left to the file.
func Show(asker Asker, text []byte) {
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "----") {
			return
		}
		asker.Say(message.AsIs(strings.TrimRight(line, "\n")))
	}
}
