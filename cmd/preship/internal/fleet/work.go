package fleet

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"preship/adb"
	"preship/adb/link"
	"preship/cmd/preship/internal/job"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/register"
)

// Work is the whole job on one handset beside others.
type Work struct {
	Person job.Person
	// Job are the options of the job. Serial and Out say which case it resumes: the newest
	// of this handset.
	Job job.Options
	// Cases finds the case. Several jobs with one folder share it; nil is one of its own.
	Cases *register.Finder
	// Guide returns what a person does about a handset in a state other than ready.
	Guide func(adb.State) message.Sentence
	// Sealed writes what goes beside a sealed report, while its case is open. Its error
	// fails no job.
	Sealed func(*job.Job) error
	// Begun is called with the job before it does anything.
	Begun func(*job.Job)
}

// Prepare waits until the handset allows this computer, and does the whole job on it. The
// job is closed when it returns. A fault of preship's own is an error like any other.
func Prepare(ctx context.Context, host job.Host, client *adb.Client, w Work) (*job.Job, error) {
	opts := w.Job
	if w.Cases == nil {
		w.Cases = register.NewFinder(opts.Out)
	}
	dir, ready, err := job.Underway(w.Cases, opts.Serial)
	if dir != "" {
		opts.Dir, opts.Out, opts.LookAgain = dir, "", ready
	}
	j := job.New(host, w.Person, opts)
	w.Begun(j)
	defer j.Close()
	if err != nil {
		return j, err
	}
	err = guarded(j, func() error {
		return j.Within(ctx, func(ctx context.Context) error {
			if err := w.await(ctx, client, j, opts); err != nil {
				return err
			}
			return j.Prepare(ctx)
		})
	})
	if errors.Is(err, errBroke) && j.Case() != nil {
		// The report covers the job as far as it got.
		err = errors.Join(err, guarded(j, func() error { return j.Seal(context.WithoutCancel(ctx)) }))
	}
	if j.End().Sealed {
		if unwritten := w.Sealed(j); unwritten != nil {
			w.Person.Tell(job.Warned{Text: message.Say("start.unwritten", "file", casedir.StartName, "error", message.Of(unwritten))})
		}
	}
	j.Ended(ctx)
	return j, err
}

// guarded keeps a fault of preship's own in one job from the others. Where it
// happened is written beside the case, for whoever mends it.
func guarded(j *job.Job, fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errBroke, v)
			if c := j.Case(); c != nil {
				err = errors.Join(err, c.Keep("broke", fmt.Sprintf("%v\n%s", v, debug.Stack())))
			}
		}
	}()
	return fn()
}

// await opens the case of a handset whose job is resumed, and waits for the handset
// to allow this computer. One that is wiped already is only watched, and may be in
// any state. The job itself asks about one that waits in its recovery.
func (w Work) await(ctx context.Context, client *adb.Client, j *job.Job, opts job.Options) error {
	if opts.Dir != "" {
		if err := j.Open(); err != nil {
			return err
		}
		if wiped, err := j.Wiped(); wiped || err != nil {
			return err
		}
		if left, err := j.WaitsInRecovery(ctx); left || err != nil {
			return err
		}
	}
	device := link.New(client.Device(opts.Serial), link.Options{})
	wait, cancel := context.WithTimeout(ctx, opts.Wait)
	defer cancel()
	for shown := adb.StateUnknown; ; {
		info, err := device.WaitFor(wait, statesBut(shown)...)
		switch {
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil && wait.Err() != nil:
			_, _, err := client.Pick(ctx, opts.Serial)
			return err
		case err != nil:
			return err
		case info.State == adb.StateDevice:
			return nil
		}
		shown = info.State
		w.Person.Tell(job.Said{Text: w.Guide(shown), OnHandset: true})
	}
}

// statesBut is every state a handset can stay in, but one.
func statesBut(not adb.State) []adb.State {
	return slices.DeleteFunc([]adb.State{
		adb.StateAbsent, adb.StateDevice, adb.StateUnauthorized, adb.StateOffline, adb.StateNoPermissions,
		adb.StateRecovery, adb.StateSideload, adb.StateRescue, adb.StateBootloader,
	}, func(s adb.State) bool { return s == not })
}
