package backup

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// keptFiles are the files that the handset does not list any more, and those whose
// newer versions are not proved; both without the files of apps, which get another
// path with every update.
func (p *plan) keptFiles() (gone, older []uint32) {
	for i := range uint32(p.count) {
		if p.at(i).state == stateKept && p.at(i).marks&markHostSum != 0 && !manifest.IsAPK(string(p.path(i))) {
			gone = append(gone, i)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(p.older)) {
		if !manifest.IsAPK(string(p.path(i))) {
			older = append(older, i)
		}
	}
	return gone, older
}

// tallyKept counts them.
func (p *plan) tallyKept() (files, bytes int64) {
	gone, older := p.keptFiles()
	for _, i := range gone {
		bytes += p.length(i)
	}
	for _, i := range older {
		bytes += p.older[i].Size
	}
	return int64(len(gone) + len(older)), bytes
}

// kept names the files that only an earlier run saved. A newer version that is not
// proved is a loss, and other findings fail for it; here the older version is named.
func (j *job) kept() report.Finding {
	f := report.Finding{ID: check.BackupKept, Status: report.StatusPass, Method: report.MethodObserved}
	if !j.listed {
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.unfinished"))
		return f
	}
	gone, older := j.plan.keptFiles()
	f.Observed = fmt.Sprintf("%d files not listed any more, %d older versions", len(gone), len(older))
	var says []message.Sentence
	if len(gone) > 0 {
		says = append(says, message.Say("backup.kept.gone", "count", len(gone), "files", j.plan.nameKept(gone)))
	}
	if len(older) > 0 {
		says = append(says, message.Say("backup.kept.superseded", "count", len(older), "files", j.plan.nameKept(older)))
	}
	if len(says) == 0 {
		f.Tell(message.Say("backup.kept.clear"))
		return f
	}
	f.Status = report.StatusWarn
	f.Tell(message.Join(message.Semicolon, says...))
	f.Advise(message.Say("backup.kept.remedy"))
	return f
}

// nameKept names the first of some files, the owner's before those that apps write
// by themselves.
func (p *plan) nameKept(files []uint32) string {
	var names, others []string
	for _, i := range files {
		list := &names
		if idle(string(p.path(i))) {
			list = &others
		}
		if len(*list) == manifest.MaxNamed {
			continue
		}
		name := manifest.Display(string(p.path(i)))
		if why := p.reasons[i]; why != "" {
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
