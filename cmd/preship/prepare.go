package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/events"
	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/fleet"
	"preship/cmd/preship/internal/hint"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/starthere"
	"preship/cmd/preship/internal/verdict"
	"preship/cmd/preship/internal/worklist"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

func newPrepareCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	var several fleetOptions
	var look bool
	var form, register string
	cmd := &cobra.Command{
		Use:   "prepare",
		Short: "Do the whole job, from identify to report",
		Long: "Nothing is erased until the copy is proved, no lock is left, and you typed the last six of the IMEI or\n" +
			"serial. Several handsets: --all, --watch, --serial…",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if look {
				return lookOnly(cmd.Context(), e, g, opts, several)
			}
			if err := readPreparedForm(cmd.Context(), e, form, &opts.Options); err != nil {
				return err
			}
			if err := opts.CheckPrepare(e.Person(g.noInput).CanAsk()); err != nil {
				return err
			}
			if err := opts.encrypt.read(cmd.Context(), e, g); err != nil {
				return err
			}
			if err := e.openShared(register); err != nil {
				return err
			}
			defer e.closeShared()
			if several.many(g) {
				return runFleet(cmd.Context(), e, g, opts, several)
			}
			if several.worklist != "" {
				return job.Usage(message.Say("usage.worklist.several"))
			}
			return runPrepare(cmd.Context(), e, g, opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "case", "", "resume this case")
	f.StringVar(&opts.Out, "out", "", "the folder for cases; the same one resumes them")
	f.BoolVar(&look, "look", false, "print the outlook, and stop")
	addRegister(f, &register)
	f.StringVar(&form, "intake", "", "a JSON or YAML file with the intake form")
	f.BoolVar(&opts.NoIntake, "no-intake", false, "skip the intake form")
	f.StringVar(&opts.Fault, "fault", "", "make a fault report of this kind; none skips it")
	f.BoolVar(&opts.AppNames, "app-names", false, "name the apps that crashed in the fault report")
	opts.addClaims(f)
	opts.addProve(f)
	opts.encrypt.add(f)
	opts.addReset(f)
	opts.addAttest(f)
	opts.addOnline(f)
	opts.addWait(f, e)
	addTimeout(f, &opts.Timeout)
	several.add(f)
	addTimestamp(f, &opts.Timestamp)
	g.addAfter(f)
	g.addOutputs(f)
	return cmd
}

// lookOnly is prepare --look.
func lookOnly(ctx context.Context, e *env, g *globals, opts jobOptions, several fleetOptions) error {
	if several.many(g) {
		return job.Usage(message.Say("usage.look-many"))
	}
	if err := opts.CheckLook(); err != nil {
		return err
	}
	return runOutlook(ctx, e, g, opts)
}

func runPrepare(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	person := job.Person(e.Person(g.noInput))
	log := events.NewLog(e.Console)
	if g.json {
		person = events.NewPerson(e.Person(g.noInput), e.Now, log.Write)
	}
	j := job.New(host(e, g), person, opts.of(e, g))
	defer j.Close()
	if err := j.CanFinish(ctx); err != nil {
		return err
	}
	err := j.Within(ctx, j.Prepare)
	if !j.End().Begun {
		return err
	}
	e.writeStart(j)
	e.again = verdict.Resume(j.Case().Dir()) // with --out, the same command would begin again
	if err == nil {
		err = outcome(codeWithPolicy(j.End().Report.Verdict, j.End().Ruling))
	}
	if g.json {
		e.answered = true
		j.Ended(ctx)
		logEnd(log, j, exitCodeOf(err)) // the last line
		return err
	}
	e.tellPrepared(j)
	j.Ended(ctx)
	return err
}

// writeStart writes START-HERE.html into a case with a sealed report. A job does not fail
// for it.
func (e *env) writeStart(j *job.Job) {
	end := j.End()
	if !end.Sealed {
		return
	}
	if err := starthere.Write(j.Case(), &end.Report, e.Language); err != nil {
		e.Warn(message.Say("start.unwritten", "file", casedir.StartName, "error", message.Of(err)))
	}
}

// logEnd writes the last events of a job.
func logEnd(log *events.Log, j *job.Job, code exitCode) {
	end, exit := j.End(), int(code)
	if end.Ruling != nil {
		log.Write(events.Event{Event: "policy", Policy: end.Ruling})
	}
	ev := events.Event{Event: "done", Case: j.Case().Dir(), Verdict: string(end.Report.Verdict), Exit: &exit}
	if end.Err != nil {
		f := failureOf(end.Err)
		ev.Error, ev.Reason, ev.Message, ev.Flag = f.Error, f.Reason, f.Message, f.Flag
	}
	log.Write(ev)
}

// tellPrepared shows a person how the whole job went, and what comes next.
func (e *env) tellPrepared(j *job.Job) {
	end := j.End()
	if end.Unreported && !end.Sealed {
		e.tellUnsealed(j)
		return
	}
	verdict.End(e.Console, j)
	e.Ruling(end.Ruling)
	if end.Sealed {
		e.Say(message.Say("outcome.start", "path", filepath.Join(j.Case().Dir(), casedir.StartName)))
	}
	if end.Err != nil && !end.Unreported { // the report does not say why it could not be made
		e.told = end.Err.Error()
	}
	if _, written, err := j.Case().Intake(); err == nil && !written && end.Report.Verdict == report.VerdictReady && !end.Report.Emulated {
		e.Say(message.Say("outcome.next.intake", "case", console.Quote(j.Case().Dir())))
	}
}

