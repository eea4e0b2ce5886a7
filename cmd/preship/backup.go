package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/handset"
	"preship/backup"
	"preship/report"
)

func newBackupCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "save the owner's files to this computer and prove the copy",
		Long: "backup saves all of the shared storage and compares every file with the handset's own size and SHA-256.\n" +
			"it goes on where it was interrupted when it is given the same folder again. it changes nothing on the handset.\n\n" +
			sealedHelp,
		RunE: func(cmd *cobra.Command, _ []string) error { return runBackup(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.out, "out", "", "the case folder to save into; a new one is made there")
	f.StringVar(&opts.dir, "case", "", "save into this case")
	opts.addProve(f)
	opts.encrypt.add(f)
	addTimeout(f, &opts.timeout)
	f.StringSliceVar(&opts.despite, "despite", nil, "accept a loss by its ID, such as backup.calls (printed on the report)")
	cmd.AddCommand(newBackupVerifyCmd(e, g), newBackupShowCmd(e, g), newBackupListCmd(e, g))
	return cmd
}

func (o *jobOptions) addProve(f *pflag.FlagSet) {
	f.StringVar(&o.prove, "prove", "hash", "how the copy is proved: hash, reread (read twice, where the handset cannot hash), or size (not enough for a reset)")
}

func runBackup(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	if err := checkDespite(opts.despite); err != nil {
		return err
	}
	j := newJob(e, g, opts)
	j.quiet, j.alone = g.json, true
	defer j.close()
	return j.within(ctx, j.runBackup)
}

func (j *job) runBackup(ctx context.Context) error {
	for _, id := range j.opts.despite {
		if !strings.HasPrefix(id, "backup.") {
			return usagef("--despite=%s: a backup accepts losses of its own, whose IDs begin with backup.; preship reset takes the others", id)
		}
	}
	if _, err := j.opts.proveMode(); err != nil {
		return err
	}
	if err := j.opts.encrypt.read(ctx, j.env, j.globals); err != nil {
		return err
	}
	if err := j.connect(ctx); err != nil {
		return err
	}
	if err := j.openFolder(); err != nil {
		return err
	}
	if err := j.runStep(ctx, stepNamed(report.StepIdentify)); err != nil {
		if err := j.unnamed(err); err != nil {
			return err
		}
	}
	refused := j.runStep(ctx, stepNamed(report.StepBackup))
	if refused != nil && !errors.Is(refused, errRefused) {
		return refused
	}
	if err := j.acceptLosses(); err != nil {
		return err
	}
	j.copied.Findings = j.kept.Step(report.StepBackup).Findings
	if j.globals.json {
		if err := j.env.PrintJSON(j.copied); err != nil {
			return err
		}
	} else if refused == nil {
		j.env.Print("%s", summary(j.copied))
	}
	return outcome(codeOf(j.copied.Findings))
}

// unnamed lets a backup go on for a handset that answers and does not say who it
// is, such as one whose system is damaged: its files are worth saving all the
// same. The case is then bound to its serial alone, and no reset can follow.
func (j *job) unnamed(err error) error {
	if !errors.Is(err, handset.ErrNoProperties) {
		return err
	}
	j.handset = report.Handset{Serial: j.device.Serial()}
	j.say("this handset does not say who it is; its files are saved under its serial, %s", j.device.Serial())
	return j.kept.Bind(j.handset.Unit())
}

func (j *job) backup(ctx context.Context) (any, report.Findings, error) {
	mode, err := j.opts.proveMode()
	if err != nil {
		return nil, nil, err
	}
	if err := j.opts.encrypt.read(ctx, j.env, j.globals); err != nil {
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
	if j.whole {
		if err := j.mustAccept(); err != nil {
			return nil, nil, err
		}
	}
	bar := newProgress(j.env, j.events, j.quiet)
	var copied report.Backup
	err = j.inTurn(ctx, func(ctx context.Context) (err error) {
		copied, err = backup.Run(ctx, j.device, j.reader(), j.kept, backup.Options{
			Say:   func(text string) { j.say("%s", text) },
			Prove: mode, Encrypt: j.opts.encrypt.seal, Key: j.opts.encrypt.key, Progress: bar.show,
		})
		return err
	})
	bar.close()
	copied.Case, copied.Findings = j.kept.Dir(), append(copied.Findings, open...)
	j.copied = copied
	if err != nil {
		return copied, copied.Findings, err
	}
	// It may have restarted into the mode meanwhile, and then part of what was saved
	// is of the temporary system, and part of the owner's was not seen.
	after, err := j.ownersData(ctx)
	if len(open) == 0 || err != nil {
		copied.Findings = append(copied.Findings[:len(copied.Findings)-len(open)], after...)
		j.copied = copied
	}
	if err != nil {
		return copied, copied.Findings, err
	}
	if j.whole {
		j.say("%s", summary(copied))
	}
	if key, ok := copied.Findings.ByID(backup.FindingKey); ok && key.Status == report.StatusPass {
		j.say("%s", key.Remedy) // a warning says it by itself
	}
	return copied, copied.Findings, nil
}

// summary is a backup in one line.
func summary(b report.Backup) string {
	s := fmt.Sprintf("%d of %d files saved and %d proved, %s", b.Files.Saved, b.Files.Listed, b.Files.Proved, size(b.Bytes.Saved))
	if n := b.Files.Changed; n > 0 {
		s += fmt.Sprintf("; %d changed while being read", n)
	}
	if n := b.Files.Unreadable; n > 0 {
		s += fmt.Sprintf("; %d unreadable", n)
	}
	if n := b.Files.Kept; n > 0 {
		s += fmt.Sprintf("; %d kept from an earlier run", n)
	}
	return s
}

// size writes bytes the way file managers do.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	units := []string{"kB", "MB", "GB", "TB"}
	f := float64(n) / 1000
	for f >= 1000 && len(units) > 1 {
		f, units = f/1000, units[1:]
	}
	return fmt.Sprintf("%.1f %s", f, units[0])
}
