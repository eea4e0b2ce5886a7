package backup

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"preship/backup/listing"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// lostRoots returns the storages of which no file is saved, or whose list is not
// complete. Such a loss is its own finding.
func (j *job) lostRoots() []listing.Storage {
	if !j.listed {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(j.roots), func(r listing.Storage) bool { return j.lostRoot(r).Empty() })
}

// lostRoot returns why no file of a storage is saved, or an empty sentence if one is. The
// owner's storage is lost too if no file of it is proved.
func (j *job) lostRoot(r listing.Storage) message.Sentence {
	if r.Skipped != "" {
		return r.Why
	}
	files, _ := j.plan.TallyWhere(r.Holds)
	switch {
	case !j.done || files.Listed == 0, j.preview && files.Unreadable < files.Listed:
		return message.Sentence{}
	case files.Saved+files.Changed == 0:
		return message.Say("backup.storage.why.unreadable")
	case r.Path == manifest.OwnerRoot && files.Proved == 0:
		return message.Say("backup.storage.why.not-proved")
	}
	return message.Sentence{}
}

// within reports whether one of the storages holds an entry.
func within(roots []listing.Storage, i uint32) bool {
	return slices.ContainsFunc(roots, func(r listing.Storage) bool { return r.Holds(i) })
}

// storages returns the finding about all storages except the owner's.
func (j *job) storages() report.Finding {
	f := report.Finding{ID: check.BackupStorage, Status: report.StatusPass, Method: report.MethodObserved}
	var lost []message.Sentence
	for _, r := range j.lostRoots() {
		if r.Path != manifest.OwnerRoot {
			lost = append(lost, j.sayRoot(r))
		}
	}
	f.See(message.Say("backup.storage.seen", "count", len(j.roots), "lost", fmt.Sprint(len(lost))))
	doubts := message.Join(message.Semicolon, j.doubts[:min(len(j.doubts), manifest.MaxNamed)]...)
	switch {
	case len(lost) > 0:
		f.Status = report.StatusFail
		says := message.Say("backup.storage.lost", "storages", message.Join(message.Comma, lost...))
		if !doubts.Empty() {
			says = message.Join(message.Stop, says, message.Say("backup.storage.doubts", "doubts", doubts))
		}
		f.Tell(says)
		f.Advise(message.Say("backup.storage.lost.remedy"))
	case !doubts.Empty():
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.storage.doubts", "doubts", doubts))
		f.Advise(message.Say("backup.storage.doubts.remedy"))
	case !j.listed:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.unfinished"))
	default:
		f.Tell(message.Say("backup.storage.listed"))
	}
	return f
}

// sayRoot names a storage, its user, and why no file of it is saved.
func (j *job) sayRoot(r listing.Storage) message.Sentence {
	why := j.lostRoot(r)
	if user := path.Base(r.Path); path.Dir(r.Path) == manifest.UsersRoot && strings.Trim(user, "0123456789") == "" {
		return message.Say("backup.storage.of-user", "path", r.Path, "user", user, "why", why)
	}
	return message.Say("backup.storage.named", "path", r.Path, "why", why)
}

// ownStorage returns the finding about the owner's storage.
func (j *job) ownStorage() report.Finding {
	f := report.Finding{ID: check.BackupStorageOwner, Status: report.StatusPass, Method: report.MethodObserved}
	i := slices.IndexFunc(j.roots, func(r listing.Storage) bool { return r.Path == manifest.OwnerRoot })
	var why message.Sentence
	if i >= 0 {
		why = j.lostRoot(j.roots[i])
		f.See(message.Say("backup.storage.owner.seen", "path", manifest.OwnerRoot, "count", j.roots[i].Names))
	}
	switch {
	case !why.Empty():
		f.Status = report.StatusFail
		f.See(message.Say("backup.storage.named", "path", manifest.OwnerRoot, "why", why))
		f.Tell(message.Say("backup.storage.owner.lost", "why", why))
		f.Advise(message.Say("backup.storage.owner.remedy"))
	case !j.listed || !j.done || i < 0:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.unfinished"))
	default:
		f.Tell(message.Say("backup.storage.owner.read"))
	}
	return f
}

// namedRoots returns the storages for the manifest.
func (j *job) namedRoots() []manifest.Root {
	roots := make([]manifest.Root, len(j.roots))
	for k := range j.roots {
		roots[k] = j.roots[k].Root
		if why := j.lostRoot(j.roots[k]); !why.Empty() {
			roots[k].Skipped, roots[k].Message = why.String(), &why
		}
	}
	return roots
}