// tellUnsealed shows a person that the report could not be sealed: there is no
// report to point at, and the end of the command prints the error.
func (e *env) tellUnsealed(j *job.Job) {
	e.Sayf("")
	e.Sayf("%s", console.Safe(e.Paint("1;31", e.Words(report.VerdictFailed.Word()))))
	e.Sayf("  %s", message.Say("outcome.unsealed"))
	if wiped, err := j.Wiped(); err == nil && !wiped {
		e.Sayf("  %s", message.Say("outcome.nothing-erased"))
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

// fleetOptions are how prepare works on several handsets.
type fleetOptions struct {
	all   bool // that the adb server knows
	watch bool // also those that come later
	jobs  int  // how many copy at a time
	// worklist names a CSV file with the ticket of each handset; "" is none.
	worklist string
}

func (o *fleetOptions) add(f *pflag.FlagSet) {
	f.BoolVar(&o.all, "all", false, "every connected handset, each with a case in --out")
	f.BoolVar(&o.watch, "watch", false, "also every handset plugged in until Ctrl-C")
	f.StringVar(&o.worklist, "worklist", "", "CSV: serial or imei, ticket, imei_box, customer, …")
	f.IntVar(&o.jobs, "jobs", fleet.DefaultJobs, "how many handsets copy files at the same time")
}

// many says whether several handsets are asked for.
func (o fleetOptions) many(g *globals) bool { return o.all || o.watch || len(g.serials) > 1 }

// check refuses flags about one handset in a run of several.
func (o fleetOptions) check(g *globals, opts jobOptions) error {
	if o.jobs < 1 {
		return job.Usage(message.Say("usage.fleet.jobs", "jobs", strconv.Itoa(o.jobs)))
	}
	for _, row := range []struct {
		given bool
		wrong message.Sentence
	}{
		{o.all && len(g.serials) > 0, message.Say("usage.fleet.all")},
		{opts.Out == "", message.Say("usage.fleet.out")},
		{opts.Dir != "", message.Say("usage.fleet.case")},
		{len(opts.Claims.IMEI)+len(opts.Claims.Box)+len(opts.Claims.Sticker)+len(opts.Claims.Receipt) > 0, message.Say("usage.fleet.one", "flag", "--imei…")},
		{opts.Claims.SN != "", message.Say("usage.fleet.one", "flag", "--sn-box")},
		{len(opts.Attest) > 0, message.Say("usage.fleet.one", "flag", "--attest")},
		{opts.Intake != nil, message.Say("usage.fleet.one", "flag", "--intake")},
		{opts.Again, message.Say("usage.fleet.one", "flag", "--again")},
		{opts.InRecovery == "erase", message.Say("usage.fleet.one", "flag", "--recovery=erase")},
	} {
		if row.given {
			return job.Usage(row.wrong)
		}
	}
	return nil
}

// readWorklist reads the file of --worklist; nil without one.
func readWorklist(file string) (*worklist.List, error) {
	if file == "" {
		return nil, nil
	}
	b, err := flagfile.Read(file, worklist.MaxBytes)
	if err != nil {
		return nil, wrongFlag("--worklist", err)
	}
	list, err := worklist.Parse(b)
	if err != nil {
		return nil, wrongFlag("--worklist", err)
	}
	return list, nil
}

// runFleet prepares several handsets side by side.
func runFleet(ctx context.Context, e *env, g *globals, opts jobOptions, options fleetOptions) error {
	if err := options.check(g, opts); err != nil {
		return err
	}
	list, err := readWorklist(options.worklist)
	if err != nil {
		return err
	}
	g.several = &runs{}
	code, err := fleet.Run(ctx, e.Console, host(e, g), fleet.Options{
		All: options.all, Watch: options.watch, Serials: g.serials, Jobs: options.jobs,
		Worklist: list,
		Job:      opts.of(e, g), JSON: g.json, NoInput: g.noInput,
		Codes: codes{}, Hints: func(err error) []message.Sentence { return hint.For(err, "") },
		Guide: func(s adb.State) message.Sentence { return advice.For(s).First },
		Sealed: func(j *job.Job) error {
			sealed := j.End().Report
			return starthere.Write(j.Case(), &sealed, e.Language)
		},
	})
	if err != nil {
		return err
	}
	e.answered = true
	if err := g.writeRuns(g.several.all...); err != nil {
		return err
	}
	return outcome(exitCode(code))
}

// codes are the exit codes, for a fleet.
type codes struct{}

func (codes) Of(err error) int { return int(exitCodeOf(err)) }

func (codes) Reason(err error) string {
	reason, _ := meaningOf(err)
	return reason
}

func (codes) OfEnd(end job.End) int { return int(codeWithPolicy(end.Report.Verdict, end.Ruling)) }

func (codes) Worst(all []int) int {
	return slices.MinFunc(all, func(a, b int) int {
		return slices.Index(severity, exitCode(a)) - slices.Index(severity, exitCode(b))
	})
}

// severity orders what a command of several handsets ends with, worst first.
var severity = []exitCode{
	exitInterrupted, exitFailed, exitUsage, exitNoHandset, exitUnverified, exitNotReady, exitReady,
}

func worstFirst() string {
	var words []string
	for _, c := range severity {
		words = append(words, fmt.Sprint(int(c)))
	}
	return strings.Join(words, ", ")
}
