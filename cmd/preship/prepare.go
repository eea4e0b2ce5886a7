package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"preship/cmd/preship/internal/console"
	"preship/report"
)

func newPrepareCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	var several fleetOptions
	cmd := &cobra.Command{
		Use:   "prepare",
		Short: "do the whole job: identify, backup, accounts, reset, verify, report",
		Long: "prepare does the whole job on one handset. nothing is erased before the copy is proved, no lock is left,\n" +
			"and you have typed the last six of the IMEI or serial. it goes on where it stopped: prepare --case DIR.\n\n" +
			"with --all, --watch, or --serial more than once it prepares several side by side, each with a case of its own\n" +
			"in --out. a case that is there already is gone on with, and one that is ready is looked at once more; to do a\n" +
			"handset anew, name another folder. --timeout is the time of each handset, and the exit code is that of the\n" +
			"handset that came off worst: " + worstFirst() + ".\n\n" +
			sealedHelp,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opts.checkPrepare(e, g); err != nil {
				return err
			}
			if err := opts.encrypt.read(cmd.Context(), e, g); err != nil {
				return err
			}
			if several.many(g) {
				return runFleet(cmd.Context(), e, g, opts, several)
			}
			return runPrepare(cmd.Context(), e, g, opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.dir, "case", "", "go on with this case")
	f.StringVar(&opts.out, "out", "", "begin a new case in this folder")
	opts.addClaims(f)
	opts.addProve(f)
	opts.encrypt.add(f)
	opts.addReset(f)
	opts.addAttest(f)
	opts.online.add(f)
	opts.addWait(f, e)
	addTimeout(f, &opts.timeout)
	several.add(f)
	g.addOutputs(f)
	return cmd
}

// checkPrepare refuses what cannot be carried out, before anything is asked.
func (o *jobOptions) checkPrepare(e *env, g *globals) error {
	if len(o.confirm) == 0 && (g.noInput || !e.InTTY) {
		return usagef("erasing needs a confirmation and nobody can be asked here; give it with --confirm")
	}
	if _, err := o.proveMode(); err != nil {
		return err
	}
	return errors.Join(o.checkAttest(), o.online.check(), o.checkReset())
}

func runPrepare(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := newJob(e, g, opts)
	j.alone = true
	if g.json {
		j.events = e.events()
	}
	if opts.dir == "" && opts.out == "" {
		return errNoFolder()
	}
	defer j.close()
	if err := j.canFinish(ctx); err != nil {
		return err
	}
	return j.within(ctx, func(ctx context.Context) error {
		if err := j.begin(ctx); err != nil {
			return err
		}
		e.again = goOn(j.kept.Dir()) // with --out, the same command would begin anew
		return j.prepare(ctx)
	})
}

// begin opens the case and checks that it can be written. A new one is made only
// once a handset is there, so that a wrong cable leaves no empty folder.
func (j *job) begin(ctx context.Context) error {
	if j.kept == nil && j.opts.dir == "" {
		if err := j.connect(ctx); err != nil {
			return err
		}
	}
	if j.kept == nil {
		if err := j.openCase(); err != nil {
			return err
		}
	}
	return j.canKeep()
}

// prepare runs what is left of the job and then, whatever happened, the report.
func (j *job) prepare(ctx context.Context) error {
	j.whole = true
	j.events.write(event{Event: "begin", Case: j.kept.Dir()})
	if j.events == nil {
		j.env.Say("the copy and the report are kept in %s", j.kept.Dir())
	}
	j.tellKey()
	workErr := j.runAll(ctx)
	// The report tells also of a job that was interrupted.
	reportErr := j.runStep(context.WithoutCancel(ctx), stepNamed(report.StepReport))
	err := errors.Join(workErr, reportErr)
	if reportErr != nil && !j.written {
		j.sealed.Verdict = report.VerdictFailed // what was found is not sealed
	}
	end := outcome(codeWithPolicy(j.sealed.Verdict, j.ruling))
	switch {
	case reportErr != nil && workErr != nil && !j.written && !errors.Is(workErr, errRefused):
		end = workErr // the report failed for the same reason, or for a later one
	case reportErr != nil:
		end = err
	case ctx.Err() != nil:
		end = endOf(ctx)
	case workErr != nil && !errors.Is(workErr, errRefused):
		end = workErr
	}
	if reportErr != nil && j.events == nil && !j.written {
		j.unsealed()
		return end
	}
	j.done(exitCodeOf(end), err)
	if reportErr != nil {
		j.env.told = "" // the report does not say why it could not be made
	}
	return end
}

// runAll runs every step before the report that is not done yet.
func (j *job) runAll(ctx context.Context) error {
	wiped, err := j.wiped()
	if err != nil {
		return err
	}
	ran := 0
	for _, s := range steps {
		if s.name == report.StepReport {
			continue
		}
		// After the wipe there is nothing left to read, save or sign out of.
		before := s.name != report.StepReset && s.name != report.StepVerify
		anew := s.name == report.StepIdentify || s.name == report.StepVerify && j.lookAgain
		if wiped && before || j.passed(s.name) && !anew {
			continue
		}
		ran++
		if err := j.runStep(ctx, s); err != nil {
			return err
		}
	}
	if ran == 0 {
		unit, _ := j.kept.Unit()
		j.say("every step of this job was done before, on %s: no handset was asked anything now", unit)
	}
	return nil
}

// unsealed tells a person of a job whose report could not be sealed: there is no
// report to point at, and the error itself is told by whoever ends the command.
func (j *job) unsealed() {
	j.env.Say("")
	j.env.Say("%s", console.Safe(j.env.Paint("1;31", string(report.VerdictFailed))))
	j.env.Say("  the report could not be sealed")
	if wiped, err := j.wiped(); err == nil && !wiped {
		j.env.Say("  nothing was erased")
	}
}

// done ends the events and tells a person how it went.
func (j *job) done(code exitCode, err error) {
	if j.events != nil {
		if j.ruling != nil {
			j.events.write(event{Event: "policy", Policy: j.ruling})
		}
		exit := int(code)
		ev := event{Event: "done", Case: j.kept.Dir(), Verdict: string(j.sealed.Verdict), Exit: &exit}
		if err != nil {
			ev.Error = err.Error()
		}
		j.events.write(ev)
		return
	}
	j.tellVerdict()
	j.env.tellRuling(j.ruling)
	if err != nil {
		j.env.told = err.Error()
	}
	if _, written, err := j.kept.Intake(); err == nil && !written && j.sealed.Verdict == report.VerdictReady {
		post := "then post the handset"
		if j.sealed.Emulated {
			post = "as you would before posting a real one"
		}
		j.env.Say("next: write down the fault with preship intake --case %s, %s", j.kept.Dir(), post)
	}
}

func codeOfVerdict(v report.Verdict) exitCode {
	switch v {
	case report.VerdictReady:
		return exitReady
	case report.VerdictNotReady:
		return exitNotReady
	}
	return exitFailed
}
