package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preship/adb/reset"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/report/message"
)

// step is one stage of the job.
type step struct {
	name  string
	does  message.ID // for the person, while it happens
	wipes bool
	run   func(*Job, context.Context) (data any, findings report.Findings, err error)
}

var steps = []step{
	{report.StepIdentify, "job.step.identify", false, (*Job).identify},
	{report.StepBackup, "job.step.backup", false, (*Job).backup},
	{report.StepAccounts, "job.step.accounts", false, (*Job).accounts},
	{report.StepReset, "job.step.reset", true, (*Job).resetStep},
	{report.StepVerify, "job.step.verify", false, (*Job).verify},
	{report.StepReport, "job.step.report", false, (*Job).report},
}

func (j *Job) resetStep(ctx context.Context) (any, report.Findings, error) { return j.erase.reset(ctx) }

func stepNamed(name string) step {
	for _, s := range steps {
		if s.name == name {
			return s
		}
	}
	panic("no step " + name) // names come from the table above
}

// announce says that a step begins.
func (j *Job) announce(s step) {
	if j.brief {
		return
	}
	n := slices.IndexFunc(steps, func(row step) bool { return row.name == s.name })
	j.waits.Tell(StepBegun{Name: s.name, Does: message.Say(s.does), Number: n + 1, Of: len(steps)})
}

// ended shows how a step ended.
func (j *Job) ended(rec report.StepRecord) {
	if j.brief {
		return
	}
	fresh := rec.Findings
	if j.whole && rec.Name == report.StepIdentify && rec.State == report.StepDone {
		// The outlook, which is next, names the obstacles and the switch that opens refused data.
		fresh = slices.DeleteFunc(slices.Clone(fresh), func(f report.Finding) bool {
			return Stands(f) && !j.overrides(f.ID) || f.ID == check.IdentitySecuritySettings
		})
	}
	if rec.Error != "" { // which is said at the end, and what follows from it is not
		fresh = slices.DeleteFunc(slices.Clone(fresh), func(f report.Finding) bool { return Follows(f.Message) })
	}
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(f report.Finding) bool {
		return f.Status != report.StatusPass && j.foreseen[f.ID] == f.Summary || f.ID == check.ResetReadyInside && j.saidInside() ||
			f.Method == report.MethodAttested && contains(j.vouched, f.ID) || // they have just said so
			j.whole && f.ID == check.IdentityKind && f.Status == report.StatusWarn // the name of the handset says EMULATED
	})
	fresh = j.unsaid(fresh)
	j.waits.Tell(StepEnded{Name: rec.Name, State: rec.State, Error: rec.Error, Findings: rec.Findings, Fresh: j.adviseOnce(fresh)})
}

// Follows reports whether a sentence only says what follows from a step that ended early:
// that something was not reached, or that a later step was not run.
func Follows(s *message.Sentence) bool {
	return s != nil && slices.Contains([]message.ID{"backup.unfinished", "backup.items.not-reached", "verdict.step.not-run"}, s.ID())
}

// saidInside reports whether the person has read in this run the list of cards inside the handset.
// The check before the reset says it again for a case that is resumed there.
func (j *Job) saidInside() bool {
	for _, f := range j.kept.Step(report.StepAccounts).Findings {
		if (f.ID == check.InsideSIMNone || f.ID == check.InsideSDNone) && WorthReading(f) && j.heard[f.Sentence().String()] {
			return true
		}
	}
	return false
}

// unsaid leaves out the findings that the person has read after an earlier step of this
// run.
func (v *voice) unsaid(findings report.Findings) (left report.Findings) {
	for _, f := range findings {
		if WorthReading(f) && !v.read(f.Sentence()) {
			continue
		}
		left = append(left, f)
	}
	return left
}

// read notes that the person reads a sentence, and reports whether it is new to them.
func (v *voice) read(s message.Sentence) (fresh bool) {
	text := s.String()
	if v.heard[text] {
		return false
	}
	if v.heard == nil {
		v.heard = map[string]bool{}
	}
	v.heard[text] = true
	return true
}

// adviseOnce leaves out the remedy of a finding if the person has read the same one in
// this run, for the same finding or as a part of another remedy.
func (v *voice) adviseOnce(findings report.Findings) report.Findings {
	findings = slices.Clone(findings)
	for i := range findings {
		f := &findings[i]
		if !WorthReading(*f) {
			continue
		}
		if v.advice(f.ID, f.Remedy) {
			f.Remedy = ""
		}
	}
	return findings
}

