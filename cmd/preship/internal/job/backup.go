package job

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"preship/adb/handset/dump"
	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/meter"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/evidence"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/wait"
	"preship/verify"
)

// Backup identifies the handset and saves its owner's data into the case, which it
// makes if it is new. The result is what the case holds also if the backup was
// refused; its findings say why then.
func (j *Job) Backup(ctx context.Context) (saved report.Backup, refused bool, err error) {
	j.alone = true
	if err := checkDespite(j.opts.Despite); err != nil {
		return saved, false, err
	}
	err = j.Within(ctx, func(ctx context.Context) error {
		refused, err = j.backupAlone(ctx)
		return err
	})
	return j.copied, refused, err
}

func (j *Job) backupAlone(ctx context.Context) (refused bool, err error) {
	for _, id := range j.opts.Despite {
		if !strings.HasPrefix(id, "backup.") {
			return false, Usage(message.Say("usage.despite.not-of-backup", "check", id))
		}
	}
	if err := j.opts.checkTake(); err != nil {
		return false, err
	}
	if _, err := j.opts.proveMode(); err != nil {
		return false, err
	}
	if _, _, err := j.encryption(ctx); err != nil {
		return false, err
	}
	if err := j.connect(ctx); err != nil {
		return false, err
	}
	if err := j.openFolder(); err != nil {
		return false, err
	}
	if err := j.runStep(ctx, stepNamed(report.StepIdentify)); err != nil {
		if err := j.unnamed(err); err != nil {
			return false, err
		}
	}
	err = j.runStep(ctx, stepNamed(report.StepBackup))
	refused = errors.Is(err, errRefused)
	if err != nil && !refused {
		return false, err
	}
	if err := j.acceptLosses(); err != nil {
		return refused, err
	}
	j.copied.Findings = j.kept.Step(report.StepBackup).Findings
	return refused, nil
}

// encryption is how a new backup is encrypted, and the key that is tried on it.
func (c *common) encryption(ctx context.Context) (agefile.Encryption, *agefile.Key, error) {
	if c.opts.Encrypt == nil {
		return agefile.Encryption{}, nil, nil
	}
	return c.opts.Encrypt(ctx)
}

// unnamed continues the backup of a handset that answers without its identity, such as
// one with a damaged system: its files are worth saving too. The case is then bound to
// the serial alone, and no reset can follow.
func (j *Job) unnamed(err error) error {
	if !errors.Is(err, dump.ErrNoProperties) {
		return err
	}
	j.handset = report.Handset{Serial: j.device.Serial()}
	j.say(message.Say("job.unnamed", "serial", j.device.Serial()))
	return j.kept.Bind(j.handset.Unit())
}

func (j *Job) backup(ctx context.Context) (any, report.Findings, error) {
	mode, err := j.opts.proveMode()
	if err != nil {
		return nil, nil, err
	}
	encrypt, key, err := j.encryption(ctx)
	if err != nil {
		return nil, nil, err
	}
	take, err := j.opts.take()
	if err != nil {
		return nil, nil, err
	}
	if err := j.known(ctx); err != nil {
		return nil, nil, err
	}
	open, err := j.ownersData(ctx)
	if err != nil {
		j.copied = report.Backup{Case: j.kept.Dir()}
		return nil, open, err
	}
	var copied report.Backup
	err = j.inTurn(ctx, func(ctx context.Context) (err error) {
		opts := j.copying()
		opts.Prove, opts.Encrypt, opts.Key, opts.Take = mode, encrypt, key, take
		copied, err = backup.Run(ctx, j.device, &evidence.Recorder{Device: j.device, Case: j.kept, Now: j.host.Now}, j.kept, opts)
		return err
	})
	j.waits.Tell(Progress{Over: true})
	copied.Case, copied.Findings = j.kept.Dir(), append(copied.Findings, open...)
	j.copied = copied
	if err != nil {
		return copied, copied.Findings, err
	}
	// The handset may have restarted into repair mode meanwhile. The copy then mixes
	// data of the temporary system with the owner's, and lacks some of the owner's.
	after, err := j.ownersData(ctx)
	if len(open) == 0 || err != nil {
		copied.Findings = append(copied.Findings[:len(copied.Findings)-len(open)], after...)
		j.copied = copied
	}
	if err != nil {
		return copied, copied.Findings, err
	}
	if j.whole {
		j.say(Summary(copied))
	}
	if f, ok := copied.Findings.ByID(check.BackupKey); ok && f.Status == report.StatusPass {
		j.say(f.Advised()) // a warning shows it by itself
	}
	return copied, copied.Findings, nil
}

// copying returns how a backup speaks with the person, and how long it waits.
func (c *common) copying() backup.Options {
	return backup.Options{
		Say: c.say, Waits: c.waits.Show, Wait: c.opts.Away, Language: c.opts.Language,
		Progress: func(p meter.Progress) { c.waits.Tell(Progress{Progress: p}) },
	}
}

// inTurn runs copying, among several jobs when it is the turn of this one.
func (j *Job) inTurn(ctx context.Context, copying func(context.Context) error) error {
	if j.opts.Peers == nil {
		return copying(ctx)
	}
	over := func() {}
	err := j.opts.Peers.Turn(ctx, func() {
		j.say(message.Say("job.wait-turn"))
		over = j.waits.Show(wait.Wait{Row: wait.Turn})
	}, func(ctx context.Context) error {
		over()
		over = func() {}
		return copying(ctx)
	})
	over()
	return err
}

// Summary returns a backup in one sentence.
func Summary(b report.Backup) message.Sentence {
	parts := []message.Sentence{message.Say("job.saved",
		"saved", amount.Digits(b.Files.Saved), "listed", amount.Digits(b.Files.Listed), "proved", amount.Digits(b.Files.Proved), "size", amount.Bytes(b.Bytes.Saved))}
	for _, row := range []struct {
		id    message.ID
		count int64
	}{
		{"job.saved.changed", b.Files.Changed},
		{"job.saved.unreadable", b.Files.Unreadable},
		{"job.saved.kept", b.Files.Kept},
	} {
		if row.count > 0 {
			parts = append(parts, message.Say(row.id, "count", row.count))
		}
	}
	return message.Join(message.Semicolon, parts...)
}

// ErrNotOwners: the handset shows another system or another user's space.
var ErrNotOwners = message.Error(message.Say("error.not-owners-data"), nil)

// repairMode checks whether the handset shows its owner's data or a temporary
// system. Where the handset does not say, --attest counts.
func (j *Job) repairMode(ctx context.Context) (report.Finding, error) {
	r := j.reader()
	f := verify.RepairMode(ctx, r, j.identity)
	if err := r.Whole(ctx.Err()); err != nil {
		return f, err
	}
	said, err := j.attestations()
	if err != nil {
		return f, err
	}
	found := []report.Finding{f}
	verify.Attest(&report.Accounts{}, found, said)
	return found[0], nil
}

// ownersData returns errRefused for a handset that shows another system or another
// user's space: a copy of that saves nothing of its owner's. For a handset that does
// not say, it returns the finding and no error: the copy may be worth having, and
// the finding, which is no pass, keeps a reset from following.
func (j *Job) ownersData(ctx context.Context) (report.Findings, error) {
	f, err := j.repairMode(ctx)
	switch {
	case err != nil:
		return nil, err
	case f.Status == report.StatusFail:
		return report.Findings{f}, fmt.Errorf("%w: %w", errRefused, ErrNotOwners)
	case f.Status == report.StatusPass:
		return nil, nil
	}
	return report.Findings{f}, nil
}
