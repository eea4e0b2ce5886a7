package verdict

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report/message"
	"preship/report/seal"
	"preship/report/trust"
)

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// Verified prints the result of verifying one report.
func Verified(c *console.Console, asJSON bool, v seal.Verified) error {
	res := v.Result
	if v.Err != nil {
		if !asJSON {
			return nil // printed once, at the end
		}
		res.Problems = append(res.Problems, problemOf("", v.Err))
	}
	if asJSON {
		b, err := json.Marshal(res)
		if err != nil {
			return err
		}
		return console.WriteJSON(c.Out, b)
	}
	if res.Statement {
		statement(c, res)
		return nil
	}
	first, good := headline(res)
	if !good {
		c.Warn(first)
		for _, p := range res.Problems {
			c.Print(defect(res.Path, p))
		}
		if noReport(res.Problems) {
			c.Sayf("  %s", message.Say("verified.no-report", "example", filepath.Join(res.Path, "PS-…")))
		}
		if res.OnlyKey() || res.OtherHandset() {
			about(c, res)
		}
		return nil
	}
	c.Print(first)
	if res.Key != trust.KeyExpired { // the first line says all that is known
		c.Sayf("  %s", res.Trust.Words())
	}
	about(c, res)
	tellIMEI(c, res.IMEICheck)
	c.Ruling(res.Policy)
	for _, name := range res.Withheld {
		c.Sayf("  %s", message.Say("verified.withheld", "file", name))
	}
	beside(c, res)
	sayAll(c, Deletions(res))
	if r := res.Retention; r != nil && r.Deleted == nil {
		c.Sayf("  %s", message.Say("verified.data.deleting", "date", day(*r.Deleting)))
	}
	for _, by := range res.Receipts {
		c.Sayf("  %s", message.Say("verified.countersigned", "date", by.ReceivedOn.Format("2006-01-02"), "signer", signerName(by.Signer, by.Principal), "trust", by.Trust.Words()))
	}
	return nil
}

// Doubtful reports whether a package that verifies is still not to be relied on: its key
// is not vouched for, or a newer package replaces it.
func Doubtful(res seal.Result) bool {
	return res.OK && (!res.Key.Trusted() || res.SupersededBy != "")
}

// headline says what may be done with a package, and whether it verifies.
func headline(res seal.Result) (first message.Sentence, good bool) {
	signer := signerName(res.Signer, res.Principal)
	keys := map[trust.Standing]message.ID{
		trust.KeyRevoked: "verified.key.revoked", trust.KeyExpired: "verified.key.expired", trust.KeyNotListed: "verified.key.not-listed",
		trust.KeyUnknown: "verified.key.unknown", trust.KeySeen: "verified.key.seen",
		trust.KeyExpiredLater: "verified.key.expired-later", trust.KeyRevokedLater: "verified.key.revoked-later",
	}
	id, doubt := keys[res.Key]
	switch {
	case res.OtherHandset():
		return message.Say("verified.other-handset", "path", res.Path, "imei", res.IMEICheck.Given), false
	case !res.OK && res.OnlyKey() && doubt:
		return message.Say(id, "path", res.Path, "verdict", word(res.Verdict, res.Emulated), "signer", signer), false
	case !res.OK:
		return message.Say("verified.bad", "path", res.Path), false
	case res.SupersededBy != "":
		return message.Say("verified.superseded", "path", res.Path, "newer", res.SupersededBy), true
	case doubt:
		return message.Say(id, "path", res.Path, "verdict", word(res.Verdict, res.Emulated), "signer", signer), true
	}
	return message.Say("verified.good", "path", res.Path, "verdict", word(res.Verdict, res.Emulated), "signer", signer), true
}

