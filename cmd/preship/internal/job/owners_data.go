package job

import (
	"context"
	"fmt"

	"preship/report"
	"preship/report/message"
	"preship/verify"
)

// ErrNotOwners: the handset shows another system or another user's space.
var ErrNotOwners = message.Error(message.Say("error.not-owners-data"), nil)

// repairMode checks whether the handset shows its owner's data or a temporary
// system. Where the handset does not say, --attest counts.
func (j *Job) repairMode(ctx context.Context) (report.Finding, error) {
	r := j.reader()
	f := verify.RepairMode(ctx, r, j.identity)
	if err := r.whole(ctx.Err()); err != nil {
		return f, err
	}
	said, err := j.attestations()
	if err != nil {
		return f, err
	}
	found := []report.Finding{f}
	verify.Attest(&report.Accounts{}, found, said)
	return found[0], nil
}

// ownersData returns errRefused for a handset that shows another system or another
// user's space: a copy of that saves nothing of its owner's. For a handset that does
// not say, it returns the finding and no error: the copy may be worth having, and
// the finding, which is no pass, keeps a reset from following.
func (j *Job) ownersData(ctx context.Context) (report.Findings, error) {
	f, err := j.repairMode(ctx)
	switch {
	case err != nil:
		return nil, err
	case f.Status == report.StatusFail:
		return report.Findings{f}, fmt.Errorf("%w: %w", errRefused, ErrNotOwners)
	case f.Status == report.StatusPass:
		return nil, nil
	}
	return report.Findings{f}, nil
}
