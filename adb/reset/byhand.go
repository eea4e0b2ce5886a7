package reset

import (
	"context"

	"preship/adb"
)

// byHand watches a reset that the person starts on the handset.
func byHand(ctx context.Context, a *attempt) error {
	state, err := a.Device.State(ctx)
	if err != nil {
		return err
	}
	if state == adb.StateAbsent {
		return adb.ErrNoDevice // a handset that is not there cannot be seen to leave
	}
	if err := a.Owner.Recheck(ctx); err != nil {
		return err
	}
	if err := a.triggered(); err != nil {
		return err
	}
	a.instruct("guide.by-hand")
	s, err := a.watch(ctx, a.limits.ByHand, nil)
	return a.untriggerStayed(a.judge(ctx, s, err))
}
