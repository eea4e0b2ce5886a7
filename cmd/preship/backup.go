package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/job"
)

func newBackupCmd(e *env, g *globals) *cobra.Command {
	var opts jobOptions
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Save the owner's files to this computer and prove the copy",
		Long: "Saves the whole shared storage and compares every file with the handset's own size and SHA-256. An interrupted\n" +
			"backup resumes with the same folder. Nothing is changed on the handset.\n\n" +
			encryptedHelp,
		RunE: func(cmd *cobra.Command, _ []string) error { return runBackup(cmd.Context(), e, g, opts) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.Out, "out", "", "the folder of the backup; the same again resumes it")
	f.StringVar(&opts.Dir, "case", "", "save into this case")
	opts.addProve(f)
	opts.encrypt.add(f)
	addTimeout(f, &opts.Timeout)
	f.StringSliceVar(&opts.Despite, "despite", nil, "accept this loss, such as backup.calls; repeatable")
	cmd.AddCommand(newBackupVerifyCmd(e, g), newBackupShowCmd(e, g), newBackupListCmd(e, g))
	return cmd
}

func (o *jobOptions) addProve(f *pflag.FlagSet) {
	f.StringVar(&o.Prove, "prove", "hash", "hash, reread (where the handset cannot hash) or size (not enough for a reset)")
}

func runBackup(ctx context.Context, e *env, g *globals, opts jobOptions) error {
	j := job.New(host(e, g), e.person(g), opts.of(e, g))
	defer j.Close()
	saved, refused, err := j.Backup(ctx)
	if err != nil {
		return err
	}
	if g.json {
		if err := e.PrintJSON(saved); err != nil {
			return err
		}
	} else if !refused {
		e.Printf("%s", job.Summary(saved))
	}
	return outcome(codeOf(saved.Findings))
}
