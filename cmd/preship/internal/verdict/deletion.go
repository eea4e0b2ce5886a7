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
	c.Print(Statement(d, res.Path))
	c.Sayf("  %s", d.Trust.Words())
	sayAll(c, Stated(d))
}

// Statement says what a deletion statement alone says, and whether its key is known.
func Statement(d seal.Deleted, path string) message.Sentence {
	id := message.ID("verified.deletion.good")
	if !d.Key.Trusted() {
		id = "verified.deletion.unknown"
	}
	return message.Say(id, "path", path, "case", d.Stated.CaseID, "date", day(d.Stated.FinishedOn), "signer", signerName(d.Signer, d.Principal))
}

// Deletions says which data of a package that verifies was deleted, when, by whom, and the
// limits of its proof; nil if there is no deletion statement.
func Deletions(res seal.Result) []message.Sentence {
	var all []message.Sentence
	this := res.Deletion()
	for i := range res.Deletions {
		if d := &res.Deletions[i]; d != this {
			all = append(all, message.Say("verified.deletion.earlier", "file", d.File, "date", day(d.Stated.FinishedOn)))
		}
	}
	if this == nil {
		return all
	}
	all = append(all,
		message.Say("verified.data.deleted", "deleted", day(this.Stated.FinishedOn), "returned", day(this.Stated.HandedBackOn)),
		message.Say("verified.deletion.signed", "file", this.File, "signer", signerName(this.Signer, this.Principal), "trust", this.Trust.Words()))
	return append(all, Stated(*this)...)
}

// Stated says what a deletion statement states, and the limits of its proof.
func Stated(d seal.Deleted) []message.Sentence {
	var all []message.Sentence
	for _, at := range d.Stated.Places {
		id := message.ID("verified.deletion.place.folder")
		if at.Kind == deletion.Archive {
			id = "verified.deletion.place.archive"
		}
		where := message.Say(id, "count", at.Files, "size", amount.Bytes(at.Bytes), "address", at.Address)
		if at.Keys > 0 {
			where = message.Join(message.Semicolon, where, message.Say("verified.deletion.keys", "count", at.Keys))
		}
		all = append(all, where)
	}
	if len(d.Stated.Remains) > 0 {
		all = append(all, message.Say("verified.deletion.remains", "files", strings.Join(d.Stated.Remains, ", ")))
	}
	if d.OtherReport {
		all = append(all, message.Say("verified.deletion.other-report"))
	}
	var open []message.Sentence
	for _, n := range deletion.NotProved {
		if slices.Contains(d.Stated.NotProved, n.Word) && !(n.Word == deletion.Clock && d.Time != nil && d.Time.Trusted) {
			open = append(open, message.Say(n.Words))
		}
	}
	if len(open) > 0 {
		all = append(all, message.Say("verified.deletion.not-proved", "what", message.List(open, 0)))
	}
	return all
}

// sayAll prints sentences below the first line of a result.
func sayAll(c *console.Console, all []message.Sentence) {
	for _, s := range all {
		c.Sayf("  %s", s)
	}
}
