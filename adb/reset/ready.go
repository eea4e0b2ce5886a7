package reset

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// A handset that dies while it formats may not start again. From MinBattery
// percent on it may be reset; from LeastBattery on while it is being charged.
// Below that charging does not count: a handset on a computer's cable always
// says that it charges, and a recovery can draw more than the port gives.
const (
	MinBattery   = 30
	LeastBattery = 15
)

// Preconditions are what must hold at the moment of a reset.
type Preconditions struct {
	Case      report.Unit // the unit the job began with
	Connected report.Unit // the unit on the cable, read off it just now
	Reader    handset.Reader

	// Backup re-verifies the saved backup on its disk; nil error means proved.
	Backup func(context.Context) error
	// WithoutBackup is the owner's reason to do without; "" asks for the proof.
	WithoutBackup string

	// Changes looks on the handset for what the backup lacks. It is not asked
	// where the owner does without a backup.
	Changes func(context.Context) (Changes, error)

	// Locks looks again at what locks the handset. Every finding it returns must
	// pass, be a warning, or have its ID in Despite.
	Locks   func(context.Context) ([]report.Finding, error)
	Despite []string

	Now func() time.Time // nil is time.Now
}

// Changes are the contents of a handset that are not in its backup.
type Changes struct {
	Owners int64 // files that may be somebody's
	// Idle are logs, caches and thumbnails, which apps write whether or not anybody
	// touches the handset. No wait for them would end.
	Idle  int64
	Names message.Sentence // of some of them, the owner's first
	// Rows are new or changed contacts, messages, calls and events, a sentence for
	// each kind. Hidden are the kinds that the handset showed for the backup and does
	// not show now.
	Rows, Hidden []message.Sentence
}

// Ready asks the preconditions, of the handset itself wherever it can tell. It
// only reads. [Allow] refuses when any of its findings is fail or unknown.
func Ready(ctx context.Context, p Preconditions) []report.Finding {
	now := time.Now()
	if p.Now != nil {
		now = p.Now()
	}
	found := []report.Finding{p.unit(), p.backup(ctx), p.unchanged(ctx)}
	found = append(found, p.locks(ctx)...)
	found = append(found, p.battery(ctx))
	for i := range found {
		found[i].At = now.UTC().Truncate(time.Second)
	}
	return found
}

// ReadyAgain is [Ready] for a handset that waits in its recovery, which can tell
// nothing but who it is. The backup is checked again; the rest is as it was
// when the reset was confirmed first, without which nothing is ready.
func ReadyAgain(ctx context.Context, first []report.Finding, p Preconditions) []report.Finding {
	now := time.Now()
	if p.Now != nil {
		now = p.Now()
	}
	if len(first) == 0 {
		return nil
	}
	backup := p.backup(ctx)
	backup.At = now.UTC().Truncate(time.Second)
	found := slices.Clone(first)
	i := slices.IndexFunc(found, func(f report.Finding) bool { return f.ID == check.ResetReadyBackup })
	if i < 0 { // a list that lacks the backup proves none
		return append(found, backup)
	}
	found[i] = backup
	return found
}

// ReadyInRecovery is [ReadyAgain] before anything was sent to the recovery. Whether
// something is new on the handset cannot be seen there, so that its owner vouches that
// it was not started since the time of the first confirmation.
func ReadyInRecovery(ctx context.Context, first []report.Finding, since time.Time, p Preconditions) []report.Finding {
	ready := ReadyAgain(ctx, first, p)
	for i, f := range ready {
		if f.ID == check.ResetReadyUnchanged && f.Status != report.StatusSkipped && !blocks(f) {
			ready[i] = accepted(f, message.Say("reset.ready.unchanged.in-recovery", "time", since.Format(time.RFC3339), "finding", f.Sentence()))
		}
	}
	return ready
}

func (p Preconditions) unit() report.Finding {
	observed := message.Say("reset.seen.unit", "case", unitSeen(p.Case), "connected", unitSeen(p.Connected))
	switch {
	case !p.Case.Same(p.Connected), p.Case.SN != "" && p.Connected.SN != "" && p.Case.SN != p.Connected.SN:
		return finding(check.ResetReadyUnit, report.StatusFail, "reset.ready.unit.other", observed)
	case len(p.Case.IMEI) > 0 && len(p.Connected.IMEI) == 0, p.Case.SN != "" && p.Connected.SN == "" && len(p.Case.IMEI) == 0:
		// The adb serial alone is no proof: units of one model can share it.
		return finding(check.ResetReadyUnit, report.StatusUnknown, "reset.ready.unit.unknown", observed)
	}
	return finding(check.ResetReadyUnit, report.StatusPass, "reset.ready.unit.same", observed)
}

