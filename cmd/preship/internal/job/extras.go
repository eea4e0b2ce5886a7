package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"preship/adb/bugreport"
	"preship/adb/handset"
	"preship/adb/recording"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/evidence"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// takeExtras takes the extras asked for, and offers the others. One that a person
// accepted and that fails is a warning: the rest of the job does not need it.
func (d *diagnosis) takeExtras(ctx context.Context, f *report.Fault, want Extras, offers bool) error {
	for _, extra := range []struct {
		wanted bool
		has    bool
		flag   string
		ask    message.ID
		take   func(context.Context, *report.Fault) error
	}{
		{want.Screenshot, slices.ContainsFunc(f.Pictures, func(p report.FaultPicture) bool { return p.Screenshot }), "--screenshot", "fault.screenshot.ask", d.takeScreenshot},
		{want.Recording, f.Recording != nil, "--record", "recording.ask", d.takeRecording},
		{want.Bugreport, f.Bugreport != nil, "--bugreport", "bugreport.ask", d.takeBugreport},
	} {
		yes := extra.wanted
		if !yes && offers && !extra.has {
			var err error
			if yes, err = d.askYes(ctx, extra.flag, message.Say(extra.ask)); err != nil {
				return err
			}
		}
		if !yes {
			continue
		}
		if err := extra.take(ctx, f); err != nil {
			if extra.wanted || ctx.Err() != nil {
				return err
			}
			d.waits.Tell(Warned{message.Of(err)})
		}
	}
	return nil
}

// takeScreenshot takes a picture of the handset's screen into the case, and into f if the
// person agrees.
func (d *diagnosis) takeScreenshot(ctx context.Context, f *report.Fault) error {
	r := d.reader()
	a, err := handset.Ask(ctx, r, handset.Screenshot.Must())
	if err = r.Whole(err); err != nil {
		return err
	}
	p, err := d.kept.AddPhoto(a.Stdout)
	if err != nil {
		return fmt.Errorf("%s: %w", handset.Screenshot.Name, err)
	}
	if d.person.CanAsk() {
		if yes, err := d.askYes(ctx, "--screenshot", message.Say("fault.picture.ask", "file", p.File)); err != nil || !yes {
			return errors.Join(err, d.kept.RemovePhoto(p))
		}
	}
	*f = f.With(report.Fault{Pictures: []report.FaultPicture{{Photo: p, Screenshot: true}}})
	return d.keepFault(*f)
}

// takeRecording lets the handset record its screen, and copies the recording into the
// private part of the case. f names it if the person agrees.
func (d *diagnosis) takeRecording(ctx context.Context, f *report.Fault) error {
	if err := d.roomFor("recording.no-room", recording.MaxSize); err != nil {
		return err
	}
	seconds := int(recording.Length.Seconds())
	d.say(message.Say("recording.begins", "count", seconds))
	m, left, err := recording.Take(ctx, d.reader(), d.device)
	if left {
		d.waits.Tell(Warned{message.Say("recording.stays", "file", handset.RecordingPath)})
	}
	if err != nil {
		return err
	}
	err = d.kept.WritePrivate(casedir.RecordingName, func(w io.Writer) error {
		_, err := w.Write(m.Bytes)
		return err
	})
	if err != nil {
		return err
	}
	kept := report.FaultRecording{LengthMS: m.Length.Milliseconds(), Size: int64(len(m.Bytes)), SHA256: report.Digest(m.Bytes), At: d.host.Now().UTC().Truncate(time.Second)}
	d.say(message.Say("recording.kept", "size", amount.Bytes(kept.Size), "file", casedir.RecordingName))
	if d.person.CanAsk() {
		if yes, err := d.askYes(ctx, "--record", message.Say("recording.name.ask")); err != nil || !yes {
			return err
		}
	}
	*f = f.With(report.Fault{Recording: &kept})
	return d.keepFault(*f)
}

// bugreportRoom is more than a bugreport of a phone has.
const bugreportRoom = 256_000_000

// roomFor checks that the computer has room for a file of size bytes in the case.
func (d *diagnosis) roomFor(lacks message.ID, size int64) error {
	free, err := d.host.Free(d.kept.Dir())
	if err != nil || free >= size+sealRoom {
		return err
	}
	return message.Error(message.Say(lacks, "free", amount.Bytes(free), "size", amount.Bytes(size+sealRoom)), nil)
}

// takeBugreport lets the handset write a bugreport, copies it into the private part of the
// case, and notes it in f.
func (d *diagnosis) takeBugreport(ctx context.Context, f *report.Fault) error {
	if err := d.roomFor("bugreport.no-room", bugreportRoom); err != nil {
		return err
	}
	d.say(message.Say("bugreport.begins"))
	r, start := d.reader(), d.host.Now()
	path, answer, err := bugreport.Write(ctx, d.device, func(p bugreport.Progress) {
		d.waits.Tell(Progress{Progress: meter.Progress{Phase: meter.PhaseBugreport, BytesDone: p.Done, BytesTotal: p.Total}})
	})
	_, keepErr := r.Keep(handset.Bugreport.Must(), start, handset.Answer{Stdout: answer}, err)
	err = errors.Join(err, keepErr)
	var kept report.FaultBugreport
	if err == nil {
		kept, err = d.fetchBugreport(ctx, path)
	}
	d.waits.Tell(Progress{Over: true})
	if path != "" {
		err = errors.Join(err, d.removeBugreport(ctx, r, path))
	}
	if err != nil {
		return err
	}
	*f = f.With(report.Fault{Bugreport: &kept})
	d.say(message.Say("bugreport.kept", "size", amount.Bytes(kept.Size), "file", casedir.BugreportName))
	return d.keepFault(*f)
}

func (d *diagnosis) fetchBugreport(ctx context.Context, path string) (report.FaultBugreport, error) {
	kept, sum := report.FaultBugreport{At: d.host.Now().UTC().Truncate(time.Second)}, sha256.New()
	err := d.kept.WritePrivate(casedir.BugreportName, func(w io.Writer) (err error) {
		kept.Size, err = bugreport.Fetch(ctx, d.device, path, io.MultiWriter(w, sum))
		return err
	})
	kept.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return kept, err
}

// removeBugreport removes the file on the handset, also after Ctrl-C. A handset that left
// keeps it, and is erased later.
func (d *diagnosis) removeBugreport(ctx context.Context, r *evidence.Recorder, path string) error {
	line, err := handset.RemoveBugreport.With(path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if a, err := handset.Ask(ctx, r, line); err != nil || a.Exit > 0 {
		d.waits.Tell(Warned{message.Say("bugreport.stays", "file", path)})
	}
	return nil
}
