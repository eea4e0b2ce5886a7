package verdict

import (
	"slices"
	"strings"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report/deletion"
	"preship/report/message"
	"preship/report/seal"
)

// statement prints the result of verifying a deletion statement alone.
func statement(c *console.Console, res seal.Result) {
	if !res.OK || len(res.Deletions) == 0 {
		c.Warn(message.Say("verified.bad", "path", res.Path))
		for _, p := range res.Problems {
			c.Print(defect(res.Path, p))
		}
		return
	}
	d := res.Deletions[0]
	first := message.ID("verified.deletion.good")
	if !d.Key.Trusted() {
		first = "verified.deletion.unknown"
	}
	c.Print(message.Say(first, "path", res.Path, "case", d.Stated.CaseID, "date", day(d.Stated.FinishedOn), "signer", signerName(d.Signer, d.Principal)))
	c.Sayf("  %s", d.Trust.Words())
	stated(c, d)
}

// deletions prints the deletion statements of a package that verifies.
func deletions(c *console.Console, res seal.Result) {
	this := res.Deletion()
	for i := range res.Deletions {
		if d := &res.Deletions[i]; d != this {
			c.Sayf("  %s", message.Say("verified.deletion.earlier", "file", d.File, "date", day(d.Stated.FinishedOn)))
		}
	}
	if this == nil {
		return
	}
	c.Sayf("  %s", message.Say("verified.data.deleted", "deleted", day(this.Stated.FinishedOn), "returned", day(this.Stated.HandedBackOn)))
	c.Sayf("  %s", message.Say("verified.deletion.signed", "file", this.File, "signer", signerName(this.Signer, this.Principal), "trust", this.Trust.Words()))
	stated(c, *this)
}

// stated prints a deletion statement and the limits of its proof.
func stated(c *console.Console, d seal.Deleted) {
	for _, at := range d.Stated.Places {
		id := message.ID("verified.deletion.place.folder")
		if at.Kind == deletion.Archive {
			id = "verified.deletion.place.archive"
		}
		where := message.Say(id, "count", at.Files, "size", amount.Bytes(at.Bytes), "address", at.Address)
		if at.Keys > 0 {
			where = message.Join(message.Semicolon, where, message.Say("verified.deletion.keys", "count", at.Keys))
		}
		c.Sayf("  %s", where)
	}
	if len(d.Stated.Remains) > 0 {
		c.Sayf("  %s", message.Say("verified.deletion.remains", "files", strings.Join(d.Stated.Remains, ", ")))
	}
	if d.OtherReport {
		c.Sayf("  %s", message.Say("verified.deletion.other-report"))
	}
	var open []message.Sentence
	for _, n := range deletion.NotProved {
		if slices.Contains(d.Stated.NotProved, n.Word) && !(n.Word == deletion.Clock && d.Time != nil && d.Time.Trusted) {
			open = append(open, message.Say(n.Words))
		}
	}
	if len(open) > 0 {
		c.Sayf("  %s", message.Say("verified.deletion.not-proved", "what", message.List(open, 0)))
	}
}
