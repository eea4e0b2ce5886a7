package cases

import (
	"fmt"
	"text/tabwriter"

	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/report/register"
)

// handsetOf names a case's handset for a table.
func handsetOf(c register.Entry) string {
	name := c.MarketName
	if name == "" {
		name = c.Model
	}
	if name == "" {
		name = "not identified"
	}
	if c.Emulated != nil && *c.Emulated {
		name += ", EMULATED"
	}
	return name
}

// numberOf is what tells the handset from others of its kind.
func numberOf(c register.Entry) string {
	switch {
	case len(c.IMEI) > 0:
		return c.IMEI[0]
	case c.SN != "":
		return c.SN
	case c.Serial != "":
		return c.Serial
	}
	return "-"
}

// heldIn is how much of the owner's data lies in a case.
func heldIn(c register.Entry) string {
	switch {
	case c.Gone || !c.Backup.Held:
		return "-"
	case c.Backup.Bytes == nil:
		return "some"
	}
	return amount.Size(*c.Backup.Bytes)
}

// Table writes the table of cases to standard output.
func (f *Folder) Table(all []register.Entry) {
	if len(all) == 0 {
		return
	}
	w := tabwriter.NewWriter(f.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CASE\tHANDSET\tNUMBER\tVERDICT\tWORKED ON\tDATA HELD\tWHERE IT STANDS")
	for _, c := range all {
		verdict := string(c.Verdict)
		if verdict == "" {
			verdict = "-"
		}
		when := c.Updated.Local().Format("2006-01-02 15:04")
		if c.Updated.IsZero() {
			when = "-"
		}
		stands, next := standing(f.Dir, c)
		if next != "" {
			stands += "; " + next
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s", c.Path, handsetOf(c), numberOf(c), verdict, when, heldIn(c), stands))
	}
	_ = w.Flush() // standard output; whoever reads it may stop when they like
}
