package backup

import (
	"errors"
	"io/fs"
	"path"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report/message"
)

// recall reads the journal and returns the entries whose copy of an earlier run may still
// be valid. The copies are read back before they count. Files that the handset no longer
// lists are added to the plan, so that the manifest keeps them.
func (j *job) recall() (reused []uint32, err error) {
	known := j.plan.Index()
	staged := map[uint32]*disk.Record{}
	var full error
	j.journal, err = disk.OpenJournal(j.root, func(rec *disk.Record) {
		if full != nil {
			return
		}
		if rec.Stored != nil && !j.store.Encrypted() {
			full = message.Detail(agefile.ErrKeyList, message.Say("error.detail.missing", "file", agefile.KeysName))
			return
		}
		i, ok := known.Find([]byte(rec.OnHandset()))
		if !ok {
			if i, full = j.plan.AddKept([]byte(rec.OnHandset())); full != nil {
				return
			}
			known.Add(i)
		}
		j.naming.Hold(rec.OnHandset(), rec.InCase())
		j.wasReread = j.plan.Recall(i, rec, j.prove) || j.wasReread
		if delete(staged, i); rec.Staged {
			staged[i] = rec
		}
	})
	if err != nil || full != nil {
		return nil, errors.Join(err, full)
	}
	if err := j.unstage(staged); err != nil {
		return nil, err
	}
	j.plan.DropOlder(j.store.Holds)
	for i := range j.plan.Len() {
		if !j.plan.Reusable(i) {
			continue
		}
		size, _ := j.plan.OnDisk(i)
		switch there := j.store.Holds(j.plan.InCase(i), size); {
		case there && j.closed(i):
			j.plan.ReadAgain(i)
		case there:
			reused = append(reused, i)
		default:
			j.plan.Drop(i)
		}
	}
	return reused, nil
}

// unstage finishes the moves of a run that was killed: it moves the copies of staged
// lines that are still apart. Then it writes the lines again, because another version
// may be put apart next.
func (j *job) unstage(staged map[uint32]*disk.Record) error {
	if len(staged) == 0 {
		return nil
	}
	var hosts []string
	for i, rec := range staged {
		host := j.plan.InCase(i)
		err := j.root.Rename(j.plan.Aside(i), host)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // if it is not there it was moved already
			return err
		}
		if j.store.Holds(host, rec.DiskSize()) {
			hosts = append(hosts, host)
		}
	}
	if err := j.store.SyncAll(j.root, hosts); err != nil {
		return err
	}
	for _, rec := range staged {
		rec.Staged = false
		if err := j.journal.Write(rec); err != nil {
			return err
		}
	}
	return j.journal.Sync()
}

// closed reports whether a copy of an earlier run is a local backup that cannot be checked
// without the key. It is copied from the handset again, and checked meanwhile.
func (j *job) closed(i uint32) bool {
	return j.store.Encrypted() && j.key == nil && manifest.IsLocalBackup(j.plan.Path(i))
}

// place assigns every entry its name on the computer, unless the file system holds all
// names of the handset.
func (j *job) place() error {
	if j.naming.Keeps() {
		return nil
	}
	known := j.plan.Index()
	for i := range j.plan.Len() {
		if j.plan.Placed(i) {
			continue
		}
		p := string(j.plan.Path(i))
		dir, name := path.Split(p)
		parent := manifest.Dir + path.Clean(dir)
		if up, ok := known.Find([]byte(path.Clean(dir))); ok {
			parent = j.plan.InCase(up)
		}
		file := j.plan.Type(i) == manifest.TypeFile
		j.plan.Place(i, j.naming.Assign(parent, name, p, file))
	}
	return nil
}
