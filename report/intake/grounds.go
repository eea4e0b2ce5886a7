package intake

import (
	"slices"
	"strings"

	"preship/report"
	"preship/report/check"
)

// grounds are what a claim says of the job, as far as the findings of the case show
// it. The templates word each value.
type grounds struct {
	Saved    string // all, given, part, declined or "none"; "": the claim is silent
	Reset    string // done, unproved or "none"; "": the claim is silent
	Accounts string // out, in or unproved; "": the claim is silent
	SIM, SD  string // out, "said", seen or inside
}

// groundsOf collects the grounds of a report. While the job is not done, a claim
// promises nothing.
func groundsOf(r *report.Report, handed HandedOver) grounds {
	g := grounds{Saved: savedGround(r), Reset: resetGround(r), Accounts: accountsGround(r)}
	g.SIM, g.SD = CardGrounds(r, handed)
	if r.Verdict == report.VerdictReady {
		return g
	}
	for _, said := range []*string{&g.Saved, &g.Reset, &g.Accounts} {
		if slices.Contains([]string{"all", "given", "done", "out"}, *said) {
			*said = ""
		}
	}
	return g
}

// latest is the last finding of a check in any step.
func latest(r *report.Report, id string) (f report.Finding, ok bool) {
	for _, s := range r.Steps {
		if found, here := s.Findings.ByID(id); here {
			f, ok = found, true
		}
	}
	return f, ok
}

// passed reports whether all of these checks were asked, and passed.
func passed(r *report.Report, ids ...string) bool {
	for _, id := range ids {
		if f, ok := latest(r, id); !ok || f.Status != report.StatusPass {
			return false
		}
	}
	return true
}

// savedGround follows the backup's findings, and whether the proof still held before
// the handset was erased.
func savedGround(r *report.Report) string {
	ready, asked := latest(r, check.ResetReadyBackup)
	switch {
	case asked && ready.Status == report.StatusSkipped:
		return "declined"
	case r.Backup == nil || r.Backup.Files.Saved == 0 && r.Backup.Files.Listed > 0:
		return "none"
	case r.Step(report.StepBackup).State != report.StepDone || asked && ready.Status != report.StatusPass || !passed(r, check.BackupComplete, check.BackupProved):
		return "part"
	}
	given := "all"
	for _, f := range r.Step(report.StepBackup).Findings {
		switch {
		case !strings.HasPrefix(f.ID, "backup.") || f.Status == report.StatusPass || f.Status == report.StatusSkipped:
		case f.Status == report.StatusWarn && f.Method != report.MethodAttested:
			given = "given" // what no computer is given, which the report names
		default:
			return "part" // a loss, accepted or not
		}
	}
	return given
}

func resetGround(r *report.Report) string {
	switch {
	case r.Step(report.StepReset).State == report.StepDone && r.Rung.Enough():
		return "done"
	case r.Reset != nil && r.Reset.TriggeredAt != nil || r.Rung != report.RungNone:
		return "unproved"
	}
	return "none"
}

// accountsGround follows the check after the reset if it was made, else those before.
func accountsGround(r *report.Report) string {
	before := []string{check.AccountMiSignedOut, check.AccountGoogleSignedOut, check.AccountOthers}
	after, seen := latest(r, check.CleanAccounts)
	switch {
	case seen && after.Status == report.StatusPass, !seen && passed(r, before...), seen && after.Status != report.StatusFail && passed(r, before...):
		return "out"
	case seen && after.Status == report.StatusFail:
		return "in"
	}
	for _, id := range before {
		if f, ok := latest(r, id); ok && !seen && (f.Status == report.StatusFail || f.Status == report.StatusWarn) {
			return "in"
		}
	}
	return "unproved"
}

// cardGround compares the form with what the handset saw.
func cardGround(r *report.Report, check string, removed bool) string {
	f, ok := latest(r, check)
	switch {
	case ok && f.Status == report.StatusPass:
		return "out"
	case removed && ok && (f.Status == report.StatusWarn || f.Status == report.StatusFail):
		return "seen"
	case removed:
		return "said"
	}
	return "inside"
}

// CardGrounds returns where SIM and SD card are, as far as form and handset show it: "out"
// where the handset saw neither, "said" where the form alone says that it is taken out,
// "seen" where the handset contradicts that, and else "inside".
func CardGrounds(r *report.Report, handed HandedOver) (sim, sd string) {
	return cardGround(r, check.InsideSIMNone, handed.SIMRemoved), cardGround(r, check.InsideSDNone, handed.SDRemoved)
}
