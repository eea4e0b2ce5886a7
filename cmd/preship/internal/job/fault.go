package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"preship/adb/bugreport"
	"preship/adb/handset"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/faultform"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/symptom"
	"preship/verify/fault"
)

// NoFault stands for a job without a fault report.
const NoFault = "none"

// Fault identifies the handset, asks a person who can answer about its fault, reads what
// the handset shows of it, and keeps both in the case if there is one. f is what is known
// so far.
func (j *Job) Fault(ctx context.Context, f report.Fault) (report.Fault, error) {
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
	return f, j.readFault(ctx, &f, true)
}

// readFault asks about the fault and reads what the handset shows of it. tests offers the
// tests by hand.
func (j *Job) readFault(ctx context.Context, f *report.Fault, tests bool) error {
	form := faultform.Form{Fault: f, Asker: Interviewee(j.person, "--kind"), Now: j.host.Now, Keep: j.keepFault}
	if j.person.CanAsk() {
		if _, err := form.Ask(ctx); err != nil {
			return err
		}
	}
	if j.kept != nil && f.Collected != nil {
		// The reset destroyed what the handset remembered: what was read before it stays.
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
	if !tests || !j.person.CanAsk() {
		return nil
	}
	if err := form.Tests(ctx); err != nil {
		return err
	}
	return j.offerBugreport(ctx, f)
}

// Screenshot takes a picture of the handset's screen into the case, and into f if the
// person agrees. The case must be open.
func (j *Job) Screenshot(ctx context.Context, f *report.Fault) error {
	r := j.reader()
	a, err := handset.Ask(ctx, r, handset.Screenshot.Must())
	if err = r.whole(err); err != nil {
		return err
	}
	p, err := j.kept.AddPhoto(a.Stdout)
	if err != nil {
		return fmt.Errorf("%s: %w", handset.Screenshot.Name, err)
	}
	if j.person.CanAsk() {
		if yes, err := j.askYes(ctx, "--screenshot", message.Say("fault.picture.ask", "file", p.File)); err != nil || !yes {
			return errors.Join(err, j.kept.RemovePhoto(p))
		}
	}
	*f = f.With(report.Fault{Pictures: []report.FaultPicture{{Photo: p, Screenshot: true}}})
	return j.keepFault(*f)
}

// Bugreport lets the handset write a bugreport, copies it into the private part of the
// case, and notes it in f. The case must be open.
func (j *Job) Bugreport(ctx context.Context, f *report.Fault) error {
	j.say(message.Say("bugreport.begins"))
	r, start := j.reader(), j.host.Now()
	path, answer, err := bugreport.Write(ctx, j.device, func(p bugreport.Progress) {
		j.waits.Tell(Progress{Progress: meter.Progress{Phase: meter.PhaseBugreport, BytesDone: p.Done, BytesTotal: p.Total}})
	})
	_, keepErr := r.keep(handset.Bugreport.Must(), start, handset.Answer{Stdout: answer}, err)
	err = errors.Join(err, keepErr)
	var kept report.FaultBugreport
	if err == nil {
		kept, err = j.fetchBugreport(ctx, path)
	}
	j.waits.Tell(Progress{Over: true})
	if path != "" {
		err = errors.Join(err, j.removeBugreport(ctx, r, path))
	}
	if err != nil {
		return err
	}
	*f = f.With(report.Fault{Bugreport: &kept})
	j.say(message.Say("bugreport.kept", "size", amount.Bytes(kept.Size), "file", casedir.BugreportName))
	return j.keepFault(*f)
}

func (j *Job) fetchBugreport(ctx context.Context, path string) (report.FaultBugreport, error) {
	kept, sum := report.FaultBugreport{At: j.host.Now().UTC().Truncate(time.Second)}, sha256.New()
	err := j.kept.WriteBugreport(func(w io.Writer) (err error) {
		kept.Size, err = bugreport.Fetch(ctx, j.device, path, io.MultiWriter(w, sum))
		return err
	})
	kept.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return kept, err
}

// removeBugreport removes the file on the handset, also after Ctrl-C. A handset that left
// keeps it, and is erased later.
func (j *Job) removeBugreport(ctx context.Context, r *Recorder, path string) error {
	line, err := handset.RemoveBugreport.With(path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if a, err := handset.Ask(ctx, r, line); err != nil || a.Exit > 0 {
		j.waits.Tell(Warned{message.Say("bugreport.stays", "file", path)})
	}
	return nil
}

// offerBugreport asks whether a bugreport is wanted.
func (j *Job) offerBugreport(ctx context.Context, f *report.Fault) error {
	if j.kept == nil || f.Bugreport != nil {
		return nil
	}
	yes, err := j.askYes(ctx, "--bugreport", message.Say("bugreport.ask"))
	if err != nil || !yes {
		return err
	}
	if err := j.Bugreport(ctx, f); err == nil || ctx.Err() != nil {
		return err
	} else {
		j.waits.Tell(Warned{message.Of(err)}) // the rest of the job does not need it
		return nil
	}
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
		return j.readFault(ctx, &f, false)
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
	return j.readFault(ctx, &f, true)
}

// noFaultName is where the case keeps that the person did without the fault report.
const noFaultName = "fault.skipped"
