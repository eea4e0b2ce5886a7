package reset

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
)

// ErrNoAssistant: the recovery's assistant mode was not reached.
var ErrNoAssistant = message.Error(message.Say("error.recovery-not-ready"), nil)

// Recognize asks a recovery in its assistant mode who it is, and returns the finding. The
// error is ErrOtherUnit for any handset but the identified one, or the connection's.
func Recognize(ctx context.Context, j *Job) ([]report.Finding, error) {
	a := newAttempt(j, report.Reset{})
	err := a.checkUnit(ctx)
	return a.out.Findings, errors.Join(err, a.lost)
}

// Leave restarts a handset that waits in the assistant mode of its recovery, erases
// nothing, and returns when the handset is back. The errors are those of Watch.
func Leave(ctx context.Context, j *Job) error {
	a := newAttempt(j, report.Reset{})
	a.say("guide.leave-recovery")
	limits := Limits{Leave: a.limits.Leave, Back: a.limits.Return, Settle: a.limits.Settle, Show: a.Owner.Wait, Leaving: wait.Restart, Coming: wait.Handset}
	_, err := Watch(ctx, a.Device, limits, a.restartAssistant, nil)
	return errors.Join(err, a.lost)
}

// recovery resets through the assistant mode of the vendor's stock recovery,
// which takes the command to format over the cable, on locked handsets too.
func recovery(ctx context.Context, a *attempt) error {
	if err := a.enterAssistant(ctx); err != nil {
		return err
	}
	if err := a.checkUnit(ctx); err != nil {
		return err
	}
	if err := a.Owner.Recheck(ctx); err != nil {
		return fmt.Errorf("%w: %w", err, message.Error(message.Say("guide.error.choose-reboot"), nil))
	}
	if err := a.format(ctx); err != nil {
		return err
	}
	return a.leaveAssistant(ctx)
}

// enterAssistant brings the handset into state sideload. The stock menu is not
// on the bus at all, so a handset that cannot be seen may be standing in it.
func (a *attempt) enterAssistant(ctx context.Context) error {
	state, err := a.Device.State(ctx)
	if err != nil {
		return err
	}
	var trigger func(context.Context) error
	if state == adb.StateDevice {
		trigger = func(ctx context.Context) error { return a.restart(ctx, handset.RebootRecovery, "recovery") }
	}
	if state == adb.StateAbsent || state == adb.StateDevice {
		menuOf(a.Identity).instruct(a)
		limits := Limits{Leave: a.limits.Leave, Back: a.limits.Assistant, Settle: a.limits.Settle, Show: a.Owner.Wait, Leaving: wait.Restart, Coming: wait.Menu}
		s, err := Watch(ctx, a.Device, limits, trigger, nil)
		if err != nil {
			if other := a.others(ctx); other != nil {
				return fmt.Errorf("%w: %w: %w", ErrNoAssistant, err, other)
			}
			return fmt.Errorf("%w: %w", ErrNoAssistant, err)
		}
		state = s.State
	}
	return a.awaitAssistant(ctx, state)
}

// awaitAssistant waits on from a state that is not yet sideload; a recovery may
// be on the bus before its assistant is.
func (a *attempt) awaitAssistant(ctx context.Context, state adb.State) error {
	if state == adb.StateRecovery {
		limited, cancel := context.WithTimeoutCause(ctx, a.limits.Assistant, ErrAway)
		defer cancel()
		defer a.wait(wait.Menu, a.limits.Assistant)()
		info, err := a.Device.WaitFor(limited, adb.StateSideload, adb.StateDevice, adb.StateUnauthorized)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNoAssistant, becauseOf(limited, err))
		}
		state = info.State
	}
	if state != adb.StateSideload {
		return fmt.Errorf("%w: %w", ErrNoAssistant, message.Error(message.Say("guide.error.state", "state", string(state)), nil))
	}
	return nil
}

// busTime bounds the question which handsets are on the bus.
const busTime = 10 * time.Second

// others returns an error that names a handset that is in its recovery while ours is
// not: the usual reason is the wrong cable. It is nil if there is no such handset.
func (a *attempt) others(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), busTime)
	defer cancel()
	all, err := a.Owner.Devices(ctx)
	if err != nil {
		return nil //nolint:nilerr // the error of the reset is the one to show
	}
	for _, d := range all {
		if d.State == adb.StateSideload && d.Serial != a.Device.Serial() {
			return message.Error(message.Say("guide.error.other-waiting", "serial", strconv.Quote(d.Serial)), nil)
		}
	}
	return nil
}

