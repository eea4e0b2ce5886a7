package backup

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"time"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/plan"
)

// close ends a run: times of folders, manifest, and everything on disk.
func (j *job) close() error {
	var err error
	if j.listed {
		j.prune()
		j.meter.SetPhase(meter.PhaseWriting)
		if j.done {
			j.dateFolders()
			err = disk.Sync(j.root, j.keep.Written())
		}
		j.step("manifest")
		j.plan.NoteOlder()
		err = errors.Join(err, j.writeManifest())
	}
	if j.journal != nil {
		err = errors.Join(err, j.journal.Close())
	}
	return errors.Join(err, j.store.Close())
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

// dateFolders gives the folders the handset's times, now that nothing is put in
// them any more. A time the disk cannot hold is no loss worth stopping for.
func (j *job) dateFolders() {
	for i := range j.plan.Len() {
		if j.plan.Type(i) == manifest.TypeDir && j.plan.State(i) == plan.StateRecorded {
			t := time.Unix(j.plan.MTime(i), 0)
			_ = j.root.Chtimes(j.plan.InCase(i), t, t)
		}
	}
}

func (j *job) writeManifest() error {
	m := &manifest.Manifest{Head: manifest.Head{
		Schema: manifest.Schema, Salt: manifest.NewSalt(), Tool: tool(), Serial: j.link.Device().Serial(),
		Started: j.started.UTC().Truncate(time.Second), Finished: time.Now().UTC().Truncate(time.Second),
		Complete: j.done, Prove: j.prove, Roots: j.namedRoots(), Listing: append(append([]string{}, j.unknown...), j.notes...),
	}}
	if seal := j.store.Envelope(); seal != nil {
		m.Encryption = seal.Describe()
	}
	entries, n := j.plan.Entries()
	m.Tail.Entries = n
	m.Tail.Files, m.Tail.Bytes = j.plan.Tally()
	items, err := j.keep.Items()
	if err != nil {
		return err
	}
	m.Tail.Items, m.Tail.Rows = items, j.keep.Rows()
	return manifest.Write(j.root, m, entries)
}

// tool names the program that made a manifest.
func tool() string {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	return fmt.Sprintf("preship %s %s/%s", version, runtime.GOOS, runtime.GOARCH)
}
