package backup

import (
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// kept returns the finding about files that only an earlier run saved. If a newer version
// is not proved, other findings name that loss, and this one names the older version.
func (j *job) kept() report.Finding {
	f := report.Finding{ID: check.BackupKept, Status: report.StatusPass, Method: report.MethodObserved}
	if !j.listed {
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.unfinished"))
		return f
	}
	gone, older := j.plan.KeptFiles()
	f.See(message.Join(message.Comma, message.Say("backup.kept.gone.seen", "count", len(gone)), message.Say("backup.kept.superseded.seen", "count", len(older))))
	var says []message.Sentence
	if len(gone) > 0 {
		says = append(says, message.Say("backup.kept.gone", "count", len(gone), "files", nameKept(j.plan, gone)))
	}
	if len(older) > 0 {
		says = append(says, message.Say("backup.kept.superseded", "count", len(older), "files", nameKept(j.plan, older)))
	}
	if len(says) == 0 {
		f.Tell(message.Say("backup.kept.clear"))
		return f
	}
	f.Status = report.StatusWarn
	f.Tell(message.Join(message.Stop, says...))
	f.Advise(message.Say("backup.kept.remedy"))
	return f
}

// nameKept names the first files, the owner's before idle ones, with their reasons.
func nameKept(p *plan.Plan, files []uint32) message.Sentence {
	var names, others []message.Sentence
	for _, i := range files {
		list := &names
		if idle(string(p.Path(i))) {
			list = &others
		}
		if len(*list) == manifest.MaxNamed {
			continue
		}
		*list = append(*list, p.NameOf(i))
	}
	names = append(names, others[:min(len(others), manifest.MaxNamed-len(names))]...)
	return message.List(names, len(files)-len(names))
}
