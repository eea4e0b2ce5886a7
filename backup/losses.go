package backup

import (
	"crypto/sha256"
	"os"
)

// Losses holds what is missing in a backup, by the ID of the finding that names it:
// files, storages, and the complaints of listings.
type Losses map[string]Loss

// Loss is a set of lost things. It holds parts of hashes instead of names, since
// there may be millions.
type Loss map[[16]byte]bool

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
	l[finding][lossKey(name)] = true
}

func lossKey(name string) [16]byte {
	sum := sha256.Sum256([]byte(name))
	return [16]byte(sum[:16])
}

// Of returns the loss of a finding. It reports false for a finding whose losses are
// not listed one by one.
func (l Losses) Of(finding string) (Loss, bool) {
	switch finding {
	case FindingComplete, FindingProved, FindingUnreadable, FindingListing, FindingStorage:
		return l[finding], true
	}
	return nil, false
}

// ReadLosses reads the losses of a backup from the manifest of its case. The error is
// ErrNoBackup, ErrManifest, or one of reading the disk.
func ReadLosses(root *os.Root) (Losses, error) {
	l := Losses{}
	m, err := openManifest(root, func(e *Entry) error {
		switch name := e.path(); {
		case apkPath(name): // the finding about apps counts those
		case e.Status == StatusUnreadable:
			l.add(FindingUnreadable, name)
		case e.Status == StatusChanged, e.Status == StatusVanished, e.Status == StatusMissing:
			l.add(FindingComplete, name)
		case e.Status == StatusSaved:
			l.add(FindingProved, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range m.Roots {
		if r.Skipped != "" {
			l.add(FindingStorage, r.Path)
		}
	}
	for _, note := range m.Listing {
		l.add(FindingListing, note)
		l.add(FindingStorage, note)
	}
	return l, nil
}
