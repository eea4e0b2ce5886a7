package saved

import (
	"fmt"

	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

// maxProblems bounds how many problems are printed; --json has all.
const maxProblems = 50

// Restored prints how a restore went, for a script or for a person.
func Restored(c *console.Console, asJSON bool, res restore.Result, actions []restore.Action) error {
	if asJSON {
		return c.PrintJSON(struct {
			restore.Result
			Actions []restore.Action `json:"actions"` // of a dry run
		}{res, actions})
	}
	teller{print: c.Print, note: func(s message.Sentence) { c.Sayf("    %s", s) }, say: c.Say}.tell(res)
	return nil
}

// Outcome returns how a restore went, in sentences, and what its person still has to do.
func Outcome(res restore.Result) (went, rest []message.Sentence) {
	take := func(s message.Sentence) { went = append(went, s) }
	teller{print: take, note: take, say: func(s message.Sentence) { rest = append(rest, s) }}.tell(res)
	return went, rest
}

func (e teller) tell(res restore.Result) {
	for n, p := range res.Problems {
		if n == maxProblems {
			e.print(message.Say("restore.more", "count", len(res.Problems)-n))
			break
		}
		e.print(message.Join(message.Colon, place(p.File), p.Sentence()))
	}
	e.tellMissing(res.Missing)
	e.tellCounts(res)
	e.tellContacts(res.Contacts)
	e.tellImports(res.Imports)
	if !res.DryRun {
		e.tellRest(res)
	}
}

// place names what a problem is about: a file or an app, or a whole part.
func place(name string) message.Sentence {
	switch name {
	case string(restore.PartApps):
		return message.Say("restore.part.apps")
	case string(restore.PartContacts):
		return message.Say("restore.part.contacts")
	case restore.MissingList:
		return message.Say("restore.part.missing")
	}
	return message.AsIs(name)
}

// answer is the console that an answer is printed on.
type answer struct{ *console.Console }

// teller is where it is said how a restore went: its lines, what explains one of them, and
// what remains to be done.
type teller struct{ print, note, say func(message.Sentence) }

// tellMissing names what the backup does not hold, beside files.
func (e teller) tellMissing(missing []manifest.Missing) {
	for n, m := range missing {
		if n == maxProblems {
			e.print(message.Say("restore.more", "count", len(missing)-n))
			break
		}
		what := message.AsIs(m.What)
		if m.Group != nil {
			what = message.Signed(m.Group.String(), m.Group)
		}
		which := message.AsIs(m.ID)
		switch {
		case m.ID == "":
			which = message.Say("restore.all")
		case m.Name != "":
			which = message.AsIs(m.Name + " (" + m.ID + ")")
		}
		e.print(message.Say("restore.missing", "what", what, "which", which, "why", message.Signed(m.Why, m.Message)))
	}
}

// tellCounts says how much of each part there was; of a part that was not asked
// for, or that the backup has not, nothing.
func (e teller) tellCounts(res restore.Result) {
	if res.Files > 0 && res.DryRun {
		e.print(message.Say("restore.files.would", "sent", fmt.Sprint(res.Pushed), "total", fmt.Sprint(res.Files), "size", amount.Bytes(res.Bytes), "present", fmt.Sprint(res.Present)))
	} else if res.Files > 0 {
		e.print(message.Say("restore.files", "sent", fmt.Sprint(res.Pushed), "total", fmt.Sprint(res.Files), "size", amount.Bytes(res.Bytes), "present", fmt.Sprint(res.Present), "proved", fmt.Sprint(res.Proved)))
	}
	if res.Kept > 0 {
		e.print(message.Say("restore.kept", "count", res.Kept))
	}
	if res.Undated > 0 {
		e.print(message.Say("restore.undated", "count", res.Undated))
	}
	if f := res.Folders; f.Wanted > 0 && res.DryRun {
		e.print(message.Say("restore.folders.would", "made", fmt.Sprint(f.Made), "total", fmt.Sprint(f.Wanted)))
	} else if f.Wanted > 0 {
		e.print(message.Say("restore.folders", "made", fmt.Sprint(f.Made), "total", fmt.Sprint(f.Wanted)))
	}
	if a := res.Apps; a.Wanted > 0 && res.DryRun {
		e.print(message.Say("restore.apps.would", "sent", fmt.Sprint(a.Installed), "total", fmt.Sprint(a.Wanted), "size", amount.Bytes(a.Bytes), "present", fmt.Sprint(a.Present), "newer", fmt.Sprint(a.Newer)))
	} else if a.Wanted > 0 {
		e.print(message.Say("restore.apps", "sent", fmt.Sprint(a.Installed), "total", fmt.Sprint(a.Wanted), "size", amount.Bytes(a.Bytes), "present", fmt.Sprint(a.Present), "newer", fmt.Sprint(a.Newer), "proved", fmt.Sprint(a.Proved)))
	}
	if res.NotSaved > 0 && !res.DryRun {
		e.print(message.Say("restore.not-saved", "count", res.NotSaved))
	}
}

func (e teller) tellContacts(c restore.Contacts) {
	switch c.Status {
	case restore.ContactsPresent:
		e.print(message.Say("restore.contacts.present", "count", c.Wanted))
	case restore.ContactsOffered:
		e.print(message.Say("restore.contacts.offered", "count", c.Wanted))
	case restore.ContactsImported:
		e.print(message.Say("restore.contacts.imported", "count", c.Wanted))
	case restore.ContactsUnknown:
		e.print(message.Say("restore.contacts.unknown", "count", c.Wanted, "before", countOr(c.Before), "after", countOr(c.After)))
		if c.After == nil && !c.Denied {
			e.note(message.Say("restore.contacts.look"))
		}
		if c.After == nil && c.Denied {
			e.note(message.Say("restore.contacts.denied"))
		}
		if c.File != "" {
			e.note(message.Say("restore.contacts.import", "file", c.File))
		}
	}
}

// importWords has the sentence for each state of a table.
var importWords = map[string]message.ID{
	restore.ImportPresent: "restore.import.present", restore.ImportImported: "restore.import.imported", restore.ImportWaiting: "restore.import.waiting",
	restore.ImportUnknown: "restore.import.unknown", restore.ImportOffered: "restore.import.offered",
}

// rowWords has the words for a number of rows of a table.
var rowWords = map[string]message.ID{"sms": "backup.count.sms", "mms": "backup.count.mms", "calls": "backup.count.calls"}

// tellImports says how many messages and calls are on the handset.
func (e teller) tellImports(imports []restore.Import) {
	for _, i := range imports {
		e.print(message.Say(importWords[i.Status], "rows", message.Say(rowWords[i.Table], "count", i.Wanted), "there", countOr(i.After)))
	}
}

// tellRest says what a person still has to do.
func (e teller) tellRest(res restore.Result) {
	if res.MediaScan == "restart" {
		e.say(message.Say("restore.restart"))
	}
	for _, dir := range res.LocalBackups {
		e.say(message.Say("restore.local-backup", "folder", dir))
	}
	for _, n := range res.NotRestored {
		e.say(message.Say("restore.not-restored", "what", n.Named, "file", n.File, "instead", n.Advice))
	}
}

func countOr(n *int64) message.Sentence {
	if n == nil {
		return message.Say("sheet.unknown")
	}
	return message.AsIs(fmt.Sprint(*n))
}

// Would returns in a sentence what a dry run would do.
func Would(a restore.Action) message.Sentence {
	do := map[string]message.ID{"make": "restore.do.make", "send": "restore.do.send", "install": "restore.do.install", "open": "restore.do.open"}[a.Do]
	what := message.AsIs(a.What)
	if a.Message != nil {
		what = *a.Message
	}
	would := message.Say("restore.would", "do", message.Say(do), "what", what)
	if a.Bytes != 0 {
		would = message.Say("restore.would.size", "would", would, "size", amount.Bytes(a.Bytes))
	}
	if a.Kept {
		would = message.Say("restore.would.kept", "would", would)
	}
	return would
}
