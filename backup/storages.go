package backup

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"preship/backup/manifest"
	"preship/report"
)

// lostRoots are the storages of which nothing is saved, or which were not listed
// to their end. A loss of that size has an ID of its own.
func (j *job) lostRoots() []storage {
	if !j.listed {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(j.roots), func(r storage) bool { return j.lostRoot(r) == "" })
}

// lostRoot returns why nothing of a storage is saved, "" if something is. Of the
// owner's own storage something has to be proved too.
func (j *job) lostRoot(r storage) string {
	if r.Skipped != "" {
		return r.Skipped
	}
	files, _ := j.plan.tallyWhere(func(i uint32) bool { return i >= r.from && i < r.to })
	switch {
	case !j.done || files.Listed == 0:
		return ""
	case files.Saved+files.Changed == 0:
		return "nothing of it could be read"
	case r.Path == manifest.OwnerRoot && files.Proved == 0:
		return "not one of its saved files is proved"
	}
	return ""
}

// within reports whether an entry is of one of some storages.
func within(roots []storage, i uint32) bool {
	return slices.ContainsFunc(roots, func(r storage) bool { return i >= r.from && i < r.to })
}

// storages is the finding about every storage but the owner's own.
func (j *job) storages() report.Finding {
	f := report.Finding{ID: FindingStorage, Status: report.StatusPass, Method: report.MethodObserved}
	var lost []report.Sentence
	for _, r := range j.lostRoots() {
		if r.Path != manifest.OwnerRoot {
			lost = append(lost, j.sayRoot(r))
		}
	}
	f.Observed = fmt.Sprintf("%d storages, %d not read", len(j.roots), len(lost))
	doubts := strings.Join(j.unknown[:min(len(j.unknown), manifest.MaxNamed)], "; ")
	switch {
	case len(lost) > 0:
		f.Status = report.StatusFail
		says := report.Say("storages that could not be read and are not saved: %s", report.Join(", ", lost...))
		if doubts != "" {
			says = report.Join("; ", says, report.Say("the handset may have more storages than were looked at: %s", doubts))
		}
		f.Tell(says)
		f.Remedy = "switch to that user or space on the handset and move what you want to keep into the main one, then run the backup again on the same case; or accept the loss by name with --despite=backup.storage"
	case doubts != "":
		f.Status = report.StatusUnknown
		f.Tell(report.Say("the handset may have more storages than were looked at: %s", doubts))
		f.Remedy = "run the backup again on the same case; if it stays so, look what is stored there, and accept the loss by name with --despite=backup.storage"
	case !j.listed:
		f.Status = report.StatusUnknown
		f.Summary = "the handset was not listed to its end"
	default:
		f.Summary = "every storage the handset shows was listed"
	}
	return f
}

// sayRoot names a storage, whose it is, and why nothing of it is saved.
func (j *job) sayRoot(r storage) report.Sentence {
	why := j.lostRoot(r)
	if user := path.Base(r.Path); path.Dir(r.Path) == manifest.UsersRoot && strings.Trim(user, "0123456789") == "" {
		return report.Say("%s (the files of user %s: %s)", r.Path, user, report.Chain(why))
	}
	return report.Say("%s (%s)", r.Path, report.Chain(why))
}

// ownStorage says whether the owner's own storage was read at all.
func (j *job) ownStorage() report.Finding {
	f := report.Finding{ID: FindingOwnStorage, Status: report.StatusPass, Method: report.MethodObserved}
	i := slices.IndexFunc(j.roots, func(r storage) bool { return r.Path == manifest.OwnerRoot })
	why := ""
	if i >= 0 {
		why = j.lostRoot(j.roots[i])
		f.Observed = fmt.Sprintf("%s: %d names", manifest.OwnerRoot, j.roots[i].Names)
	}
	switch {
	case why != "":
		f.Status = report.StatusFail
		f.Observed = manifest.OwnerRoot + " " + why
		f.Tell(report.Say("the owner's own storage is not saved: %s", report.Chain(why)))
		f.Remedy = "unlock the handset, start it again, and run the backup again on the same case; to erase it without these files, say why with --without-backup"
	case !j.listed || !j.done || i < 0:
		f.Status = report.StatusUnknown
		f.Summary = "the backup did not come to its end"
	default:
		f.Summary = "the owner's own storage was read"
	}
	return f
}

// namedRoots are the storages as the manifest has them.
func (j *job) namedRoots() []manifest.Root {
	roots := make([]manifest.Root, len(j.roots))
	for k := range j.roots {
		roots[k] = j.roots[k].Root
		roots[k].Skipped = j.lostRoot(j.roots[k])
	}
	return roots
}
