package reset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preship/adb/handset"
	"preship/report"
)

// Way is one way to factory-reset a handset.
type Way struct {
	Name   string // as in --way and in the report
	Title  string
	Does   string // what happens, and what the person has to do
	Proof  string // the evidence that it happened
	Wipes  bool   // preship sends the wipe itself; else the person starts it
	fits   func(handset.Identity) (ok bool, why string)
	follow func(context.Context, *attempt) error
}

// Ways is the table of ways, best first.
//
// Broadcasts are not among them: Android answers one with success and does nothing,
// because the shell lacks the permission. Android's test harness mode, which
// leaves a handset in test mode, is for emulators and debuggable builds only.
var Ways = []*Way{
	{
		Name: "recovery", Title: "over the cable, by the recovery's assistant mode",
		Does:  "restarts the handset into its recovery, where you pick one menu entry; then formats the data and restarts it",
		Proof: "the recovery's own answer, from the same unit, and its leaving the bus",
		Wipes: true, fits: fitsRecovery, follow: recovery,
	},
	{
		Name: "settings", Title: "in the vendor's own settings, page by page",
		Does:  "opens About phone and tells you what to press on each page; presses it itself only with --drive",
		Proof: "the pages seen, its leaving the bus, and its not knowing this computer when it returns",
		fits:  fitsSettings, follow: settings,
	},
	{
		Name: benchName, Title: "by Android's test harness mode, for emulators",
		Does:  "erases an emulator or a debuggable build, which comes back set up and open to this computer",
		Proof: "its leaving the bus, and its having another Android ID when it returns",
		Wipes: true, fits: fitsBench, follow: bench,
	},
	{
		Name: "by-hand", Title: "by hand, in the handset's own settings",
		Does:   "you start the factory reset on the handset; preship only watches",
		Proof:  "its leaving the bus, and its not knowing this computer when it returns",
		fits:   func(handset.Identity) (bool, string) { return true, "any handset can be reset by hand" },
		follow: byHand,
	},
}

// Applies says whether the way can be gone with this handset, and why.
func (w *Way) Applies(id handset.Identity) (ok bool, why string) { return w.fits(id) }

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
func Choose(id handset.Identity) (w *Way, passedOver []string) {
	first := Ways[0]
	if ok, why := first.Applies(id); !ok {
		w, passedOver = first.Next(id)
		return w, append([]string{first.Name + ": " + why}, passedOver...)
	}
	return first, nil
}

func fitsRecovery(id handset.Identity) (bool, string) {
	switch {
	case id.Vendor == nil || !slices.Contains(id.Vendor.ResetWays, "recovery"):
		return false, "this vendor's recovery takes no command over the cable"
	case !id.ModDevice.Known() && !id.Codename.Known() && !id.CPUID.Known():
		return false, "nothing is known of the handset by which its recovery could be told from another's"
	}
	return true, "this vendor's recovery formats on command, also with a locked bootloader"
}

// Next returns the best way after this one for a handset, and why each one
// passed over does not fit; nil after the last.
func (w *Way) Next(id handset.Identity) (next *Way, passedOver []string) {
	for _, w := range Ways[slices.Index(Ways, w)+1:] {
		ok, why := w.Applies(id)
		if ok {
			return w, passedOver
		}
		passedOver = append(passedOver, w.Name+": "+why)
	}
	return nil, passedOver
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
