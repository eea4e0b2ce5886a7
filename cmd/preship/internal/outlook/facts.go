package outlook

import (
	"fmt"
	"slices"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/amount"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// Facts are the answers of the handset, the computer and the person
// beforehand.
type Facts struct {
	Identity   handset.Identity
	Identified report.Findings // of step identify
	Battery    report.Finding
	Locks      report.Accounts
	Checked    report.Findings // of the locks
	// Preview is what a backup would save; nil: the backup is made, or nothing was listed.
	Preview *backup.Preview
	Saved   bool // the backup is made, and nothing stands against it
	// Lacks are the findings about what the backup lacks, or will lack.
	Lacks report.Findings
	// Dir is the folder that the case is in, or will be; empty if it is not known. Free is
	// the space on its disk, in bytes, negative if it is not known.
	Dir  string
	Free int64
	Way  *reset.Way
	Link Link
	// NoTouch: Android lists its input devices, and no touch screen among them.
	NoTouch bool
	// ScreenOff: Android says that the screen is off. A panel that stays dark while Android
	// calls it on shows nowhere.
	ScreenOff bool

	CanAsk   bool // somebody can answer questions
	Emulated bool
	// WithoutBackup: the handset is erased without a proved copy.
	WithoutBackup bool
	// Accepted reports whether a flag accepts the loss that a finding names.
	Accepted func(report.Finding) bool
	// Despite reports whether a flag overrides a check.
	Despite func(id string) bool
}

// Link is how the handset is connected.
type Link struct {
	Network  bool
	Megabits int // a second; 0: not known
}

// Outlook judges the facts.
func (f Facts) Outlook() Outlook {
	var o Outlook
	f.found(&o)
	f.judgeIdentity(&o)
	f.judgeBattery(&o)
	f.judgeLosses(&o)
	f.judgeSpace(&o)
	f.judgeLocks(&o)
	f.todoReset(&o)
	o.Savable = f.Preview != nil && !slices.ContainsFunc(o.Blockers, func(b Item) bool { return b.ID == check.BackupComplete })
	return o
}

// stands reports whether a finding is in the way of a READY report.
func stands(f report.Finding) bool {
	return f.Status == report.StatusFail || f.Status == report.StatusUnknown && check.Required(f.ID)
}

func (f Facts) found(o *Outlook) {
	if b := f.Identity.Battery; b.Known() && len(b.Items) == 1 {
		o.Found = append(o.Found, message.Say("outlook.battery", "percent", fmt.Sprint(b.Items[0].Level)))
	} else {
		o.Found = append(o.Found, message.Say("outlook.battery.unknown"))
	}
	switch {
	case f.Link.Network:
		o.Found = append(o.Found, message.Say("outlook.link.network"))
	case f.Link.Megabits > 0:
		o.Found = append(o.Found, message.Say("outlook.link", "speed", fmt.Sprint(f.Link.Megabits)))
	}
	if f.NoTouch {
		o.Found = append(o.Found, message.Say("outlook.no-touch"))
	}
	if f.ScreenOff {
		o.Found = append(o.Found, message.Say("outlook.screen-off"))
	}
	f.foundData(o)
	if f.Way != nil {
		o.Way = message.Say("outlook.way", "way", f.Way.Title)
	}
}

// Each file costs a request too, which the measured speed does not show: with so many
// files of so few bytes on average, that counts.
const (
	manyFiles = 1000
	smallFile = 1 << 20
)

// foundData says how much there is to save, whether it fits, and how long it takes.
func (f Facts) foundData(o *Outlook) {
	p := f.Preview
	if f.Saved {
		o.Found = append(o.Found, message.Say("outlook.saved-already"))
	}
	if p == nil {
		return
	}
	o.Found = append(o.Found, message.Say("outlook.data", "count", p.Files, "size", amount.Bytes(p.Bytes)))
	if p.Left < p.Bytes {
		o.Found = append(o.Found, message.Say("outlook.data.left", "size", amount.Bytes(p.Left)))
	}
	switch {
	case f.Dir == "":
	case f.Free < 0:
		o.Found = append(o.Found, message.Say("outlook.free.unknown"))
	default:
		o.Found = append(o.Found, message.Say("outlook.free", "free", amount.Bytes(f.Free)))
	}
	o.Takes = p.Pace.Time(p.Left).Round(time.Second)
	switch {
	case p.Pace.Bytes == 0:
		o.Found = append(o.Found, message.Say("outlook.time.unknown"))
	default:
		o.Takes = max(o.Takes, time.Second)
		says := message.ID("outlook.time")
		if p.Files > manyFiles && p.Bytes/p.Files < smallFile {
			says = "outlook.time.small"
		}
		o.Found = append(o.Found, message.Say(says, "time", amount.Span(o.Takes)))
	}
}

// judgeIdentity takes what identify found. No later step asks again, so
// these answers are in the report.
func (f Facts) judgeIdentity(o *Outlook) {
	for _, found := range f.Identified {
		if !stands(found) || f.Despite(found.ID) && !locks.Firm(found.ID) {
			continue
		}
		f.blockOrAsk(o, found)
	}
}

// Askable reports whether a person can be asked about a finding: the handset does not show
// it, and there is a place on its screen to look at.
func Askable(found report.Finding) bool {
	l := locks.ByID(found.ID)
	return stands(found) && found.Status == report.StatusUnknown && l != nil && l.Look != "" && slices.Contains(verify.Attestable(), found.ID)
}

// blockOrAsk enters a question for an unknown answer that a person's word can stand for,
// if somebody can be asked, and else a blocker.
func (f Facts) blockOrAsk(o *Outlook, found report.Finding) {
	if f.CanAsk && Askable(found) {
		if !slices.ContainsFunc(o.Todo, func(t Item) bool { return t.ID == found.ID }) {
			o.Todo = append(o.Todo, Item{
				ID: found.ID, Says: message.Say("outlook.todo.look", "check", check.Title(found.ID)),
				Next: found.Advised(), Flag: "--attest " + found.ID,
			})
		}
		return
	}
	if !slices.ContainsFunc(o.Blockers, func(b Item) bool { return b.ID == found.ID }) {
		o.Blockers = append(o.Blockers, itemOf(found))
	}
}

func (f Facts) judgeBattery(o *Outlook) {
	if f.Battery.Status == report.StatusFail || f.Battery.Status == report.StatusUnknown {
		b := itemOf(f.Battery)
		if f.Battery.Observed != "" && f.Battery.Status == report.StatusFail {
			b.Says = message.Say("job.seen", "finding", b.Says, "seen", f.Battery.Seen())
		}
		o.Blockers = append(o.Blockers, b)
	}
}

// judgeSpace compares the free space of the computer with the size of the backup.
func (f Facts) judgeSpace(o *Outlook) {
	if f.Preview == nil || f.Dir == "" || f.Free < 0 || f.Preview.Left+f.Preview.Spare <= f.Free {
		return
	}
	full := report.Finding{ID: check.BackupComplete, Status: report.StatusFail, Method: report.MethodObserved}
	full.Tell(message.Say("outlook.no-space", "folder", f.Dir, "free", amount.Bytes(f.Free), "need", amount.Bytes(f.Preview.Left+f.Preview.Spare)))
	full.Advise(message.Say("outlook.no-space.remedy"))
	full.Observed = fmt.Sprintf("%d bytes free, %d to copy", f.Free, f.Preview.Left)
	o.Blockers = append(o.Blockers, itemOf(full))
}
