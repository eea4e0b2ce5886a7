package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/report/message"
	"preship/report/wait"
)

// sameHandset compares the handset with the one that the question was about. It has
// to give every number that it gave then. The error is a reset.ErrExchanged for
// another number, and a reset.ErrSilent for a number that it no longer gives.
func sameHandset(asked, now handset.Identity) error {
	for _, row := range []struct {
		name      message.ID
		then, now string
	}{
		{"job.number.sn", asked.SN.Value, now.SN.Value},
		{"job.number.imei", imeisOf(asked), imeisOf(now)},
		{"job.number.processor", asked.CPUID.Value, now.CPUID.Value},
		{"job.number.serial", asked.Serial.Value, now.Serial.Value},
		{"job.number.build", asked.Build.Value, now.Build.Value},
	} {
		switch {
		case row.then == "" || row.then == row.now:
		case row.now == "":
			return silent(row.name)
		default:
			return exchanged(row.name)
		}
	}
	return nil
}

func sameID(then, now string) error {
	switch {
	case then == "" || then == now:
		return nil
	case now == "":
		return silent("job.number.android-id")
	}
	return exchanged("job.number.android-id")
}

func silent(number message.ID) error {
	return fmt.Errorf("%w: %w", reset.ErrSilent, message.Error(message.Say("job.error.number-missing", "number", message.Say(number)), nil))
}

func exchanged(number message.ID) error {
	return fmt.Errorf("%w: %w", reset.ErrExchanged, message.Error(message.Say("job.error.number-differs", "number", message.Say(number)), nil))
}

func imeisOf(id handset.Identity) string {
	var all []string
	for _, i := range id.IMEIs.Items {
		all = append(all, i.Value)
	}
	return strings.Join(all, " ")
}

// backupIsWhole reads every saved file, unless nothing was written to any of
// them since this run did so last.
func (e *erasure) backupIsWhole() error {
	if err := e.InPlace(); err != nil {
		return err
	}
	now, err := backup.StampOf(e.kept.Root())
	if err != nil {
		return message.Error(message.Say("job.error.backup-unreadable"), err)
	}
	if e.proof != nil && *e.proof == now {
		return nil
	}
	e.proof = nil
	defer e.waits.Show(wait.Wait{Row: wait.Reproving})()
	res, err := backup.Check(e.kept.Root(), true)
	if err != nil {
		return err
	}
	if len(res.Problems) > 0 {
		p := res.Problems[0]
		return message.Error(message.Say("job.error.files-differ", "count", len(res.Problems), "file", p.File, "what", p.Sentence()), nil)
	}
	e.proof = &now
	return nil
}

// recheck is the last check before the wipe: of the backup and, if the handset's
// system is running, of which handset it is. Package reset asks a recovery that.
func (e *erasure) recheck(ctx context.Context) error {
	state, err := e.device.State(ctx)
	if err != nil {
		return err
	}
	if state == adb.StateDevice {
		reader := e.reader()
		id, err := handset.Identify(ctx, reader)
		if err = reader.Whole(err); err != nil {
			return err
		}
		if err := sameHandset(e.identity, id); err != nil {
			return fmt.Errorf("%w: %w", reset.ErrSince, err)
		}
	}
	if strings.TrimSpace(e.opts.WithoutBackup) != "" {
		return nil
	}
	if err := e.backupIsWhole(); err != nil {
		return fmt.Errorf("%w: %w", reset.ErrSince, err)
	}
	return nil
}

// noteSince replaces the precondition that recheck found to hold no longer.
func noteSince(ready report.Findings, err error) report.Findings {
	if !errors.Is(err, reset.ErrSince) {
		return ready
	}
	return replaced(ready, reset.Since(err))
}

// replaced returns fs with the finding of the same check replaced by f.
func replaced(fs report.Findings, f report.Finding) report.Findings {
	out := slices.Clone(fs)
	if i := slices.IndexFunc(out, func(o report.Finding) bool { return o.ID == f.ID }); i >= 0 {
		f.At = out[i].At
		out[i] = f
	}
	return out
}
