package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/adb/handset"
	"preship/adb/handset/dump"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/restore"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/saved"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/verify"
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
	root, unit, closeCase, err := openSaved(dir)
	if err != nil {
		return exitReady, err
	}
	defer closeCase()
	if err := saved.NeedsData(dir, root); err != nil {
		return exitReady, err
	}
	key, err := keys.key(ctx, e, g, root)
	if err != nil {
		return exitReady, err
	}
	client, err := g.server(ctx, e)
	if err != nil {
		return exitReady, err
	}
	device, info, err := client.Pick(ctx, g.serial)
	if err != nil {
		return exitReady, err
	}
	release, err := job.Claim(host(e, g), client, device.Serial())
	if err != nil {
		return exitReady, err
	}
	defer release()
	if !g.json {
		e.Say(restoringTo(device.Serial(), info.Model))
	}
	if err := opts.sameHandset(ctx, e, g, device, unit); err != nil {
		return exitReady, err
	}
	person := job.NewWaits(e.person(g), e.Now)
	actions := []restore.Action{}
	res, err := restore.Run(ctx, device, root, restore.Options{
		Only: parts, DryRun: opts.dryRun, Overwrite: opts.overwrite, Key: key, ImportWait: opts.wait,
		Progress: func(p meter.Progress) { person.Tell(job.Progress{Progress: p}) },
		Waits:    person.Show,
		Say:      e.Say,
		Imported: opts.imported(e, g),
		Card:     opts.card,
		AskCard:  opts.askCard(e, g),
		Would: func(a restore.Action) {
			if g.json {
				actions = append(actions, a)
				return
			}
			saved.Would(e.Console, a)
		},
	})
	person.Tell(job.Progress{Over: true})
	if err != nil {
		return exitReady, err
	}
	if err := saved.Restored(e.Console, g.json, res, actions); err != nil {
		return exitReady, err
	}
	if len(res.Problems) > 0 || len(res.Missing) > 0 || res.Contacts.Status == restore.ContactsUnknown {
		return exitNotReady, nil
	}
	return exitReady, nil
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

// restoringTo names the handset, whose model the server may not know.
func restoringTo(serial, model string) message.Sentence {
	if model == "" {
		return message.Say("restore.to.serial", "serial", serial)
	}
	return message.Say("restore.to", "serial", serial, "model", model)
}

// openSaved opens a case to restore from, which says of which handset it is. A
// backup alone, without its case, does not.
func openSaved(dir string) (root *os.Root, unit report.Unit, done func(), err error) {
	if err := job.CheckFolder(dir); err != nil {
		return nil, unit, nil, err
	}
	kept, err := casedir.Open(dir)
	switch {
	case err == nil:
		unit, _ = kept.Unit()
		return kept.Root(), unit, func() { _ = kept.Close() }, nil
	case !errors.Is(err, casedir.ErrNotCase):
		return nil, unit, nil, err
	}
	if root, err = saved.Open(dir); err != nil {
		return nil, unit, nil, err
	}
	if _, err := root.Stat(manifest.Name); errors.Is(err, fs.ErrNotExist) {
		_ = root.Close()
		return nil, unit, nil, fmt.Errorf("%s: %w", dir, manifest.ErrNoBackup)
	}
	return root, unit, func() { _ = root.Close() }, nil
}

// sameHandset returns an error for photos of another handset.
func (o *restoreOptions) sameHandset(ctx context.Context, e *env, g *globals, device *adb.Device, saved report.Unit) error {
	connected := report.Unit{Serial: device.Serial()}
	r := &job.Recorder{Device: device, Now: e.Now}
	id, err := handset.Identify(ctx, r)
	switch {
	case err == nil:
		h, _ := verify.Identity(id, verify.Claims{})
		h.Serial = device.Serial()
		connected = h.Unit()
		if f := verify.RepairMode(ctx, r, id); f.Status == report.StatusFail {
			return message.Kind(message.Join(message.Colon, message.Of(job.ErrNotOwners), message.Join(message.Stop, f.Told(), f.Advised())), job.ErrNotOwners)
		}
	case !errors.Is(err, dump.ErrNoProperties):
		return err
	}
	if saved.Same(connected) {
		return nil
	}
	e.Say(message.Say("restore.other-handset", "saved", saved, "connected", connected))
	if o.dryRun || o.other {
		return nil
	}
	answer, err := e.ask(ctx, g, "--other-handset", e.Words(message.Say("restore.other-handset.ask")))
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, "yes") {
		return job.Usage(message.Say("usage.restore.nothing"))
	}
	return nil
}
