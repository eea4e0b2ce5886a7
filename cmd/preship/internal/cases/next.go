package cases

import (
	"fmt"
	"path/filepath"
	"time"

	"preship/cmd/preship/internal/console"
	"preship/report"
	"preship/report/register"
)

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// standing says in words where a case stands, and the next thing to do about it.
func standing(dir string, c register.Entry) (where, next string) {
	folder := console.Quote(filepath.Join(dir, c.Path))
	in := ""
	if dir != "." {
		in = " --out " + console.Quote(dir)
	}
	switch c.Stand() {
	case register.StandGone:
		return "gone: its folder was moved or deleted", ""
	case register.StandUnreadable:
		return "cannot be read: " + c.Problem, ""
	case register.StandOpen:
		return openAt(folder, c)
	case register.StandNotReady:
		return "not ready", "see: preship report show " + folder
	case register.StandReady:
		return "ready", "once the owner has the data: preship cases handed-back" + in + " " + console.Quote(c.Path)
	case register.StandHandedBack:
		return "data handed back on " + day(*c.Backup.HandedBack), "preship cases purge" + in + " deletes it here"
	case register.StandDeleting:
		return "deleting its data was interrupted", "preship cases purge" + in + " goes on"
	}
	if c.Backup.Deleted != nil {
		return "closed: data deleted on " + day(*c.Backup.Deleted), ""
	}
	return "closed: ready, and no data is held", ""
}

// openAt says where a job that is not sealed stopped.
func openAt(folder string, c register.Entry) (where, next string) {
	goOn := "go on: preship prepare --case " + folder
	for _, name := range report.Steps {
		switch s := c.Steps[name]; s {
		case report.StepDone:
		case report.StepRunning:
			return fmt.Sprintf("at %s, or interrupted there", name), goOn
		case report.StepNotRun, "":
			return "before " + name, goOn
		default:
			return fmt.Sprintf("%s: %s", name, s), goOn
		}
	}
	return "worked on since it was sealed", "seal it: preship report --case " + folder
}