// advice notes that the person reads a remedy, and reports whether they read it before.
func (v *voice) advice(id, remedy string) (before bool) {
	for _, read := range v.advised {
		before = before || strings.Contains(read, remedy)
	}
	if !before {
		if v.advised == nil {
			v.advised = map[string]string{}
		}
		v.advised[id] = remedy
	}
	return before
}

// errRefused ends a step that preship itself would not carry out. The findings
// beside it say why; nothing failed and nothing was changed.
var errRefused = message.Error(message.Say("step.state.refused"), nil)

// runStep runs one row of the steps table and writes down how it ended, also
// when it did not end well.
func (j *Job) runStep(ctx context.Context, s step) error {
	rec := report.StepRecord{Name: s.name, State: report.StepRunning, Started: j.host.Now().UTC()}
	if err := j.save(rec); err != nil {
		return err
	}
	j.announce(s)
	data, findings, err := s.run(j, ctx)
	rec.Finished = j.host.Now().UTC()
	rec.Findings = j.watchClock(findings)
	rec.State, err = stateOf(ctx, err), timed(ctx, err)
	rec.Fail(whyEnded(ctx, err))
	if data != nil {
		raw, encErr := json.Marshal(data)
		if encErr != nil {
			return errors.Join(err, encErr)
		}
		rec.Data = raw
	}
	j.ended(rec)
	if saveErr := j.save(rec); saveErr != nil {
		return errors.Join(err, fmt.Errorf("case: %w", saveErr))
	}
	return err
}

// clock is a reading of the computer's clock and of the time that cannot be set.
type clock struct {
	at time.Time
	up time.Duration
	ok bool // both are known
}

func (h Host) clock() clock {
	if h.Uptime == nil {
		return clock{}
	}
	up, err := h.Uptime()
	return clock{at: h.Now(), up: up, ok: err == nil}
}

// watchClock adds a finding if the computer's clock was set since it was read last.
func (j *Job) watchClock(findings report.Findings) report.Findings {
	before := j.clock
	j.clock = j.host.clock()
	if !before.ok || !j.clock.ok {
		return findings
	}
	f, jumped := report.ClockJump(before.at, j.clock.at, j.clock.up-before.up)
	if !jumped {
		return findings
	}
	f.At = j.clock.at.UTC()
	return append(slices.Clone(findings), f)
}

// save writes a record into the case. What an interrupted reset left there is
// kept until the new run has something to say itself.
func (c *common) save(rec report.StepRecord) error {
	if c.kept == nil {
		return nil
	}
	if before := c.kept.Step(rec.Name); len(rec.Data) == 0 {
		rec.Data = before.Data
	}
	err := c.kept.SetStep(rec)
	// A register is made only in a folder that was named for cases.
	c.claims.remember(rec, c.opts.Out != "" && filepath.Dir(c.kept.Dir()) == filepath.Clean(c.opts.Out))
	return err
}

// saved reads what a step of this case left. ok is false when it left nothing.
func saved[T any](c *casedir.Case, step string) (v T, ok bool, err error) {
	if c == nil {
		return v, false, nil
	}
	raw := c.Step(step).Data
	if len(raw) == 0 {
		return v, false, nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, false, fmt.Errorf("case: step %s: %w", step, err)
	}
	return v, true, nil
}

// whyEnded is what an error says, without the words in which Go says that
// somebody pressed Ctrl-C: that the step was interrupted says it.
func whyEnded(ctx context.Context, err error) message.Sentence {
	if err == nil || ctx.Err() == nil || errors.Is(err, ErrTimeUp) {
		return message.Of(err)
	}
	text := strings.TrimSuffix(strings.TrimSuffix(err.Error(), context.Cause(ctx).Error()), ctx.Err().Error())
	switch text {
	case "":
		return message.Sentence{}
	case err.Error():
		return message.Of(err)
	}
	return message.AsIs(strings.TrimSuffix(text, ": "))
}

func stateOf(ctx context.Context, err error) report.StepState {
	switch {
	case err == nil:
		return report.StepDone
	case ctx.Err() != nil:
		return report.StepInterrupted
	case errors.Is(err, errRefused), errors.Is(err, reset.ErrNotConfirmed):
		return report.StepRefused
	}
	return report.StepFailed
}
