package report

import (
	"slices"
	"strings"

	"preship/report/check"
)

// grounds are what a claim says of the job, as far as the findings of the case show
// it. The templates word each value.
type grounds struct {
	Saved    string // all, given, part, declined or none; "": nothing is said
	Reset    string // done, unproved or none; "": nothing is said
	Accounts string // out, in or unproved; "": nothing is said
	SIM, SD  string // out, said, seen or inside
}

func (r *Report) grounds(handed HandedOver) grounds {
	g := grounds{
		Saved: r.savedGround(), Reset: r.resetGround(), Accounts: r.accountsGround(),
		SIM: r.cardGround(check.InsideSIMNone, handed.SIMRemoved), SD: r.cardGround(check.InsideSDNone, handed.SDRemoved),
	}
	if r.Verdict == VerdictReady {
		return g
	}
	// While the job is not done, a claim promises nothing.
	for _, said := range []*string{&g.Saved, &g.Reset, &g.Accounts} {
		if slices.Contains([]string{"all", "given", "done", "out"}, *said) {
			*said = ""
		}
	}
	return g
}

// latest is the last finding of a check in any step.
func (r *Report) latest(id string) (f Finding, ok bool) {
	for _, s := range r.Steps {
		if found, here := s.Findings.ByID(id); here {
			f, ok = found, true
		}
	}
	return f, ok
}

// passed reports whether all of these checks were asked, and passed.
func (r *Report) passed(ids ...string) bool {
	for _, id := range ids {
		if f, ok := r.latest(id); !ok || f.Status != StatusPass {
			return false
		}
	}
	return true
}

// savedGround follows the backup's findings, and whether the proof still held before
// the handset was erased.
func (r *Report) savedGround() string {
	ready, asked := r.latest(check.ResetReadyBackup)
	switch {
	case asked && ready.Status == StatusSkipped:
		return "declined"
	case r.Backup == nil || r.Backup.Files.Saved == 0 && r.Backup.Files.Listed > 0:
		return "none"
	case r.Step(StepBackup).State != StepDone || asked && ready.Status != StatusPass || !r.passed(check.BackupComplete, check.BackupProved):
		return "part"
	}
	given := "all"
	for _, f := range r.Step(StepBackup).Findings {
		switch {
		case !strings.HasPrefix(f.ID, "backup.") || f.Status == StatusPass || f.Status == StatusSkipped:
		case f.Status == StatusWarn && f.Method != MethodAttested:
			given = "given" // what no computer is given, which the report names
		default:
			return "part" // a loss, accepted or not
		}
	}
	return given
}

func (r *Report) resetGround() string {
	switch {
	case r.Step(StepReset).State == StepDone && r.Rung.Enough():
		return "done"
	case r.Reset != nil && r.Reset.TriggeredAt != nil || r.Rung != RungNone:
		return "unproved"
	}
	return "none"
}

// accountsGround follows the check after the reset if it was made, else those before.
func (r *Report) accountsGround() string {
	before := []string{check.AccountMiSignedOut, check.AccountGoogleSignedOut, check.AccountOthers}
	after, seen := r.latest(check.CleanAccounts)
	switch {
	case seen && after.Status == StatusPass, !seen && r.passed(before...), seen && after.Status != StatusFail && r.passed(before...):
		return "out"
	case seen && after.Status == StatusFail:
		return "in"
	}
	for _, id := range before {
		if f, ok := r.latest(id); ok && !seen && (f.Status == StatusFail || f.Status == StatusWarn) {
			return "in"
		}
	}
	return "unproved"
}

// cardGround compares the form with what the handset saw.
func (r *Report) cardGround(check string, removed bool) string {
	f, ok := r.latest(check)
	switch {
	case ok && f.Status == StatusPass:
		return "out"
	case removed && ok && (f.Status == StatusWarn || f.Status == StatusFail):
		return "seen"
	case removed:
		return "said"
	}
	return "inside"
}
