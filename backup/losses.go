package backup

import (
	"os"

	"preship/backup/manifest"
	"preship/report/check"
)

// Losses holds the data that a backup lacks, by the ID of the finding that names it:
// files, storages, and notes of the listing.
type Losses map[string]Loss

// Loss is a set of lost things. It holds parts of hashes instead of names, since
// there may be millions.
type Loss manifest.PathSet

// Within reports whether another loss holds all of this one.
func (l Loss) Within(other Loss) bool {
	for name := range l {
		if !other[name] {
			return false
		}
	}
	return true
}

func (l Losses) add(finding, name string) {
	if l[finding] == nil {
		l[finding] = Loss{}
	}
	manifest.PathSet(l[finding]).Add(name)
}

// Of returns the loss of a finding. It reports false for a finding whose losses are
// not listed one by one.
func (l Losses) Of(finding string) (Loss, bool) {
	switch finding {
	case check.BackupComplete, check.BackupProved, check.BackupUnreadable, check.BackupListing, check.BackupStorage, check.BackupLeftOut:
		return l[finding], true
	}
	return nil, false
}

// ReadLosses reads the losses of a backup from the manifest of its case. The error is
// [manifest.ErrNoBackup], [manifest.ErrDamaged], or one of reading the disk.
func ReadLosses(root *os.Root) (Losses, error) {
	l := Losses{}
	m, err := manifest.Load(root, func(e *manifest.Entry) error {
		switch name := e.OnHandset(); {
		case manifest.IsAPK(name): // the finding about apps counts those
		case e.Status == manifest.StatusLeftOut:
			l.add(check.BackupLeftOut, name)
		case e.Status == manifest.StatusUnreadable:
			l.add(check.BackupUnreadable, name)
		case e.Status == manifest.StatusChanged, e.Status == manifest.StatusVanished, e.Status == manifest.StatusMissing:
			l.add(check.BackupComplete, name)
		case e.Status == manifest.StatusSaved:
			l.add(check.BackupProved, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range m.Roots {
		if r.Skipped != "" {
			l.add(check.BackupStorage, r.Path)
		}
	}
	for _, kind := range m.LeftOut {
		l.add(check.BackupLeftOut, kind)
	}
	for _, note := range m.Listing {
		l.add(check.BackupListing, note)
		l.add(check.BackupStorage, note)
	}
	return l, nil
}
