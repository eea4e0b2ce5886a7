package backup

import (
	"strings"

	"preship/backup/disk"
	"preship/backup/manifest"
)

const earlierVersion = "an earlier version, proved when it was saved"

// keptEntry returns the entry of a manifest for what a line of the journal is about.
func keptEntry(r *disk.Record) manifest.Entry {
	return manifest.Entry{
		Path: r.Path, PathB64: r.PathB64, Host: r.Host, Type: manifest.TypeFile, Status: manifest.StatusKept,
		Size: r.Size, MTime: r.MTime, Ino: r.Ino, SHA256: r.SHA256, Stored: r.Stored, Reason: earlierVersion,
	}
}

// earlier returns the entry for the copy of an earlier run that i still has.
func (p *plan) earlier(i uint32) manifest.Entry {
	e := p.entry(i)
	e.Status, e.Reason = manifest.StatusKept, earlierVersion
	return e
}

// aside returns where an entry's copy lies as long as it may not take the place
// of a proved one.
func (p *plan) aside(i uint32) string {
	return disk.UnprovedDir + strings.TrimPrefix(p.host(i), manifest.Dir)
}

// lies returns where an entry's copy lies now.
func (p *plan) lies(i uint32) string {
	if p.at(i).marks&markAside != 0 {
		return p.aside(i)
	}
	return p.host(i)
}

// put returns where a copy that was just received is to go.
func (p *plan) put(i uint32) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.older[i]; ok {
		p.at(i).marks |= markAside
	}
	return p.lies(i)
}

// dropOlder forgets older versions that are not there any more.
func (p *plan) dropOlder(holds func(host string, size int64) bool) {
	for i, e := range p.older {
		if !holds(e.InCase(), e.DiskSize()) {
			delete(p.older, i)
		}
	}
}

// noteOlder says of every entry that is not proved that its older version is kept.
func (p *plan) noteOlder() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.older {
		reason := "the version proved earlier is kept"
		if why := p.reasons[i]; why != "" {
			reason = why + "; " + reason
		}
		p.note(i, reason)
	}
}

// isAside reports whether the copy of an entry is apart, because a proved older copy
// has its place.
func (p *plan) isAside(i uint32) bool { return p.at(i).marks&markAside != 0 }

// promoted enters that copies took the places of their older versions.
func (p *plan) promoted(files []uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range files {
		p.at(i).marks &^= markAside
		delete(p.older, i)
	}
	p.moved = append(p.moved, files...)
}
