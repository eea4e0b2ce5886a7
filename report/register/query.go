package register

import (
	"context"
	"errors"
	"time"

	"preship/report"
)

// Filter chooses cases; its zero value chooses all.
type Filter struct {
	IMEI    string          // any of the handset's; six digits or more are its end
	Serial  string          // adb's or the retail serial number; six characters or more are its end
	Ticket  string          // the whole ticket number; upper and lower case are the same
	Since   time.Time       // worked on at this time or later
	Verdict *report.Verdict // "" is: not sealed
}

// List compares the register with the folders and returns the chosen cases, the
// one worked on last first. A register that turns out damaged is made again.
func (r *Register) List(ctx context.Context, now time.Time, f Filter) ([]Entry, error) {
	if _, err := r.Sync(ctx, now); err != nil {
		return nil, err
	}
	all, err := r.Cases(ctx, f)
	if !errors.Is(err, ErrDamaged) {
		return all, err
	}
	if err := r.replace(ctx, ErrDamaged); err != nil {
		return nil, err
	}
	if _, err := r.Sync(ctx, now); err != nil {
		return nil, err
	}
	return r.Cases(ctx, f)
}

// Cases returns the chosen cases as the register remembers them, the one worked on last
// first. In a register that desks share they are of all desks.
func (r *Register) Cases(ctx context.Context, f Filter) ([]Entry, error) {
	return r.store.Cases(ctx, f)
}
