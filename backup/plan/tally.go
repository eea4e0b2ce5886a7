package plan

import (
	"maps"
	"slices"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/message"
)

// Tally counts the files of storages, and the folders that could not be opened,
// whose contents are lost too. Other folders and special files hold no data.
func (p *Plan) Tally() (files, bytes report.Tally) {
	files, bytes = p.TallyWhere(func(i uint32) bool { return !p.OfApp(i) })
	files.Kept, bytes.Kept = p.tallyKept()
	return files, bytes
}

// OfApp reports whether an entry is a file of an app.
func (p *Plan) OfApp(i uint32) bool { return i >= p.appsFrom && i < p.appsTo }

// TallyWhere counts the entries with data for which counts is true.
func (p *Plan) TallyWhere(counts func(i uint32) bool) (files, bytes report.Tally) {
	for i := range uint32(p.count) {
		e := p.at(i)
		if !e.holdsData() || !counts(i) {
			continue
		}
		n := p.Length(i)
		files.Listed, bytes.Listed = files.Listed+1, bytes.Listed+n
		switch e.state {
		case StateProved:
			files.Proved, bytes.Proved = files.Proved+1, bytes.Proved+n
			fallthrough
		case StateSaved:
			files.Saved, bytes.Saved = files.Saved+1, bytes.Saved+n
		case StateChanged, StateVanished:
			files.Changed, bytes.Changed = files.Changed+1, bytes.Changed+n
		case StateUnreadable:
			files.Unreadable, bytes.Unreadable = files.Unreadable+1, bytes.Unreadable+n
		}
	}
	return files, bytes
}

func (e *entry) holdsData() bool {
	return e.state != StateRecorded && e.state != StateKept && e.state != StateLeftOut
}

// LeaveOut settles the files that are not taken, but for those that an earlier run saved.
func (p *Plan) LeaveOut(takes func(i uint32) bool) {
	for i := range uint32(p.count) {
		e := p.at(i)
		if e.state == StateListed && manifest.TypeOf(e.mode) == manifest.TypeFile && !p.Reusable(i) && !takes(i) {
			p.Settle(i, StateLeftOut, message.Say("backup.why.left-out"))
		}
	}
}

// LeftOut counts the files of storages that were left out, with their sizes, and names the
// first.
func (p *Plan) LeftOut() (files, bytes int64, names message.Sentence) {
	var first []string
	for i := range uint32(p.count) {
		if p.at(i).state != StateLeftOut || p.OfApp(i) {
			continue
		}
		files, bytes = files+1, bytes+p.at(i).size
		if len(first) < manifest.MaxNamed {
			first = append(first, manifest.Display(string(p.Path(i))))
		}
	}
	return files, bytes, message.Named(first, int(files)-len(first))
}

// Named names the first entries in states for which counts is true, with their reasons,
// safe to print.
func (p *Plan) Named(counts func(i uint32) bool, states ...State) message.Sentence {
	var names []message.Sentence
	more := 0
	for i := range uint32(p.count) {
		if e := p.at(i); !e.holdsData() || !counts(i) || !slices.Contains(states, e.state) {
			continue
		}
		if len(names) == manifest.MaxNamed {
			more++
			continue
		}
		names = append(names, p.NameOf(i))
	}
	return message.List(names, more)
}

// NameOf names an entry with the reason for its state, safe to print.
func (p *Plan) NameOf(i uint32) message.Sentence {
	name := message.AsIs(manifest.Display(string(p.Path(i))))
	if why := p.reasons[i]; !why.Empty() {
		return message.Say("list.reasoned", "what", name, "why", why)
	}
	return name
}

// KeptFiles returns the files that the handset no longer lists, and those whose newer
// versions are not proved; both without the files of apps, whose paths change with every
// update.
func (p *Plan) KeptFiles() (gone, older []uint32) {
	for i := range uint32(p.count) {
		if p.at(i).state == StateKept && p.at(i).marks&markHostSum != 0 && !manifest.IsAPK(string(p.Path(i))) {
			gone = append(gone, i)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(p.older)) {
		switch {
		case manifest.IsAPK(string(p.Path(i))):
		case manifest.TypeOf(p.at(i).mode) == manifest.TypeFile || p.at(i).mode == 0:
			older = append(older, i)
		default: // the name is that of a folder now, or of a link
			gone = append(gone, i)
		}
	}
	return gone, older
}

// tallyKept counts the kept files.
func (p *Plan) tallyKept() (files, bytes int64) {
	gone, older := p.KeptFiles()
	for _, i := range slices.Concat(gone, older) {
		if e, ok := p.older[i]; ok {
			bytes += e.Size
		} else {
			bytes += p.Length(i)
		}
	}
	return int64(len(gone) + len(older)), bytes
}