// unitSeen is [report.Unit.String] as a sentence.
func unitSeen(u report.Unit) message.Sentence {
	if len(u.IMEI) == 0 && u.SN == "" {
		return message.Say("reset.seen.serial", "number", u.Serial)
	}
	return message.AsIs(u.String())
}

// Since is the finding for an error of a Recheck: the precondition that no longer
// holds. That is the unit for an [ErrExchanged] or an [ErrSilent], else the backup.
func Since(err error) report.Finding {
	switch {
	case errors.Is(err, ErrSilent):
		return because(check.ResetReadyUnit, report.StatusUnknown, "reset.ready.unit.unknown", err)
	case errors.Is(err, ErrExchanged):
		return because(check.ResetReadyUnit, report.StatusFail, "reset.ready.unit.other", err)
	}
	return because(check.ResetReadyBackup, report.StatusFail, "reset.ready.backup.unproved", err)
}

// because is finding with an error for the observation.
func because(id string, status report.Status, summary message.ID, err error) report.Finding {
	return finding(id, status, summary, reason(err, 300))
}

func (p Preconditions) backup(ctx context.Context) report.Finding {
	if why := strings.TrimSpace(p.WithoutBackup); why != "" {
		f := finding(check.ResetReadyBackup, report.StatusSkipped, "reset.ready.backup.waived", message.English(why))
		f.Method = report.MethodAttested
		return f
	}
	if p.Backup == nil {
		return finding(check.ResetReadyBackup, report.StatusFail, "reset.ready.backup.nothing", unseen)
	}
	if err := p.Backup(ctx); err != nil {
		return because(check.ResetReadyBackup, report.StatusFail, "reset.ready.backup.unproved", err)
	}
	return finding(check.ResetReadyBackup, report.StatusPass, "reset.ready.backup.proved", unseen)
}

// see makes the names of changed files the observation, unless an error is.
func see(f *report.Finding, c Changes) {
	if !c.Names.Empty() {
		f.See(c.Names.Map(func(s string) string { return dump.Printable([]byte(s), 300) }))
	}
}

// unchanged asks for what came to the handset after the backup: a photo taken
// while its owner was asked to sign out is lost with everything else.
func (p Preconditions) unchanged(ctx context.Context) report.Finding {
	const id = check.ResetReadyUnchanged
	switch {
	case strings.TrimSpace(p.WithoutBackup) != "":
		return finding(id, report.StatusSkipped, "reset.ready.unchanged.no-backup", unseen)
	case p.Changes == nil:
		return finding(id, report.StatusUnknown, "reset.ready.unchanged.not-looked", unseen)
	}
	c, err := p.Changes(ctx)
	var f report.Finding
	switch {
	case err != nil:
		f = finding(id, report.StatusUnknown, "reset.ready.unchanged.unknown", reasonOr(err, ""))
	case len(c.Rows) > 0 && c.Owners > 0:
		all := message.Join(message.Comma, append(slices.Clone(c.Rows), message.Say("text.files", "count", c.Owners))...)
		f = told(id, report.StatusFail, message.Say("reset.ready.unchanged.new", "what", all), unseen)
	case len(c.Rows) > 0:
		f = told(id, report.StatusFail, message.Say("reset.ready.unchanged.new", "what", message.Join(message.Comma, c.Rows...)), unseen)
	case c.Owners > 0:
		f = told(id, report.StatusFail, message.Say("reset.ready.unchanged.files", "count", c.Owners), unseen)
	case len(c.Hidden) > 0:
		hidden := message.Join(message.Comma, c.Hidden...)
		f = told(id, report.StatusUnknown, message.Say("reset.ready.unchanged.hidden", "tables", hidden), unseen)
		f.Advise(message.Say("reset.ready.unchanged.hidden.remedy"))
	case c.Idle > 0:
		f = told(id, report.StatusWarn, message.Say("reset.ready.unchanged.idle", "count", c.Idle), unseen)
		f.Advise(message.Say("reset.ready.unchanged.idle.remedy"))
		see(&f, c)
		return f
	default:
		return finding(id, report.StatusPass, "reset.ready.unchanged.same", unseen)
	}
	see(&f, c)
	if slices.Contains(p.Despite, id) {
		f = accepted(f, message.Say("finding.accepted", "finding", f.Sentence()))
	}
	return f
}

