package console

import (
	"preship/cmd/preship/internal/outlook"
	"preship/report/message"
)

// Outlook writes to standard error what a job will meet, in few lines.
func (c *Console) Outlook(o outlook.Outlook) {
	c.outlook(o, []message.Sentence{message.Join(message.Stop, o.Found...)}, c.Sayf)
}

// PrintOutlook writes it to standard output.
func (c *Console) PrintOutlook(o outlook.Outlook) {
	c.outlook(o, o.Found, c.print)
}

func (c *Console) outlook(o outlook.Outlook, found []message.Sentence, line func(format string, args ...any)) {
	for _, s := range found {
		line("  %s", s)
	}
	if o.Stops() {
		c.heading(line, "outlook.title.blockers")
		for i, b := range o.Blockers {
			line("  %d. %s", i+1, b.Says)
			nextOf(b, line)
		}
		line("  %s", message.Say("outlook.stopped"))
		if o.Savable {
			line("  %s", message.Say("outlook.savable"))
			if cmd := commandOn(c.Case, c.Words(message.Say("outlook.savable"))); cmd != "" {
				line("    %s", cmd)
			}
		}
	}
	if len(o.Losses) > 0 {
		c.heading(line, "outlook.title.losses")
		for _, l := range o.Losses {
			line("  - %s", l.Says)
			nextOf(l, line)
		}
	}
	if len(o.Todo) > 0 && !o.Stops() {
		c.heading(line, "outlook.title.todo")
		for i, t := range o.Todo {
			line("  %d. %s", i+1, t.Says)
		}
	}
}

func (c *Console) heading(line func(format string, args ...any), id message.ID) {
	line("%s", Safe(c.Paint("1", c.Words(message.Say(id)))))
}

func nextOf(i outlook.Item, line func(format string, args ...any)) {
	if !i.Next.Empty() {
		line("    %s", i.Next)
	}
}