// afterRefusal is what to do when the recovery answered and did not format.
var afterRefusal = map[error]struct{ summary, remedy message.ID }{
	ErrFormatDisabled: {"reset.answer.refused", "reset.answer.refused.remedy"},
	ErrFormatFailed:   {"reset.answer.failed", "reset.answer.failed.remedy"},
}

// format sends the wipe, once. That it is about to be sent is on disk before,
// so that a run that dies here is not repeated by the next one.
func (a *attempt) format(ctx context.Context) error {
	if err := a.triggered(); err != nil {
		return message.Error(message.Say("error.nothing-wiped"), err)
	}
	a.say("guide.formatting")
	over := a.wait(wait.Format, handset.FormatData.Timeout)
	b, ref, err := a.service(ctx, handset.FormatData)
	over()
	answer, meaning := readFormat(b)
	if answer != "" {
		a.out.Answer = &answer
	}
	switch {
	case meaning == nil:
		a.find(check.ResetAnswer, report.StatusPass, "reset.answer.formatted", printed(answer, 300), ref)
		a.raise(report.RungFormatAnswered)
	case errors.Is(meaning, ErrFormatUnknown):
		if err != nil {
			meaning = fmt.Errorf("%w: %w", meaning, err)
		}
		why := strings.TrimPrefix(meaning.Error(), ErrFormatUnknown.Error()+": ")
		a.find(check.ResetAnswer, report.StatusUnknown, "reset.answer.unknown", printed(why, 300), ref)
	default:
		a.find(check.ResetAnswer, report.StatusFail, afterRefusal[meaning].summary, printed(answer, 300), ref)
		a.advise(afterRefusal[meaning].remedy)
	}
	a.keep()
	return meaning
}

// leaveAssistant restarts the formatted handset and watches it. It need not
// come back: after a reset USB debugging is off. One that is back in its recovery
// did not receive the restart, which is sent again.
func (a *attempt) leaveAssistant(ctx context.Context) error {
	a.say("guide.formatted")
	var s Sighting
	var err error
	for range 2 {
		s, err = a.watch(ctx, a.limits.Leave, a.restartAssistant)
		if err != nil || s.State != adb.StateSideload {
			break
		}
	}
	return a.judge(ctx, s, err)
}

// restartAssistant: a connection that breaks here is the handset restarting.
func (a *attempt) restartAssistant(ctx context.Context) error {
	if _, _, err := a.service(ctx, handset.Reboot); errors.Is(err, adb.ErrRefused) {
		return err
	}
	return nil
}

func (a *attempt) watch(ctx context.Context, leave time.Duration, trigger func(context.Context) error) (Sighting, error) {
	limits := Limits{Leave: leave, Back: a.limits.Return, Settle: a.limits.Settle, Show: a.Owner.Wait, Leaving: wait.Restart, Coming: wait.Return}
	if trigger == nil {
		limits.Leaving = wait.Start
	}
	return Watch(ctx, a.Device, limits, trigger, func() {
		a.leaving()
		if trigger == nil { // the person started it, and sees that preship noticed
			a.say("guide.left")
		}
	})
}

// leaving notes that the handset has left the bus.
func (a *attempt) leaving() {
	a.out.LeftAt, a.gone = a.now(), time.Now()
	a.keep()
}

// menu is what a vendor's stock recovery shows.
type menu struct {
	vendor string // of the handset table
	name   string
	entry  string // the entry that opens the assistant mode
}

// menus is the table of recoveries. The stock menu is not on the bus before the
// entry is picked, and restarts the system by itself when left idle without a cable.
var menus = []menu{
	{
		vendor: "Xiaomi", name: "Mi Recovery",
		entry: "Connect with MIAssistant", // spelled so on its English screen; its second or third line in other languages
	},
}

// menuOf returns the menu of a handset's vendor; the zero menu if it is unknown.
func menuOf(id handset.Identity) menu {
	for _, m := range menus {
		if id.Vendor != nil && m.vendor == id.Vendor.Name {
			return m
		}
	}
	return menu{}
}

// instruct asks the person to pick the entry.
func (m menu) instruct(a *attempt) {
	if m.entry == "" {
		a.instruct("guide.menu.unknown")
		return
	}
	a.instruct("guide.menu", "menu", m.name, "entry", m.entry, "keys", message.Say("guide.menu.keys"))
}
