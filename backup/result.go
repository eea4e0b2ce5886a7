package backup

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// items are the kinds of data beside files.
var items = []string{"contacts", "sms", "mms", "calls", "calendar", "apps", "settings", "wifi"}

// tally counts the files of storage, and folders that could not be opened, since
// what is in those is lost as well. Other folders and specials hold no data.
func (p *plan) tally() (files, bytes report.Tally) {
	files, bytes = p.tallyWhere(func(i uint32) bool { return !p.ofApp(i) })
	files.Kept, bytes.Kept = p.tallyKept()
	return files, bytes
}

// ofApp reports whether an entry is a file of an app.
func (p *plan) ofApp(i uint32) bool { return i >= p.appsFrom && i < p.appsTo }

func (p *plan) tallyWhere(counts func(i uint32) bool) (files, bytes report.Tally) {
	for i := range uint32(p.count) {
		e := p.at(i)
		if !e.holdsData() || !counts(i) {
			continue
		}
		n := p.length(i)
		files.Listed, bytes.Listed = files.Listed+1, bytes.Listed+n
		switch e.state {
		case stateProved:
			files.Proved, bytes.Proved = files.Proved+1, bytes.Proved+n
			fallthrough
		case stateSaved:
			files.Saved, bytes.Saved = files.Saved+1, bytes.Saved+n
		case stateChanged, stateVanished:
			files.Changed, bytes.Changed = files.Changed+1, bytes.Changed+n
		case stateUnreadable:
			files.Unreadable, bytes.Unreadable = files.Unreadable+1, bytes.Unreadable+n
		}
	}
	return files, bytes
}

func (e *entry) holdsData() bool { return e.state != stateRecorded && e.state != stateKept }

// result is the backup as far as it came; err is what ended it early.
func (j *job) result(err error) report.Backup {
	b := report.Backup{Case: j.dir, Items: map[string]*int64{}}
	for _, name := range items {
		b.Items[name] = j.keep.Saved(name)
	}
	if j.listed {
		b.Files, b.Bytes = j.plan.tally()
	}
	b.Findings = report.Findings{j.complete(b.Files, err), j.proved(b.Files), j.unreadable(), j.listing(), j.storages(), j.ownStorage(), j.kept()}
	b.Findings = append(b.Findings, j.keep.Findings()...)
	b.Findings = append(b.Findings, j.warnings...)
	if j.store != nil && j.store.Encrypted() {
		b.Findings = append(b.Findings, keyFinding(j.store.Envelope().Describe(), j.store.Envelope().Tried()))
	}
	now := time.Now().UTC()
	for k := range b.Findings {
		b.Findings[k].At = now
		b.Findings[k].Evidence = []string{}
		if j.listed {
			b.Findings[k].Evidence = []string{manifest.Name}
		}
	}
	return b
}

func (j *job) complete(n report.Tally, err error) report.Finding {
	f := report.Finding{ID: check.BackupComplete, Status: report.StatusPass, Method: report.MethodObserved}
	missing := n.Listed - n.Saved - n.Changed - n.Unreadable
	f.Observed = fmt.Sprintf("%d of %d files saved, %d changed or vanished while being read, %d not reached", n.Saved, n.Listed, n.Changed, missing)
	switch {
	case err != nil || !j.done:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.unfinished"))
		f.Advise(message.Say("backup.unfinished.remedy"))
	case n.Changed > 0:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.complete.changed", "count", n.Changed, "files", j.named(stateChanged, stateVanished)))
		f.Advise(message.Say("backup.complete.changed.remedy"))
	default:
		f.Tell(message.Say("backup.complete.saved", "count", n.Saved))
	}
	return f
}

func (j *job) proved(n report.Tally) report.Finding {
	f := report.Finding{ID: check.BackupProved, Status: report.StatusPass, Method: report.MethodObserved}
	f.Observed = fmt.Sprintf("%d of %d saved files proved by %s", n.Proved, n.Saved, j.prove)
	switch {
	case j.prove == manifest.ProveSize:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.proved.sizes-only"))
		f.Advise(message.Say("backup.proved.sizes-only.remedy"))
	case n.Proved < n.Saved:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.proved.missing", "count", n.Saved-n.Proved, "files", j.named(stateSaved)))
		f.Advise(message.Say("backup.proved.missing.remedy"))
	case !j.done:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.unfinished"))
	case j.prove == manifest.ProveReread:
		f.Tell(message.Say("backup.proved.reread"))
	default:
		f.Tell(message.Say("backup.proved.hashed"))
	}
	return f
}

func (j *job) unreadable() report.Finding {
	f := report.Finding{ID: check.BackupUnreadable, Status: report.StatusPass, Method: report.MethodObserved}
	lost := j.lostRoots()
	counts := func(i uint32) bool { return !j.plan.ofApp(i) && !within(lost, i) }
	n, _ := j.plan.tallyWhere(counts)
	f.Observed = fmt.Sprintf("%d files or folders refused", n.Unreadable)
	switch {
	case n.Unreadable > 0:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.unreadable.files", "count", n.Unreadable, "files", j.plan.namedWhere(counts, stateUnreadable)))
		f.Advise(message.Say("backup.unreadable.remedy"))
	case !j.done:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.unfinished"))
	case len(lost) > 0:
		f.Tell(message.Say("backup.unreadable.clear-where-read"))
	default:
		f.Tell(message.Say("backup.unreadable.clear"))
	}
	return f
}

func (j *job) listing() report.Finding {
	f := report.Finding{ID: check.BackupListing, Status: report.StatusPass, Method: report.MethodObserved}
	f.Observed = fmt.Sprintf("%d names in %d storages", j.plan.count, len(j.roots))
	switch {
	case len(j.notes) > 0:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.doubts", "doubts", strings.Join(j.notes[:min(len(j.notes), manifest.MaxNamed)], "; ")))
		f.Advise(message.Say("backup.listing.doubts.remedy"))
	case !j.listed:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.unfinished"))
	default:
		f.Tell(message.Say("backup.listing.complete"))
	}
	return f
}

// named names the first files of storage in those states, with their reasons.
func (j *job) named(states ...state) string {
	return j.plan.namedWhere(func(i uint32) bool { return !j.plan.ofApp(i) }, states...)
}

func (p *plan) namedWhere(counts func(i uint32) bool, states ...state) string {
	var names []string
	more := 0
	for i := range uint32(p.count) {
		if e := p.at(i); !e.holdsData() || !counts(i) || !slices.Contains(states, e.state) {
			continue
		}
		if len(names) == manifest.MaxNamed {
			more++
			continue
		}
		name := manifest.Display(string(p.path(i)))
		if why := p.reasons[i]; why != "" {
			name += " (" + why + ")"
		}
		names = append(names, name)
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
