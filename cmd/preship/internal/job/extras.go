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
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
)

// takeExtras takes the extras asked for, and offers the others. One that a person
// accepted and that fails is a warning: the rest of the job does not need it.
func (j *Job) takeExtras(ctx context.Context, f *report.Fault, want Extras, offers bool) error {
	for _, extra := range []struct {
		wanted bool
		has    bool
		flag   string
		ask    message.ID
		take   func(context.Context, *report.Fault) error
	}{
		{want.Screenshot, slices.ContainsFunc(f.Pictures, func(p report.FaultPicture) bool { return p.Screenshot }), "--screenshot", "fault.screenshot.ask", j.takeScreenshot},
		{want.Recording, f.Recording != nil, "--record", "recording.ask", j.takeRecording},
		{want.Bugreport, f.Bugreport != nil, "--bugreport", "bugreport.ask", j.takeBugreport},
	} {
		yes := extra.wanted
		if !yes && offers && !extra.has {
			var err error
			if yes, err = j.askYes(ctx, extra.flag, message.Say(extra.ask)); err != nil {
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
			j.waits.Tell(Warned{message.Of(err)})
		}
	}
	return nil
}

// takeScreenshot takes a picture of the handset's screen into the case, and into f if the
// person agrees.
func (j *Job) takeScreenshot(ctx context.Context, f *report.Fault) error {
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

// takeRecording lets the handset record its screen, and copies the recording into the
// private part of the case. f names it if the person agrees.
func (j *Job) takeRecording(ctx context.Context, f *report.Fault) error {
	if err := j.roomFor("recording.no-room", recording.MaxSize); err != nil {
		return err
	}
	seconds := int(recording.Length.Seconds())
	j.say(message.Say("recording.begins", "count", seconds))
	m, left, err := recording.Take(ctx, j.reader(), j.device)
	if left {
		j.waits.Tell(Warned{message.Say("recording.stays", "file", handset.RecordingPath)})
	}
	if err != nil {
		return err
	}
	err = j.kept.WritePrivate(casedir.RecordingName, func(w io.Writer) error {
		_, err := w.Write(m.Bytes)
		return err
	})
	if err != nil {
		return err
	}
	kept := report.FaultRecording{LengthMS: m.Length.Milliseconds(), Size: int64(len(m.Bytes)), SHA256: report.Digest(m.Bytes), At: j.host.Now().UTC().Truncate(time.Second)}
	j.say(message.Say("recording.kept", "size", amount.Bytes(kept.Size), "file", casedir.RecordingName))
	if j.person.CanAsk() {
		if yes, err := j.askYes(ctx, "--record", message.Say("recording.name.ask")); err != nil || !yes {
			return err
		}
	}
	*f = f.With(report.Fault{Recording: &kept})
	return j.keepFault(*f)
}

// bugreportRoom is more than a bugreport of a phone has.
const bugreportRoom = 256_000_000

// roomFor checks that the computer has room for a file of size bytes in the case.
func (j *Job) roomFor(lacks message.ID, size int64) error {
	free, err := j.host.Free(j.kept.Dir())
	if err != nil || free >= size+sealRoom {
		return err
	}
	return message.Error(message.Say(lacks, "free", amount.Bytes(free), "size", amount.Bytes(size+sealRoom)), nil)
}

// takeBugreport lets the handset write a bugreport, copies it into the private part of the
// case, and notes it in f.
func (j *Job) takeBugreport(ctx context.Context, f *report.Fault) error {
	if err := j.roomFor("bugreport.no-room", bugreportRoom); err != nil {
		return err
	}
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
	err := j.kept.WritePrivate(casedir.BugreportName, func(w io.Writer) (err error) {
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
