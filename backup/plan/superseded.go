package plan

import (
	"strings"

	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/report/message"
)

// earlierVersion returns the reason of a kept file whose newer version is not proved.
func earlierVersion() message.Sentence { return message.Say("backup.why.earlier-version") }

// keptEntry returns the manifest's entry for a line of the journal.
func keptEntry(r *disk.Record) manifest.Entry {
	e := manifest.Entry{
		Path: r.Path, PathB64: r.PathB64, Host: r.Host, Type: manifest.TypeFile, Status: manifest.StatusKept,
		Size: r.Size, MTime: r.MTime, Ino: r.Ino, SHA256: r.SHA256, Stored: r.Stored,
	}
	e.Explain(earlierVersion())
	return e
}

// earlier returns the manifest's entry for the copy of an earlier run.
func (p *Plan) earlier(i uint32) manifest.Entry {
	e := p.entry(i)
	e.Status = manifest.StatusKept
	e.Explain(earlierVersion())
	return e
}

// Aside returns the path of a copy that may not replace a proved one yet.
func (p *Plan) Aside(i uint32) string {
	return disk.UnprovedDir + strings.TrimPrefix(p.InCase(i), manifest.Dir)
}

// CopyPath returns the path of the copy of an entry as it is now.
func (p *Plan) CopyPath(i uint32) string {
	if p.at(i).marks&markAside != 0 {
		return p.Aside(i)
	}
	return p.InCase(i)
}

// Put returns the path for a copy that was just received.
func (p *Plan) Put(i uint32) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.older[i]; ok {
		p.at(i).marks |= markAside
	}
	return p.CopyPath(i)
}

// OlderAt reports whether the older version of an entry has that path in the case.
func (p *Plan) OlderAt(i uint32, host string) bool {
	e, ok := p.older[i]
	return ok && e.InCase() == host
}

// DropOlder forgets older versions whose copies are gone.
func (p *Plan) DropOlder(holds func(host string, size int64) bool) {
	for i, e := range p.older {
		if !holds(e.InCase(), e.DiskSize()) {
			delete(p.older, i)
		}
	}
}

// NoteOlder adds to the reason of every superseded entry that its older version is kept.
func (p *Plan) NoteOlder() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.older {
		p.note(i, message.Join(message.Semicolon, p.reasons[i], message.Say("backup.why.earlier-kept")))
	}
}

// IsAside reports whether the copy of an entry is apart, because a proved older copy
// has its place.
func (p *Plan) IsAside(i uint32) bool { return p.at(i).marks&markAside != 0 }

// Promoted enters that copies took the places of their older versions.
func (p *Plan) Promoted(files []uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, i := range files {
		p.at(i).marks &^= markAside
		delete(p.older, i)
	}
	p.movedFiles = append(p.movedFiles, files...)
}

// Moved returns the entries whose newer versions took the places of proved ones.
func (p *Plan) Moved() []uint32 { return p.movedFiles }
