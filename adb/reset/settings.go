package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

var (
	// ErrFindDevice: the handset could not turn Find Device off, and therefore
	// did not reset.
	ErrFindDevice = message.Error(message.Say("error.find-device-on"), nil)
	// ErrNotOn: the handset does not show its screen to this computer.
	ErrNotOn = message.Error(message.Say("error.not-at-home"), nil)
)

// settings shows the person the vendor's own reset, page by page, and watches.
// It is the only way in which the handset itself asks whether Find Device is
// off, and in which it clears the factory reset protection.
func settings(ctx context.Context, a *attempt) error {
	state, err := a.Device.State(ctx)
	if err != nil {
		return err
	}
	if state != adb.StateDevice {
		return fmt.Errorf("%w: %w", ErrNotOn, message.Error(message.Say("guide.error.state.reboot", "state", string(state)), nil))
	}
	if err := a.Owner.Recheck(ctx); err != nil {
		return err
	}
	if err := a.triggered(); err != nil {
		return err
	}
	g := &guide{attempt: a, language: languageOf(a.Identity.Locale.Value), drive: a.mayDrive(), route: routeOf(a.Identity)}
	if err := g.route.open(ctx, a); err != nil {
		return a.untrigger(err)
	}
	if g.route.about {
		a.say("guide.about")
	} else {
		g.route.show(a)
	}
	return a.watchPerson(ctx, func(ctx context.Context, leave time.Duration) (Sighting, error) {
		s, err := a.watchWith(ctx, leave, g.follow)
		g.found(err)
		return s, err
	}, func(ctx context.Context) {
		g.at = nil
		_ = g.route.open(ctx, a)
	})
}

// watchPerson watches for a reset that the person starts, until the time for it is over.
// A handset that comes back as it was did not reset: its cable was out, or it restarted.
// It is watched on, after again.
func (a *attempt) watchPerson(ctx context.Context, watch func(context.Context, time.Duration) (Sighting, error), again func(context.Context)) error {
	var back *report.Reset // the signs of it when it came back as it was
	for until := time.Now().Add(a.limits.ByHand); ; {
		before := a.out
		s, err := watch(ctx, time.Until(until))
		if errors.Is(err, ErrFindDevice) || errors.Is(err, ErrSince) {
			return a.untrigger(err)
		}
		err = a.judge(ctx, s, err)
		switch {
		case errors.Is(err, ErrStayed) && back != nil:
			a.out = *back
			return ErrNotReset
		case !errors.Is(err, ErrNotReset) || a.pressed || time.Until(until) <= 0:
			return a.untriggerStayed(err)
		}
		seen := a.out
		back, a.out = &seen, before
		a.keep()
		a.instruct("guide.came-back")
		again(ctx)
	}
}

// fitsSettings: the pages are known of one vendor only, and of one OS version.
func fitsSettings(id handset.Identity) (bool, message.Sentence) {
	if id.Vendor == nil || !slices.Contains(id.Vendor.ResetWays, "settings") {
		return false, message.Say("way.settings.no-pages")
	}
	return true, message.Say("way.settings.fits")
}

// mayDrive says whether preship presses the buttons itself. The vendor holds
// touches back unless a second switch for USB debugging is on.
func (a *attempt) mayDrive() bool {
	if !a.Drive {
		return false
	}
	if a.Identity.AdbInput.Value != "on" {
		a.say("guide.no-touch", "switch", label("usb_adb_input", languageOf(a.Identity.Locale.Value)))
		return false
	}
	return true
}

// untrigger takes back that the reset was triggered, for a handset that was
// seen not to have started one, and returns err.
func (a *attempt) untrigger(err error) error {
	a.out.TriggeredAt = nil
	return err
}

// untriggerStayed is untrigger for a handset that never left, unless the button
// that erases it was pressed.
func (a *attempt) untriggerStayed(err error) error {
	if errors.Is(err, ErrStayed) && !a.pressed {
		return a.untrigger(err)
	}
	return err
}

// watchWith watches for the handset to leave and return, with beside running
// until it leaves. An error of beside ends the watch and is returned.
func (a *attempt) watchWith(ctx context.Context, leave time.Duration, beside func(context.Context) error) (Sighting, error) {
	ctx, stop := context.WithCancelCause(ctx)
	here, left := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer stop(nil)
	defer left()
	work.Go(func() {
		if err := beside(here); err != nil {
			stop(err)
		}
	})
	limits := Limits{Leave: leave, Back: a.limits.Return, Settle: a.limits.Settle, Show: a.Owner.Wait, Leaving: wait.Start, Coming: wait.Return}
	return Watch(ctx, a.Device, limits, nil, func() {
		left()
		work.Wait() // from here on the attempt belongs to the watch again
		a.leaving()
	})
}

// found says which pages of the reset were seen.
func (g *guide) found(err error) {
	seen := message.Say("reset.seen.no-pages")
	if len(g.seen) > 0 {
		seen = message.Say("reset.seen.pages", "pages", namesOf(g.seen))
	}
	switch {
	case errors.Is(err, ErrFindDevice):
		g.find(check.ResetPages, report.StatusFail, "reset.pages.find-device", seen, g.refs...)
	case slices.Contains(g.seen, "Android's own reset") && g.at != nil && g.at.wrong:
		g.find(check.ResetPages, report.StatusWarn, "reset.pages.androids-own", seen, g.refs...)
	case slices.Contains(g.seen, "last warning"):
		g.find(check.ResetPages, report.StatusPass, "reset.pages.followed", seen, g.refs...)
	default:
		g.find(check.ResetPages, report.StatusWarn, "reset.pages.not-followed", seen, g.refs...)
	}
}
