package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"preship/backup"
)

type restoreOptions struct {
	dir       string
	dryRun    bool
	overwrite bool
	timeout   time.Duration
}

func newRestoreCmd(e *env, g *globals) *cobra.Command {
	var opts restoreOptions
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "send saved files back to a handset and prove them",
		Long: "restore sends the files of a backup to where they were on the connected handset, with their times, and\n" +
			"compares each with the handset's own SHA-256. files that are there with other contents stay as they are.\n" +
			"contacts are put in Download, for their owner to open; apps, messages and settings cannot be sent back.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, _, end := limited(cmd.Context(), opts.timeout)
			defer end()
			return timed(ctx, runRestore(ctx, e, g, opts))
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.dir, "case", "", "the case that holds the backup")
	f.BoolVar(&opts.dryRun, "dry-run", false, "only say what would be sent")
	addTimeout(f, &opts.timeout)
	f.BoolVar(&opts.overwrite, "overwrite", false, "replace files that are there with other contents")
	return cmd
}

func runRestore(ctx context.Context, e *env, g *globals, opts restoreOptions) error {
	if opts.dir == "" {
		return usagef("say which backup: --case DIR")
	}
	root, err := os.OpenRoot(opts.dir)
	if err != nil {
		return usagef("%v", err)
	}
	defer root.Close()
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	device, info, err := client.Pick(ctx, g.serial)
	if err != nil {
		return err
	}
	release, err := claimAlone(e, client, device.Serial())
	if err != nil {
		return err
	}
	defer release()
	if !g.json {
		e.say("restoring to %s (%s)", device.Serial(), info.Model)
	}
	bar := newProgress(e, nil, g.json)
	res, err := backup.Restore(ctx, device, root, backup.RestoreOptions{DryRun: opts.dryRun, Overwrite: opts.overwrite, Progress: bar.show})
	bar.close()
	if err != nil {
		return err
	}
	if g.json {
		if err := e.printJSON(res); err != nil {
			return err
		}
	} else {
		e.tellRestore(res)
	}
	if len(res.Problems) > 0 {
		return outcome(exitNotReady)
	}
	return nil
}

// tellRestore says how a restore went.
func (e *env) tellRestore(res backup.RestoreResult) {
	for _, p := range res.Problems {
		e.print("%s: %s", p.File, p.What)
	}
	if res.DryRun {
		e.print("%s of %d would be sent, %s; %d are there already", plural(int(res.Pushed), "file"), res.Files, size(res.Bytes), res.Present)
		return
	}
	e.print("%s of %d sent, %s; %d were there already; %d proved", plural(int(res.Pushed), "file"), res.Files, size(res.Bytes), res.Present, res.Proved)
	if res.Contacts != "" {
		e.say("contacts: open %s on the handset, in its file manager, and choose to import them", res.Contacts)
	}
	e.say("restart the handset, and its gallery shows the pictures")
}
