package cases

import (
	"cmp"

	"preship/cmd/preship/internal/amount"
	"preship/report/message"
	"preship/report/register"
)

// handsetOf names a case's handset for a table.
func handsetOf(c register.Entry) message.Sentence {
	name := message.Say("cases.handset.unidentified")
	if said := cmp.Or(c.MarketName, c.Model); said != "" {
		name = message.AsIs(said)
	}
	if c.Emulated != nil && *c.Emulated {
		return message.Say("cases.handset.emulated", "handset", name)
	}
	return name
}

// numberOf returns the number that identifies the handset.
func numberOf(c register.Entry) string {
	if len(c.IMEI) > 0 {
		return c.IMEI[0]
	}
	return cmp.Or(c.SN, c.Serial, "-")
}

// heldIn returns how much of the owner's data is in a case.
func heldIn(c register.Entry) message.Sentence {
	switch {
	case !c.Gone && !c.Backup.Held && c.Backup.Somewhere():
		return message.Say("cases.held.archived")
	case c.Gone || !c.Backup.Held:
		return message.AsIs("-")
	case c.Backup.Bytes == nil:
		return message.Say("cases.held.some")
	}
	return amount.Bytes(*c.Backup.Bytes)
}

// Table writes the table of cases to standard output.
func (f *Folder) Table(all []register.Entry) {
	if len(all) == 0 {
		return
	}
	rows := [][]any{heads("cases.column.case", "cases.column.handset", "cases.column.number", "cases.column.verdict", "cases.column.updated", "cases.column.held", "cases.column.stand")}
	for _, c := range all {
		verdict := message.AsIs("-")
		if c.Verdict != "" {
			verdict = c.Verdict.Word()
		}
		when := "-"
		if !c.Updated.IsZero() {
			when = c.Updated.Local().Format("2006-01-02 15:04")
		}
		stands, next := f.source().Standing(c)
		rows = append(rows, []any{c.Path, handsetOf(c), numberOf(c), verdict, when, heldIn(c), message.Join(message.Semicolon, stands, next)})
	}
	f.Console.Table(rows)
}

// heads are the heads of columns.
func heads(ids ...message.ID) (row []any) {
	for _, id := range ids {
		row = append(row, message.Say(id))
	}
	return row
}
