package job

import (
	"context"

	"preship/cmd/preship/internal/faultform"
	"preship/report"
	"preship/report/message"
	"preship/report/symptom"
	"preship/verify/fault"
)

// NoFault stands for a job without a fault report.
const NoFault = "none"

// Extras are what a fault report has only where it was asked for. Each needs a case.
type Extras struct{ Screenshot, Recording, Bugreport bool }

// Fault identifies the handset, asks a person who can answer about its fault, reads what
// the handset shows of it, and keeps both in the case if there is one. f has the facts
// so far. Extras that want does not name are offered to a person who can answer.
func (j *Job) Fault(ctx context.Context, f report.Fault, want Extras) (report.Fault, error) {
	j.brief = true
	if err := j.openNamedCase(); err != nil {
		return f, err
	}
	if j.kept != nil {
		if kept, ok, err := j.kept.Fault(); err != nil {
			return f, err
		} else if ok {
			f = kept.With(f)
		}
	}
	if _, _, err := j.identify(ctx); err != nil {
		return f, err
	}
	return f, j.readFault(ctx, &f, true, want)
}

// readFault asks about the fault and reads what the handset shows of it. offers is that the
// tests by hand and the extras are offered.
func (j *Job) readFault(ctx context.Context, f *report.Fault, offers bool, want Extras) error {
	form := faultform.Form{Fault: f, Asker: Interviewee(j.person, "--kind"), Now: j.host.Now, Keep: j.keepFault}
	if j.person.CanAsk() {
		if _, err := form.Ask(ctx); err != nil {
			return err
		}
	}
	if j.kept != nil && f.Collected != nil {
		// The reset destroyed what the handset remembered: the facts read before it stay.
		if erased, err := j.kept.Erased(); erased || err != nil {
			if err == nil {
				err = j.keepFault(*f)
			}
			return err
		}
	}
	j.say(message.Say("fault.collecting"))
	opts := fault.Options{AppNames: j.opts.AppNames, Now: j.host.Now}
	if kind, ok := symptom.ByID(f.Kind); ok && kind.Parts != nil {
		opts.Parts = kind.Parts
	}
	r := j.reader()
	seen, err := fault.Collect(ctx, r, j.identity, opts)
	if err = r.whole(err); err != nil {
		return err
	}
	*f = seen.With(*f)
	if err := j.keepFault(*f); err != nil {
		return err
	}
	if offers && j.person.CanAsk() {
		if err := form.Tests(ctx); err != nil {
			return err
		}
	}
	if j.kept == nil {
		return nil
	}
	return j.takeExtras(ctx, f, want, offers && j.person.CanAsk())
}

func (j *Job) keepFault(f report.Fault) error {
	if j.kept == nil {
		return nil
	}
	return j.kept.KeepFault(f)
}

// faultFirst makes the fault report of a whole job before the backup: the reset destroys
// what it reads.
func (j *Job) faultFirst(ctx context.Context) error {
	f, made, err := j.kept.Fault()
	if err != nil || made && f.Collected != nil || j.opts.Fault == NoFault {
		return err
	}
	if j.opts.Fault != "" {
		f.Kind = j.opts.Fault
		return j.readFault(ctx, &f, false, Extras{})
	}
	var skipped bool
	if _, err := j.kept.Kept(noFaultName, &skipped); err != nil || skipped || !j.opts.interviews() || !j.person.CanAsk() {
		return err
	}
	if f.Kind == "" {
		answer, err := j.person.Ask(ctx, Question{Flag: "--fault", Text: message.Say("fault.offer")})
		if err != nil {
			return err
		}
		if yes, plain := message.YesOrNo(answer); !plain || !yes {
			return j.kept.Keep(noFaultName, true)
		}
	}
	return j.readFault(ctx, &f, true, Extras{})
}

// noFaultName is where the case keeps that the person did without the fault report.
const noFaultName = "fault.skipped"
