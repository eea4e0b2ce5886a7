package saved

import (
	"fmt"

	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
)

// maxProblems is how many problems a person is told; --json has all.
const maxProblems = 50

// Restored prints how a restore went, for a script or for a person.
func Restored(c *console.Console, asJSON bool, res restore.Result, actions []restore.Action) error {
	e := answer{c}
	if asJSON {
		return e.PrintJSON(struct {
			restore.Result
			Actions []restore.Action `json:"actions"` // of a dry run
		}{res, actions})
	}
	for n, p := range res.Problems {
		if n == maxProblems {
			e.Printf("and %d more; --json names them all", len(res.Problems)-n)
			break
		}
		e.Printf("%s: %s", p.File, p.What)
	}
	e.tellMissing(res.Missing)
	e.tellCounts(res)
	e.tellContacts(res.Contacts)
	if res.DryRun {
		return nil
	}
	e.tellRest(res)
	return nil
}

// answer is the console that an answer is printed on.
type answer struct{ *console.Console }

// tellMissing names what the backup does not hold, beside files.
func (e answer) tellMissing(missing []manifest.Missing) {
	for n, m := range missing {
		if n == maxProblems {
			e.Printf("and %d more; --json names them all", len(missing)-n)
			break
		}
		which := m.ID
		switch {
		case m.ID == "":
			which = "all of them"
		case m.Name != "":
			which = m.Name + " (" + m.ID + ")"
		}
		e.Printf("not in the backup: %s: %s: %s", m.What, which, m.Why)
	}
}

// tellCounts says how much of each part there was; of a part that was not asked
// for, or that the backup has not, nothing.
func (e answer) tellCounts(res restore.Result) {
	sent, made, installed, proved := "sent", "made", "installed", true
	if res.DryRun {
		sent, made, installed, proved = "would be sent", "would be made", "would be installed", false
	}
	provedOf := func(n int64) string {
		if !proved {
			return ""
		}
		return fmt.Sprintf("; %d proved", n)
	}
	if res.Files > 0 {
		e.Printf("%s of %d %s, %s; %d are there already%s", amount.Count(int(res.Pushed), "file"), res.Files, sent, amount.Size(res.Bytes), res.Present, provedOf(res.Proved))
	}
	if res.Kept > 0 {
		e.Printf("%s among them kept from an earlier run of the backup", amount.Count(int(res.Kept), "file"))
	}
	if f := res.Folders; f.Wanted > 0 {
		e.Printf("%s of %d %s", amount.Count(int(f.Made), "folder"), f.Wanted, made)
	}
	if a := res.Apps; a.Wanted > 0 {
		e.Printf("%s of %d %s, %s; %d are there already, %d newer%s", amount.Count(int(a.Installed), "app"), a.Wanted, installed, amount.Size(a.Bytes), a.Present, a.Newer, provedOf(a.Proved))
	}
	if res.NotSaved > 0 && !res.DryRun {
		e.Printf("%s never came into the backup, and cannot come back", amount.Count(int(res.NotSaved), "file"))
	}
}

func (e answer) tellContacts(c restore.Contacts) {
	switch c.Status {
	case restore.ContactsPresent:
		e.Printf("%s in the address book already", amount.Count(int(c.Wanted), "contact"))
	case restore.ContactsOffered:
		e.Printf("%s would be opened on the handset, for you to import", amount.Count(int(c.Wanted), "contact"))
	case restore.ContactsImported:
		e.Printf("%s imported: every saved name is in the address book", amount.Count(int(c.Wanted), "contact"))
	case restore.ContactsUnknown:
		e.Printf("%s not seen in the address book: %s before, %s now", amount.Count(int(c.Wanted), "contact"), countOr(c.Before), countOr(c.After))
		if c.After == nil && !c.Denied {
			e.Sayf("    the handset did not say which contacts it has: look yourself")
		}
		if c.After == nil && c.Denied {
			e.Sayf("    this handset shows its contacts to no computer: look yourself, or turn on \"USB debugging (Security settings)\" in its developer options")
		}
		if c.File != "" {
			e.Sayf("    open %s in the handset's file manager, choose to import it, and run this again", c.File)
		}
	}
}

// tellRest says what a person still has to do.
func (e answer) tellRest(res restore.Result) {
	if res.MediaScan == "restart" {
		e.Sayf("restart the handset, and its gallery shows the pictures")
	}
	for _, dir := range res.LocalBackups {
		e.Sayf("the handset's own backup is back in %s: in its settings, open its backups and restore it. it holds what apps keep to themselves", dir)
	}
	for _, n := range res.NotRestored {
		e.Sayf("not put back: %s. saved in %s: %s", n.What, n.File, n.Instead)
	}
}

func countOr(n *int64) string {
	if n == nil {
		return "unknown"
	}
	return fmt.Sprint(*n)
}

// Would prints what a dry run would do.
func Would(c *console.Console, a restore.Action) {
	kept := ""
	if a.Kept {
		kept = ", kept from an earlier run"
	}
	c.Printf("would %s %s%s%s", a.Do, a.What, sizeAfter(a.Bytes), kept)
}

// sizeAfter returns a size in parentheses, or nothing for 0.
func sizeAfter(n int64) string {
	if n == 0 {
		return ""
	}
	return " (" + amount.Size(n) + ")"
}
