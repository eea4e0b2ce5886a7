package backup

import (
	"fmt"
	"strings"

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
	f.Observed = fmt.Sprintf("%d files not listed any more, %d older versions", len(gone), len(older))
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
func nameKept(p *plan.Plan, files []uint32) string {
	var names, others []string
	for _, i := range files {
		list := &names
		if idle(string(p.Path(i))) {
			list = &others
		}
		if len(*list) == manifest.MaxNamed {
			continue
		}
		name := manifest.Display(string(p.Path(i)))
		if why := p.Reason(i); why != "" {
			name += " (" + why + ")"
		}
		*list = append(*list, name)
	}
	names = append(names, others[:min(len(others), manifest.MaxNamed-len(names))]...)
	if more := len(files) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
