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

// diagnosis makes the fault report of the case.
type diagnosis struct{ *common }

// readFault asks about the fault and reads what the handset shows of it. offers is that the
// tests by hand and the extras are offered.
func (d *diagnosis) readFault(ctx context.Context, f *report.Fault, offers bool, want Extras) error {
	form := faultform.Form{Fault: f, Asker: Interviewee(d.person, "--kind"), Now: d.host.Now, Keep: d.keepFault}
	if d.person.CanAsk() {
		if _, err := form.Ask(ctx); err != nil {
			return err
		}
	}
	if d.kept != nil && f.Collected != nil {
		// The reset destroyed what the handset remembered: the facts read before it stay.
		if erased, err := d.kept.Erased(); erased || err != nil {
			if err == nil {
				err = d.keepFault(*f)
			}
			return err
		}
	}
	d.say(message.Say("fault.collecting"))
	opts := fault.Options{AppNames: d.opts.AppNames, Now: d.host.Now}
	if kind, ok := symptom.ByID(f.Kind); ok && kind.Parts != nil {
		opts.Parts = kind.Parts
	}
	r := d.reader()
	seen, err := fault.Collect(ctx, r, d.identity, opts)
	if err = r.Whole(err); err != nil {
		return err
	}
	*f = seen.With(*f)
	if err := d.keepFault(*f); err != nil {
		return err
	}
	if offers && d.person.CanAsk() {
		if err := form.Tests(ctx); err != nil {
			return err
		}
	}
	if d.kept == nil {
		return nil
	}
	return d.takeExtras(ctx, f, want, offers && d.person.CanAsk())
}

func (d *diagnosis) keepFault(f report.Fault) error {
	if d.kept == nil {
		return nil
	}
	return d.kept.KeepFault(f)
}

// faultFirst makes the fault report of a whole job before the backup: the reset destroys
// its sources.
func (d *diagnosis) faultFirst(ctx context.Context) error {
	f, made, err := d.kept.Fault()
	if err != nil || made && f.Collected != nil || d.opts.Fault == NoFault {
		return err
	}
	if d.opts.Fault != "" {
		f.Kind = d.opts.Fault
		return d.readFault(ctx, &f, false, Extras{})
	}
	var skipped bool
	if _, err := d.kept.Kept(noFaultName, &skipped); err != nil || skipped || !d.opts.interviews() || !d.person.CanAsk() {
		return err
	}
	if f.Kind == "" {
		answer, err := d.person.Ask(ctx, Question{Flag: "--fault", Text: message.Say("fault.offer")})
		if err != nil {
			return err
		}
		if yes, plain := message.YesOrNo(answer); !plain || !yes {
			return d.kept.Keep(noFaultName, true)
		}
	}
	return d.readFault(ctx, &f, true, Extras{})
}

// noFaultName is where the case keeps that the person did without the fault report.
const noFaultName = "fault.skipped"
