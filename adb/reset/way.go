package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/message"
)

// Way is one way to factory-reset a handset.
type Way struct {
	Name   string // as in --way and in the report
	Title  message.Sentence
	Does   message.Sentence // what happens, and what the person must do
	Asks   message.Sentence // what the person must do after the confirmation
	Proof  message.Sentence // the evidence that it happened
	Wipes  bool             // preship sends the wipe itself; else the person starts it
	fits   func(handset.Identity) (ok bool, why message.Sentence)
	follow func(context.Context, *attempt) error
}

// Ways is the table of ways, best first.
//
// Broadcasts are not among them: Android answers one with success and does nothing,
// because the shell lacks the permission. Android's test harness mode, which
// leaves a handset in test mode, is for emulators and debuggable builds only.
var Ways = []*Way{
	{
		Name: "recovery", Title: message.Say("way.recovery.title"),
		Does:  message.Say("way.recovery.does"),
		Asks:  message.Say("outlook.todo.way.recovery"),
		Proof: message.Say("way.recovery.proof"),
		Wipes: true, fits: fitsRecovery, follow: recovery,
	},
	{
		Name: "settings", Title: message.Say("way.settings.title"),
		Does:  message.Say("way.settings.does"),
		Asks:  message.Say("outlook.todo.way.settings"),
		Proof: message.Say("way.settings.proof"),
		fits:  fitsSettings, follow: settings,
	},
	{
		Name: benchName, Title: message.Say("way.bench.title"),
		Does:  message.Say("way.bench.does"),
		Asks:  message.Say("outlook.todo.way.bench"),
		Proof: message.Say("way.bench.proof"),
		Wipes: true, fits: fitsBench, follow: bench,
	},
	{
		Name: "by-hand", Title: message.Say("way.by-hand.title"),
		Does:   message.Say("way.by-hand.does"),
		Asks:   message.Say("outlook.todo.way.by-hand"),
		Proof:  message.Say("way.by-hand.proof"),
		fits:   func(handset.Identity) (bool, message.Sentence) { return true, message.Say("way.by-hand.fits") },
		follow: byHand,
	},
}

// Applies reports whether the way fits this handset, and why.
func (w *Way) Applies(id handset.Identity) (ok bool, why message.Sentence) { return w.fits(id) }

// WayNamed returns the row of that name.
func WayNamed(name string) (*Way, bool) {
	i := slices.IndexFunc(Ways, func(w *Way) bool { return w.Name == name })
	if i < 0 {
		return nil, false
	}
	return Ways[i], true
}

// Choose returns the best way for a handset, and why each better one in the
// table does not fit. There is always one: any handset can be reset by hand.
func Choose(id handset.Identity) (w *Way, passedOver []message.Sentence) {
	first := Ways[0]
	if ok, why := first.Applies(id); !ok {
		w, passedOver = first.Next(id)
		return w, append([]message.Sentence{first.passedOver(why)}, passedOver...)
	}
	return first, nil
}

func fitsRecovery(id handset.Identity) (bool, message.Sentence) {
	switch {
	case id.Vendor == nil || !slices.Contains(id.Vendor.ResetWays, "recovery"):
		return false, message.Say("way.recovery.no-command")
	case !id.OtherMaker.Empty():
		return false, message.Say("way.recovery.other-maker")
	case !id.ModDevice.Known() && !id.Codename.Known() && !id.CPUID.Known():
		return false, message.Say("way.recovery.no-number")
	}
	return true, message.Say("way.recovery.fits")
}

// Next returns the best way after this one for a handset, and why each one
// passed over does not fit; nil after the last.
func (w *Way) Next(id handset.Identity) (next *Way, passedOver []message.Sentence) {
	for _, w := range Ways[slices.Index(Ways, w)+1:] {
		ok, why := w.Applies(id)
		if ok {
			return w, passedOver
		}
		passedOver = append(passedOver, w.passedOver(why))
	}
	return nil, passedOver
}

// passedOver says why the way does not fit.
func (w *Way) passedOver(why message.Sentence) message.Sentence {
	return message.Join(message.Colon, message.AsIs(w.Name), why)
}

// Run resets the handset this way, or resumes an earlier run of the job.
// The Reset holds the observations, whatever the error; it is saved already.
//
// Once the wipe may have been sent, Run only watches, unless the job's Again
// says otherwise. A fresh run needs the job's Permit, and without it gives
// ErrNoPermit before anything is sent. Other errors are ErrNoAssistant,
// ErrOtherUnit, ErrFormatFailed, ErrFormatDisabled, ErrFormatUnknown,
// ErrFindDevice, ErrNotOn, ErrNotBench, ErrBenchRefused, ErrStayed, ErrNotReset,
// or those of the connection and of Save.
func (w *Way) Run(ctx context.Context, j *Job) (report.Reset, error) {
	if MayBeSent(j.Earlier) && !j.Again {
		return Resume(ctx, j)
	}
	a := newAttempt(j, report.Reset{Way: w.Name})
	if err := j.permitted(); err != nil {
		return a.out, err
	}
	err := w.follow(ctx, a)
	a.keep()
	return a.out, errors.Join(err, a.lost)
}

// permitted: the permit may name the handset by the serial it gives itself,
// which differs from adb's where it is reached over the network.
func (j *Job) permitted() error {
	serials := []string{j.Device.Serial(), j.Identity.Serial.Value}
	if j.Permit.serial == "" || !slices.Contains(serials, j.Permit.serial) {
		return fmt.Errorf("%s: %w", j.Device.Serial(), ErrNoPermit)
	}
	return nil
}

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
	way := routeOf(a.Identity)
	way.show(a)
	return a.watchPerson(ctx, func(ctx context.Context, leave time.Duration) (Sighting, error) {
		return a.watch(ctx, leave, nil)
	}, func(context.Context) { way.show(a) })
}
