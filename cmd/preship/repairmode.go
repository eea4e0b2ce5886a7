package main

import (
	"context"
	"errors"
	"fmt"

	"preship/report"
	"preship/verify"
)

// errNotOwners: the handset shows another system or another user's space.
var errNotOwners = errors.New("the handset does not show its owner's data")

// repairMode asks whether the handset shows its owner's data now, or a temporary
// system in its place. Where the handset does not tell, its owner's word counts.
func (j *job) repairMode(ctx context.Context) (report.Finding, error) {
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

// ownersData refuses to go on with a handset that is seen not to show its owner's
// data: a copy of what it shows saves nothing of that. A handset that does not
// tell is let through, since what it shows may be worth saving; the finding is
// then not a pass, and no reset follows it.
func (j *job) ownersData(ctx context.Context) (report.Findings, error) {
	f, err := j.repairMode(ctx)
	switch {
	case err != nil:
		return nil, err
	case f.Status == report.StatusFail:
		return report.Findings{f}, fmt.Errorf("%w: %w", errRefused, errNotOwners)
	case f.Status == report.StatusPass:
		return nil, nil
	}
	return report.Findings{f}, nil
}
