package backup

import (
	"fmt"
	"time"

	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// items lists the kinds of data that are in no file.
var items = []string{"contacts", "sms", "mms", "calls", "calendar", "apps", "settings", "wifi"}

// proofWords name the ways to prove a copy.
var proofWords = map[manifest.Prove]message.ID{
	manifest.ProveHash: "backup.prove.hash", manifest.ProveReread: "backup.prove.reread", manifest.ProveSize: "backup.prove.size",
}

// result returns the result of the run so far. err is the error that ended it, or nil.
func (j *job) result(err error) report.Backup {
	b := report.Backup{Case: j.dir, Items: map[string]*int64{}}
	for _, name := range items {
		b.Items[name] = j.keep.Saved(name)
	}
	if j.listed {
		b.Files, b.Bytes = j.plan.Tally()
	}
	b.Findings = report.Findings{j.complete(b.Files, err), j.proved(b.Files), j.unreadable(), j.listing(), j.storages(), j.ownStorage(), j.kept()}
	b.Findings = append(b.Findings, j.keep.Findings()...)
	b.Findings = append(b.Findings, j.warnings...)
	if j.store != nil && j.store.Encrypted() {
		b.Findings = append(b.Findings, keyFinding(j.store.Envelope().Describe(), j.store.Envelope().Tried()))
	}
	b.Findings = append(b.Findings, j.leftOut()...)
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
	f.See(message.Say("backup.complete.seen", "saved", fmt.Sprint(n.Saved), "count", n.Listed, "changed", fmt.Sprint(n.Changed), "missing", fmt.Sprint(missing)))
	switch {
	case err != nil || !j.done:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.unfinished"))
		f.Advise(message.Say("backup.unfinished.remedy"))
	case n.Changed > 0:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.complete.changed", "count", n.Changed, "files", j.named(plan.StateChanged, plan.StateVanished)))
		f.Advise(message.Say("backup.complete.changed.remedy"))
	default:
		f.Tell(message.Say("backup.complete.saved", "count", n.Saved))
	}
	return f
}

func (j *job) proved(n report.Tally) report.Finding {
	f := report.Finding{ID: check.BackupProved, Status: report.StatusPass, Method: report.MethodObserved}
	f.See(message.Say("backup.proved.seen", "proved", fmt.Sprint(n.Proved), "count", n.Saved, "how", message.Say(proofWords[j.prove])))
	switch {
	case j.prove == manifest.ProveSize:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.proved.sizes-only"))
		f.Advise(message.Say("backup.proved.sizes-only.remedy"))
	case n.Proved < n.Saved:
		f.Status = report.StatusFail
		f.Tell(message.Say("backup.proved.missing", "count", n.Saved-n.Proved, "files", j.named(plan.StateSaved)))
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
	counts := func(i uint32) bool { return !j.plan.OfApp(i) && !within(lost, i) }
	refused := func(i uint32) bool { return counts(i) && !j.plan.IsUnheld(i) }
	n, _ := j.plan.TallyWhere(refused)
	says, advice := j.unheld(counts)
	f.See(message.Say("backup.unreadable.seen", "count", n.Unreadable))
	switch {
	case n.Unreadable > 0:
		f.Status = report.StatusFail
		f.Tell(message.Join(message.Stop, message.Say("backup.unreadable.files", "count", n.Unreadable, "files", j.plan.Named(refused, plan.StateUnreadable)), says))
		f.Advise(message.Join(message.Stop, message.Say("backup.unreadable.remedy"), advice))
	case !says.Empty():
		f.Status = report.StatusFail
		f.Tell(says)
		f.Advise(advice)
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
	f.See(message.Say("backup.listing.seen", "count", j.plan.Len(), "storages", message.Say("backup.count.storages", "count", len(j.roots))))
	switch {
	case len(j.notes) > 0:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.doubts", "doubts", message.Join(message.Semicolon, j.notes[:min(len(j.notes), manifest.MaxNamed)]...)))
		f.Advise(message.Say("backup.listing.doubts.remedy"))
	case !j.listed:
		f.Status = report.StatusUnknown
		f.Tell(message.Say("backup.listing.unfinished"))
	default:
		f.Tell(message.Say("backup.listing.complete"))
	}
	return f
}

// named names the first files of storages in those states, with their reasons.
func (j *job) named(states ...plan.State) message.Sentence {
	return j.plan.Named(func(i uint32) bool { return !j.plan.OfApp(i) }, states...)
}

// keyFinding returns the finding about the key of an encrypted backup. tried means that a
// secret key opened a file that is encrypted to these keys.
func keyFinding(m *manifest.Encryption, tried bool) report.Finding {
	f := report.Finding{ID: check.BackupKey, Status: report.StatusPass, Method: report.MethodObserved}
	f.See(message.Say("backup.key.seen", "count", m.Keys))
	switch {
	case m.Passphrase:
		f.Tell(message.Say("backup.key.passphrase-opens"))
		f.Advise(message.Say("backup.key.passphrase-opens.remedy"))
	case tried:
		f.Tell(message.Say("backup.key.opens"))
		f.Advise(message.Say("backup.key.opens.remedy"))
	default:
		f.Status = report.StatusWarn
		f.Tell(message.Say("backup.key.not-seen"))
		f.Advise(message.Say("backup.key.not-seen.remedy"))
	}
	return f
}
