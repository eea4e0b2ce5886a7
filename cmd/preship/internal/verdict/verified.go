package verdict

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report/seal"
)

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// Verified prints the result of verifying one report.
func Verified(c *console.Console, asJSON bool, v seal.Verified) error {
	res := v.Result
	if v.Err != nil {
		if !asJSON {
			return nil // told once, at the end
		}
		res.Problems = append(res.Problems, seal.Problem{What: v.Err.Error()})
	}
	if asJSON {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return console.WriteJSON(c.Out, b)
	}
	for _, p := range res.Problems {
		c.Printf("%s: %s: %s", res.Path, p.File, p.What)
	}
	if res.OtherHandset() {
		c.Warnf("%s is intact, and is not shown to be about the handset with IMEI %s: do not rely on it for that one", res.Path, res.IMEICheck.Given)
		return nil
	}
	if !res.OK {
		c.Warnf("%s does not verify: do not rely on it", res.Path)
		if noReport(res.Problems) {
			c.Sayf("  no report lies there: name the folder of a job, such as %s", filepath.Join(res.Path, "PS-…"))
		}
		return nil
	}
	verdict := string(res.Verdict)
	if res.Emulated {
		verdict += " (EMULATED, not a real handset)"
	}
	c.Printf("%s verifies: %s, signed by %s", res.Path, verdict, signerName(res.Signer, res.Principal))
	c.Sayf("  %s", res.Trust.Words())
	tellIMEI(c, res.IMEICheck)
	c.Ruling(res.Policy)
	for _, name := range res.Withheld {
		c.Sayf("  %s is withheld: it was left out or deleted, as personal data may be; its digest stays signed", name)
	}
	switch r := res.Retention; {
	case r == nil:
	case r.Deleted != nil:
		c.Sayf("  the data was deleted on %s by preship cases purge, after it was handed back on %s; the seal does not cover it", day(*r.Deleted), day(r.HandedBack))
	default:
		c.Sayf("  deleting the data began on %s and did not end; it is not looked at. preship cases purge goes on", day(*r.Deleting))
	}
	if by := res.Countersigned; by != nil {
		c.Sayf("  countersigned on %s by %s: %s", by.ReceivedOn.Format("2006-01-02"), signerName(by.Signer, by.Principal), string(by.Trust))
	}
	return nil
}

// NotThere returns why a report could not be looked at.
func NotThere(v seal.Verified) error {
	if errors.Is(v.Err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no such folder or file", v.Path)
	}
	return v.Err
}

// noReport says whether what does not verify was never a report.
func noReport(problems []seal.Problem) bool {
	missing := func(name string) bool {
		return slices.ContainsFunc(problems, func(p seal.Problem) bool { return p.File == name && p.Missing })
	}
	return missing("report.json") && missing("SHA256SUMS")
}

func signerName(fingerprint, principal string) string {
	if principal == "" {
		return fingerprint
	}
	return principal + " (" + fingerprint + ")"
}

// Paper prints the result of verifying the code on a paper.
func Paper(c *console.Console, asJSON bool, res seal.PaperResult) error {
	if asJSON {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return console.WriteJSON(c.Out, b)
	}
	for _, p := range res.Problems {
		c.Printf("code: %s", p)
	}
	if !res.OK {
		c.Warnf("the code does not verify: do not rely on this paper")
		return nil
	}
	verdict := string(res.Token.Verdict)
	if res.Token.Emulated {
		verdict += " (EMULATED, not a real handset)"
	}
	c.Printf("code of %s verifies: %s, IMEI %s, signed by %s", res.Token.ID, verdict, strings.Join(res.Token.IMEI, ", "), signerName(res.Signer, res.Principal))
	c.Sayf("  paper only, files not checked. report.json has SHA-256 %s", res.Token.Report)
	c.Sayf("  %s", res.Trust.Words())
	tellIMEI(c, res.IMEICheck)
	return nil
}

// tellIMEI says that a report is about the handset with the given IMEI.
func tellIMEI(c *console.Console, about *seal.IMEICheck) {
	if about != nil && about.Result == seal.IMEIMatch {
		c.Sayf("  it is about the handset with IMEI %s", about.Given)
	}
}
