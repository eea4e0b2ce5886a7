package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/backup/agefile"
	"preship/backup/restore"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/restoring"
	"preship/cmd/preship/internal/saved"
	"preship/report"
	"preship/report/message"
)

type restoreOptions struct {
	dir       string
	only      []string
	dryRun    bool
	overwrite bool
	other     bool
	card      string
	wait      time.Duration
	timeout   time.Duration
	keys      keyOptions
}

func newRestoreCmd(e *env, g *globals) *cobra.Command {
	var opts restoreOptions
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "Restore a backup to a handset and prove it",
		Long: "Sends the files of a backup to their places on the connected handset, with their times, makes the empty folders,\n" +
			"installs the missing apps, and opens the contacts for you to import. Everything is compared with the handset's\n" +
			"answers afterwards. Files with other or newer contents stay. Messages and calls are sent as files, which an app\n" +
			"on the handset imports; they are counted before and after. The apps' own data cannot be restored. An\n" +
			"interrupted restore resumes when it is run again.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			code := exitReady
			err := job.WithTimeout(cmd.Context(), opts.timeout, func(ctx context.Context) (err error) {
				code, err = runRestore(ctx, e, g, opts)
				return err
			})
			if err != nil {
				return err
			}
			return outcome(code)
		},
	}
	f := cmd.Flags()
	wait := 30 * time.Second
	if e.InTTY {
		wait = 5 * time.Minute
	}
	f.StringVar(&opts.dir, "case", "", "the case that holds the backup")
	f.StringSliceVar(&opts.only, "only", nil, "restore only these: files, apps, contacts, messages, calls")
	f.BoolVar(&opts.dryRun, "dry-run", false, "only show what would be done, line by line")
	addTimeout(f, &opts.timeout)
	f.BoolVar(&opts.overwrite, "overwrite", false, "replace files that have other contents there")
	f.BoolVar(&opts.other, "other-handset", false, "the handset is not the one that was saved")
	f.StringVar(&opts.card, "card", "", "restore the files of a saved card to this other card, by its number")
	opts.keys.add(f)
	f.DurationVar(&opts.wait, "wait", wait, "how long to wait for you to import the contacts")
	return cmd
}

// parts reads --only.
func (o *restoreOptions) parts() (parts []restore.Part, err error) {
	for _, name := range o.only {
		part := restore.Part(strings.TrimSpace(name))
		if !slices.Contains(restore.Parts, part) {
			return nil, job.Usage(message.Say("usage.restore.only", "value", quoted(name)))
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func runRestore(ctx context.Context, e *env, g *globals, opts restoreOptions) (exitCode, error) {
	parts, err := opts.parts()
	if err != nil {
		return exitReady, err
	}
	if opts.dir == "" {
		return exitReady, job.Usage(message.Say("usage.case"))
	}
	dir, keys, drop, err := e.fetched(ctx, g, opts.dir, opts.keys)
	if err != nil {
		return exitReady, err
	}
	defer func() {
		if err := drop(); err != nil {
			e.Warn(message.Say("cases.fetch.left", "folder", dir, "error", message.Of(err)))
		}
	}()
	actions := []restore.Action{}
	w := restoring.Work{
		Host: host(e, g), Serial: g.serial, Dir: dir, Person: e.person(g), Say: e.Say, Other: opts.otherHandset(e, g),
		Key: func(ctx context.Context, root *os.Root) (*agefile.Key, error) { return keys.key(ctx, e, g, root) },
		Options: restore.Options{
			Only: parts, DryRun: opts.dryRun, Overwrite: opts.overwrite, ImportWait: opts.wait,
			Imported: opts.imported(e, g), Card: opts.card, AskCard: opts.askCard(e, g),
			Would: func(a restore.Action) {
				if g.json {
					actions = append(actions, a)
					return
				}
				e.Print(saved.Would(a))
			},
		},
	}
	if !g.json {
		w.Begins = e.Say
	}
	res, err := w.Run(ctx)
	if err != nil {
		return exitReady, err
	}
	if err := saved.Restored(e.Console, g.json, res, actions); err != nil {
		return exitReady, err
	}
	if !restoring.Whole(res) {
		return exitNotReady, nil
	}
	return exitReady, nil
}

// otherHandset returns what asks whether another handset than the saved one is meant.
func (o *restoreOptions) otherHandset(e *env, g *globals) func(context.Context, report.Unit, report.Unit) (bool, error) {
	return func(ctx context.Context, _, _ report.Unit) (bool, error) {
		if o.other {
			return true, nil
		}
		answer, err := e.ask(ctx, g, "--other-handset", e.Words(message.Say("restore.other-handset.ask")))
		return strings.EqualFold(answer, "yes"), err
	}
}

// imported returns what asks, at a terminal, whether an app has imported messages and calls.
func (o *restoreOptions) imported(e *env, g *globals) func(context.Context, int64) (bool, error) {
	if !e.InTTY || g.noInput || g.json || o.dryRun {
		return nil
	}
	return func(ctx context.Context, missing int64) (bool, error) {
		answer, err := e.ask(ctx, g, "--only", e.Words(message.Say("restore.import.ask", "count", missing)))
		return err == nil && answer == "", err
	}
}

// askCard returns what asks, where somebody can be asked, whether another card takes the files
// of a saved one. Elsewhere the answer is no: the files stay, and a problem names --card.
func (o *restoreOptions) askCard(e *env, g *globals) func(ctx context.Context, saved, other string) (bool, error) {
	if !e.InTTY || g.noInput {
		return nil
	}
	return func(ctx context.Context, saved, other string) (bool, error) {
		answer, err := e.ask(ctx, g, "--card", e.Words(message.Say("restore.card.ask", "saved", saved, "other", other)))
		return strings.EqualFold(answer, "yes"), err
	}
}