// about says what a clerk sorts packages by.
func about(c *console.Console, res seal.Result) {
	if res.Finished == nil {
		return
	}
	var what []string
	for _, s := range append([]string{res.ID, res.Model}, res.IMEI...) {
		if s != "" {
			what = append(what, s)
		}
	}
	c.Sayf("  %s", message.AsIs(strings.Join(what, " · ")))
	if res.Ticket != "" || res.RMA != "" {
		c.Sayf("  %s", message.Say("verified.ticket", "ticket", orDash(res.Ticket), "rma", orDash(res.RMA)))
	}
	dated := message.ID("verified.dated")
	if res.DatedBy == seal.ByStamp {
		dated = "verified.dated.stamped"
	}
	age := message.Say("verified.age.today")
	if *res.AgeDays > 0 {
		age = message.Say("verified.age", "count", *res.AgeDays)
	}
	c.Sayf("  %s", message.Say(dated, "date", day(*res.Finished), "age", age))
	if t := res.Time; t != nil {
		stamp := message.ID("verified.stamp.untrusted")
		switch {
		case res.DatedBy == seal.ByStamp:
			stamp = "verified.stamp.agrees"
		case t.Trusted:
			stamp = "verified.stamp.differs"
		}
		c.Sayf("  %s", message.Say(stamp, "time", t.At.UTC().Format("2006-01-02 15:04 UTC"), "authority", t.Authority))
	}
	if p := res.Pages; p != nil && len(p.Other) > 0 {
		c.Warn(message.Say("verified.pages.other", "files", strings.Join(p.Other, ", "), "program", p.MadeBy))
	} else if p != nil && !p.Compared {
		c.Sayf("  %s", message.Say("verified.pages.not-compared", "program", p.MadeBy))
	}
	if len(res.OtherKeys) > 0 {
		c.Sayf("  %s", message.Say("verified.second-key", "name", res.Principal, "keys", strings.Join(res.OtherKeys, ", ")))
	}
	if *res.AgeDays < 0 {
		c.Sayf("  %s", message.Say("verified.dated.future"))
	}
	if res.SameAs != "" {
		c.Sayf("  %s", message.Say("verified.same-as", "path", res.SameAs))
	}
	if res.Supersedes != nil {
		c.Sayf("  %s", message.Say("verified.supersedes", "digest", *res.Supersedes))
	}
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// beside names the files beside the package that are not signed.
func beside(c *console.Console, res seal.Result) {
	if len(res.Ignored) > 0 {
		c.Sayf("  %s", message.Say("verified.ignored", "files", strings.Join(res.Ignored, ", ")))
	}
	if len(res.Outside) > 0 {
		c.Sayf("  %s", message.Say("verified.outside", "files", strings.Join(res.Outside, ", ")))
	}
}

// NotThere returns why a report could not be looked at.
func NotThere(v seal.Verified) error {
	if errors.Is(v.Err, fs.ErrNotExist) {
		return message.Error(message.Say("verified.missing", "path", v.Path), nil)
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

// defect names the error of a file of a package, or of the whole package.
func defect(path string, p seal.Problem) message.Sentence {
	if p.File == "" {
		return message.Join(message.Colon, message.AsIs(path), p.Sentence())
	}
	return message.Join(message.Colon, message.AsIs(path), message.AsIs(p.File), p.Sentence())
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
	for _, p := range res.Sentences {
		c.Print(message.Say("verified.paper.problem", "problem", p))
	}
	if !res.OK {
		c.Warn(message.Say("verified.paper.bad"))
		return nil
	}
	c.Print(message.Say("verified.paper.good", "case", res.Token.ID, "verdict", word(res.Token.Verdict, res.Token.Emulated), "imei", strings.Join(res.Token.IMEI, ", "), "signer", signerName(res.Signer, res.Principal)))
	c.Sayf("  %s", message.Say("verified.paper.only", "digest", res.Token.Report))
	c.Sayf("  %s", res.Trust.Words())
	tellIMEI(c, res.IMEICheck)
	return nil
}

// tellIMEI says that a report is about the handset with the given IMEI.
func tellIMEI(c *console.Console, about *seal.IMEICheck) {
	if about != nil && about.Result == seal.IMEIMatch {
		c.Sayf("  %s", message.Say("verified.imei", "imei", about.Given))
	}
}
