package cases

import (
	"path/filepath"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/message"
	"preship/report/register"
)

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// Standing returns where a case of a folder stands, and the next thing to do about it; empty
// if there is nothing to do.
func Standing(dir string, c register.Entry) (where, next message.Sentence) {
	folder := console.Quote(filepath.Join(dir, c.Path))
	in := ""
	if dir != "." {
		in = " --out " + console.Quote(dir)
	}
	switch c.Stand() {
	case register.StandGone:
		return message.Say("cases.stand.gone"), next
	case register.StandUnreadable:
		return message.Say("cases.stand.unreadable", "problem", c.Sentence()), next
	case register.StandOpen:
		return openAt(folder, c)
	case register.StandNotReady:
		return message.Say("cases.stand.not-ready"), message.Say("cases.next.show", "command", "preship report show "+folder)
	case register.StandReady:
		return message.Say("cases.stand.ready"), message.Say("cases.next.hand-back", "command", "preship cases handed-back"+in+" "+console.Quote(c.Path))
	case register.StandHandedBack:
		return message.Say("cases.stand.handed-back", "date", day(*c.Backup.HandedBack)), message.Say("cases.next.purge", "command", "preship cases purge"+in)
	case register.StandDeleting:
		return message.Say("cases.stand.deleting"), message.Say("cases.next.resume", "command", "preship cases purge"+in)
	}
	switch d := c.Backup.Deleted; {
	case d != nil && c.Backup.DeletedBy != c.Signer:
		return message.Say("cases.stand.deleted-by-other", "date", day(*d), "key", c.Backup.DeletedBy), next
	case d != nil:
		return message.Say("cases.stand.deleted", "date", day(*d)), next
	}
	return message.Say("cases.stand.closed"), next
}

// openAt says where a job that is not sealed stopped.
func openAt(folder string, c register.Entry) (where, next message.Sentence) {
	next = message.Say("cases.next.resume", "command", "preship prepare --case "+folder)
	for _, name := range report.Steps {
		switch s := c.Steps[name]; s {
		case report.StepDone:
		case report.StepRunning:
			return message.Say("cases.stand.running", "step", report.StepTitle(name)), next
		case report.StepNotRun, "":
			return message.Say("cases.stand.before", "step", report.StepTitle(name)), next
		default:
			return message.Say("cases.stand.at", "step", report.StepTitle(name), "state", s.Word()), next
		}
	}
	return message.Say("cases.stand.unsealed"), message.Say("cases.next.seal", "command", "preship report --case "+folder)
}