// insidePrefix begins the IDs of things inside the handset that are not part
// of the repair. The owner is asked to take it out; the reset does not wait.
const insidePrefix = "inside."

func (p Preconditions) locks(ctx context.Context) []report.Finding {
	one := func(f report.Finding) []report.Finding { return []report.Finding{f} }
	if p.Locks == nil {
		return one(finding(check.ResetReadyLocks, report.StatusUnknown, "reset.ready.locks.not-looked", unseen))
	}
	all, err := p.Locks(ctx)
	var inside []message.Sentence
	var closed []message.Sentence
	var overridden []string
	asked := 0
	var firm *report.Finding // of a lock that --despite does not override
	for _, f := range all {
		switch {
		case strings.HasPrefix(f.ID, insidePrefix):
			if f.Status != report.StatusPass {
				inside = append(inside, f.Sentence())
			}
			continue
		case !blocks(f):
		case slices.Contains(p.Despite, f.ID) && !locks.Firm(f.ID):
			overridden = append(overridden, f.ID)
		default:
			if locks.Firm(f.ID) {
				firm = &f
			}
			closed = append(closed, message.Say("guide.check-status", "check", f.ID, "status", f.Status.Word()))
		}
		asked++
	}
	if err != nil || asked == 0 {
		return one(finding(check.ResetReadyLocks, report.StatusUnknown, "reset.ready.locks.unknown", reasonOr(err, "reset.seen.no-answer")))
	}
	found := one(p.judgeLocks(closed, overridden, asked))
	if firm != nil && firm.Remedy != "" {
		found[0].Tell(firm.Sentence())
		found[0].Advise(firm.Advised())
	}
	if len(inside) > 0 {
		f := finding(check.ResetReadyInside, report.StatusWarn, "reset.ready.inside.there", unseen)
		f.See(message.Join(message.Semicolon, inside...))
		found = append(found, f)
	}
	return found
}

func (p Preconditions) judgeLocks(closed []message.Sentence, overridden []string, asked int) report.Finding {
	switch {
	case len(closed) > 0:
		f := finding(check.ResetReadyLocks, report.StatusFail, "reset.ready.locks.locked", unseen)
		f.See(message.Join(message.Comma, closed...))
		return f
	case len(overridden) > 0:
		names := strings.Join(overridden, ", ")
		return accepted(finding(check.ResetReadyLocks, report.StatusFail, "reset.ready.locks.locked", message.AsIs(names)), message.Say("reset.ready.locks.despite", "locks", names))
	}
	return finding(check.ResetReadyLocks, report.StatusPass, "reset.ready.locks.clear", message.Say("reset.seen.checks", "count", asked))
}

func (p Preconditions) battery(ctx context.Context) report.Finding { return Battery(ctx, p.Reader) }

// Battery asks whether the battery lasts through a reset, as [Ready] does. The caller sets
// the time.
func Battery(ctx context.Context, r handset.Reader) report.Finding {
	line := handset.DumpBattery.Must()
	answer, err := handset.Ask(ctx, r, line)
	var b dump.Battery
	if err == nil {
		b, err = dump.ParseBattery(answer.Stdout)
	}
	if err != nil {
		return finding(check.ResetReadyBattery, report.StatusUnknown, "reset.ready.battery.unknown", reason(err, 200))
	}
	observed := message.Say("reset.seen.charge", "level", strconv.Itoa(b.Level))
	if b.Charging {
		observed = observed.As("reset.seen.charging")
	}
	f := finding(check.ResetReadyBattery, report.StatusPass, "reset.ready.battery.enough", observed)
	if b.Level < LeastBattery || b.Level < MinBattery && !b.Charging {
		f = finding(check.ResetReadyBattery, report.StatusFail, "reset.ready.battery.low", observed)
	}
	if answer.Ref != "" {
		f.Evidence = []string{answer.Ref}
	}
	return f
}

// reasonOr is the reason of an error, or without one a sentence; "" says nothing.
func reasonOr(err error, otherwise message.ID) message.Sentence {
	switch {
	case err != nil:
		return reason(err, 200)
	case otherwise == "":
		return unseen
	}
	return message.Say(otherwise)
}
