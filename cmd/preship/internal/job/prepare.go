package job

import (
	"context"
	"errors"

	"preship/adb"
	"preship/adb/handset"
	"preship/report"
	"preship/report/message"
	"preship/report/register"
	"preship/verify"
)

// begin opens the case and checks that it can be written. A new one is made only
// once a handset is there, so that a wrong cable leaves no empty folder.
func (j *Job) begin(ctx context.Context) error {
	if j.kept == nil && j.opts.Dir == "" {
		if err := j.connect(ctx); err != nil {
			if left, leftErr := j.openLeft(ctx, err); left || leftErr != nil {
				return leftErr
			}
			return err
		}
	}
	if j.kept == nil && j.opts.Dir == "" && j.opts.Out != "" && j.whole {
		if err := j.adoptForm(ctx); err != nil {
			return err
		}
	}
	if j.kept == nil {
		if dir := j.unfinished(ctx); dir != "" {
			j.opts.Dir, j.opts.Out = dir, ""
		}
		if err := j.Open(); err != nil {
			return err
		}
	}
	return j.canKeep()
}

// unfinished returns the newest case in Options.Out that is of the connected handset and
// did not end READY; empty if there is none. The same command line again resumes it.
func (j *Job) unfinished(ctx context.Context) string {
	if j.opts.Out == "" || j.opts.Dir != "" || j.device == nil {
		return ""
	}
	in := register.NewFinder(j.opts.Out)
	dir, ready, err := Underway(in, j.device.Serial())
	if dir == "" && err == nil && j.whole {
		dir, ready, err = j.elsewhere(ctx, in)
	}
	return unready(dir, ready, err)
}

// unready returns the folder of a case, empty if it is READY or could not be looked for: a
// new case loses nothing.
func unready(dir string, ready bool, err error) string {
	if err != nil || ready {
		return ""
	}
	return dir
}

// openLeft opens the case of a handset that cannot be asked because an earlier run left
// it in its recovery, and reports whether there is one. err is the one of connect.
func (j *Job) openLeft(ctx context.Context, err error) (bool, error) {
	state := (*adb.StateError)(nil)
	if !j.whole || j.opts.Out == "" || !errors.As(err, &state) || state.State != adb.StateSideload {
		return false, nil
	}
	dir := unready(Underway(register.NewFinder(j.opts.Out), state.Serial))
	if dir == "" {
		return false, nil
	}
	j.opts.Dir, j.opts.Out = dir, ""
	if err := j.Open(); err != nil {
		return false, err
	}
	if left, err := j.WaitsInRecovery(ctx); err != nil || !left {
		return false, err
	}
	return true, j.canKeep()
}

// elsewhere is [Underway] for a handset that adb reached by another serial before, such as
// an address of the network. Its own numbers decide; it is asked for them only if there is
// a case with numbers.
func (j *Job) elsewhere(ctx context.Context, in *register.Finder) (dir string, ready bool, err error) {
	dir, _, err = in.Newest(ctx, func(u report.Unit) bool { return len(u.IMEI) > 0 || u.SN != "" })
	if dir == "" || err != nil {
		return "", false, err
	}
	r := j.reader()
	id, err := handset.Identify(ctx, r)
	if err := r.Whole(err); err != nil {
		return "", false, err
	}
	h, _ := verify.Identity(id, j.opts.Claims)
	unit := h.Unit()
	if len(unit.IMEI) == 0 && unit.SN == "" {
		return "", false, nil
	}
	return in.Newest(ctx, unit.Same)
}

// Underway returns the newest case in a folder that is about the handset with this
// serial, empty if there is none, and whether it is sealed as READY.
func Underway(in *register.Finder, serial string) (dir string, ready bool, err error) {
	return in.Newest(context.Background(), func(u report.Unit) bool { return u.Serial == serial })
}

// Prepare runs the steps of the job that are not done yet and then, also after an
// error, seals the report. It returns nil if the job came to its end, READY or not; [Job.End] says how
// it ended.
func (j *Job) Prepare(ctx context.Context) error {
	j.alone, j.whole = true, true
	if err := j.begin(ctx); err != nil {
		return err
	}
	j.end.Begun = true
	j.waits.Tell(Begun{j.kept.Dir()})
	j.TellKey()
	workErr := j.runAll(ctx)
	// A job that was interrupted is reported on too.
	reportErr := j.Seal(context.WithoutCancel(ctx))
	j.end.Err, j.end.Unreported = errors.Join(workErr, reportErr), reportErr != nil
	if reportErr != nil && !j.end.Sealed {
		j.end.Report.Verdict = report.VerdictFailed // the findings are not sealed
	}
	switch {
	case reportErr != nil && workErr != nil && !j.end.Sealed && !errors.Is(workErr, errRefused):
		return workErr // the report failed for the same reason, or for a later one
	case reportErr != nil:
		return j.end.Err
	case ctx.Err() != nil:
		return endOf(ctx)
	case workErr != nil && !errors.Is(workErr, errRefused):
		return workErr
	}
	return nil
}

// runAll runs every step before the report that is not done yet.
func (j *Job) runAll(ctx context.Context) error {
	wiped, err := j.Wiped()
	if err != nil {
		return err
	}
	if !wiped {
		if err := j.erase.fromRecovery(ctx); err != nil {
			return err
		}
	}
	ran := 0
	for _, s := range steps {
		if s.name == report.StepReport {
			continue
		}
		// After the wipe there is nothing left to read, save or sign out of.
		before := s.name != report.StepReset && s.name != report.StepVerify
		anew := s.name == report.StepIdentify || s.name == report.StepVerify && j.opts.LookAgain
		if (wiped || j.erase.here != nil) && before || j.passed(s.name) && !anew {
			continue
		}
		ran++
		if s.name == report.StepAccounts || s.name == report.StepReset && !wiped {
			if err := j.settleLosses(ctx); err != nil {
				return j.refuse(ctx, nil, err)
			}
		}
		if err := j.runStep(ctx, s); err != nil {
			return err
		}
		if s.name == report.StepIdentify && !wiped {
			if err := j.lookBeforeAsking(ctx); err != nil {
				return err
			}
			if err := j.contactFirst(ctx); err != nil {
				return err
			}
			if err := j.faultFirst(ctx); err != nil {
				return err
			}
		}
	}
	if ran == 0 {
		unit, _ := j.kept.Unit()
		j.say(message.Say("job.done-before", "unit", unit))
	}
	return nil
}
