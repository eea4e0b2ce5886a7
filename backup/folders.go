package backup

import (
	"path"
	"time"

	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/backup/query"
	"preship/report/message"
)

// makeFolders creates every folder that the handset lists, with the empty ones.
func (j *job) makeFolders() {
	for _, r := range j.roots {
		if err := j.root.MkdirAll(manifest.Dir+path.Dir(r.Path), 0o700); err != nil {
			j.notes = append(j.notes, query.Reason(err))
		}
	}
	for i := range j.plan.Len() {
		if j.plan.Type(i) != manifest.TypeDir {
			continue
		}
		if err := j.store.Mkdir(j.plan.InCase(i)); err != nil {
			j.plan.Unheld(i, message.Join(message.Colon, message.Say("backup.why.disk-refused"), query.Reason(err)), false)
		}
	}
}

// prune removes the empty folders that moved copies leave. It runs after all files are
// received, which may need the folders.
func (j *job) prune() {
	for _, i := range j.plan.Moved() {
		for dir := path.Dir(j.plan.Aside(i)); dir != manifest.Dir && j.root.Remove(dir) == nil; {
			dir = path.Dir(dir)
		}
	}
}

// dateFolders sets the times of folders to the handset's, after all files are in them. It
// ignores a time that the disk cannot hold.
func (j *job) dateFolders() {
	for i := range j.plan.Len() {
		if j.plan.Type(i) == manifest.TypeDir && j.plan.State(i) == plan.StateRecorded {
			t := time.Unix(j.plan.MTime(i), 0)
			_ = j.root.Chtimes(j.plan.InCase(i), t, t)
		}
	}
}
