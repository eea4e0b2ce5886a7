package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/archive"
	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/unpack"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/job"
	"preship/cmd/preship/internal/offsite"
	"preship/cmd/preship/internal/saved"
	"preship/cmd/preship/internal/starthere"
	"preship/report/casedir"
	"preship/report/message"
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
	f.StringVar(&opts.Out, "out", "", "the folder of the backup; the same one resumes it")
	f.StringVar(&opts.Dir, "case", "", "save into this case")
	opts.addProve(f)
	opts.encrypt.add(f)
	addTimeout(f, &opts.Timeout)
	f.StringSliceVar(&opts.Despite, "despite", nil, "accept this loss, such as backup.calls; repeatable")
	cmd.AddCommand(newBackupVerifyCmd(e, g), newBackupOpenCmd(e, g), newBackupShowCmd(e, g), newBackupListCmd(e, g))
	return cmd
}

func (o *jobOptions) addProve(f *pflag.FlagSet) {
	o.addTake(f)
	f.StringVar(&o.Prove, "prove", "hash", "hash, reread (where the handset cannot hash) or size (not enough for a reset)")
}

// addTake adds what a backup takes.
func (o *jobOptions) addTake(f *pflag.FlagSet) {
	f.StringSliceVar(&o.Only, "only", nil, "take only this kind of data or path, such as contacts or DCIM/; repeatable")
	f.StringSliceVar(&o.Exclude, "exclude", nil, "leave this kind of data or path out, such as calls or *.mp4; repeatable")
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
		e.Print(job.Summary(saved))
	}
	return outcome(codeOf(saved.Findings))
}

func newBackupShowCmd(e *env, g *globals) *cobra.Command {
	var keys keyOptions
	cmd := &cobra.Command{
		Use:   "show DIR [NAME]",
		Short: "Show what a backup holds, or print one file of it; needs no handset",
		Long: "Prints what a backup holds. With the name of an item, such as contacts.vcf or messages.html, or with a path on\n" +
			"the handset, it writes that file to standard output and compares it with the manifest. An encrypted backup\n" +
			"needs its key.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return runBackupGive(cmd.Context(), e, g, args[0], args[1], keys)
			}
			return saved.Show(e.Console, g.json, args[0])
		},
	}
	keys.add(cmd.Flags())
	return cmd
}

func newBackupListCmd(e *env, g *globals) *cobra.Command {
	var status string
	cmd := &cobra.Command{
		Use:   "list DIR",
		Short: "List every file: status, size, time and path",
		Long: "Prints every name of a backup, one a line. With --json each line is an entry of the manifest. Names that could\n" +
			"harm a terminal are quoted; --json has their bytes.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return saved.List(e.Console, g.json, args[0], status) },
	}
	cmd.Flags().StringVar(&status, "status", "", "only these: "+saved.Statuses())
	return cmd
}

// runBackupGive writes one file of a backup to standard output.
func runBackupGive(ctx context.Context, e *env, g *globals, dir, name string, keys keyOptions) error {
	if e.OutTTY {
		return job.Usage(message.Say("usage.show.terminal"))
	}
	root, key, done, err := openWithKey(ctx, e, g, dir, keys)
	if err != nil {
		return err
	}
	defer done()
	f, entry, err := backup.Open(root, name, key)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	n, err := io.Copy(e.Out, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	e.Say(message.Say("saved.given", "path", entry.Path, "size", amount.Bytes(n)))
	return nil
}

// openWithKey opens a backup that has its data, with the key for it. The data of an archived
// case is fetched first, for as long as it is used. The caller calls done.
func openWithKey(ctx context.Context, e *env, g *globals, dir string, keys keyOptions) (root *os.Root, key *agefile.Key, done func(), err error) {
	dir, keys, drop, err := e.fetched(ctx, g, dir, keys)
	if err != nil {
		return nil, nil, nil, err
	}
	if root, err = saved.Open(dir); err != nil {
		return nil, nil, nil, errors.Join(err, drop())
	}
	if err = saved.NeedsData(dir, root); err == nil {
		key, err = keys.key(ctx, e, g, root)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, root.Close(), drop())
	}
	return root, key, func() {
		_ = root.Close()
		if err := drop(); err != nil {
			e.Warn(message.Say("cases.fetch.left", "folder", dir, "error", message.Of(err)))
		}
	}, nil
}

// fetched fetches the case that dir names from its archive, if its data is there, and returns
// where it is now, with the keys for the backup in it. drop deletes the fetched files.
func (e *env) fetched(ctx context.Context, g *globals, dir string, keys keyOptions) (local string, inside keyOptions, drop func() error, err error) {
	place, err := offsite.Of(dir)
	if err != nil || place == nil {
		return dir, keys, func() error { return nil }, err
	}
	key, err := keys.archiveKey(ctx, e, g)
	if err != nil {
		return "", keys, nil, err
	}
	source, err := place.Open(ctx, key)
	if err != nil {
		return "", keys, nil, err
	}
	defer source.Close()
	if !g.json {
		e.Say(message.Say("cases.fetch.local", "case", place.Case, "address", place.Address.String()))
	}
	progress := e.progress(g)
	local, drop, err = source.Temporary(ctx, progress)
	progress(meter.Progress{})
	if err != nil {
		return "", keys, nil, err
	}
	inside = keys.inArchive()
	if _, err := os.Lstat(filepath.Join(local, agefile.KeysName)); errors.Is(err, fs.ErrNotExist) {
		inside = keyOptions{} // the backup itself is not encrypted
	}
	return local, inside, drop, nil
}

// runArchiveVerify compares an archive with its list, and with a key its files too.
func runArchiveVerify(ctx context.Context, e *env, g *globals, place *offsite.Place, keys keyOptions) error {
	o := archive.CheckOptions{Sample: 1}
	if keys.identity != "" {
		key, err := keys.archiveKey(ctx, e, g)
		if err != nil {
			return err
		}
		o.Key = key
	}
	progress := e.progress(g)
	o.Progress = func(done, all int64) {
		progress(meter.Progress{Phase: meter.PhaseFetching, BytesDone: done, BytesTotal: all})
	}
	res, err := place.Check(ctx, o)
	progress(meter.Progress{})
	if err != nil {
		return err
	}
	if g.json {
		err = e.PrintJSON(backup.CheckResult{Files: int64(max(res.Files, res.Read)), Bytes: res.Bytes, Read: true, Encrypted: true, Opened: res.Opened, Lacking: []string{}, Problems: res.Problems})
	} else {
		for _, p := range res.Problems {
			e.Print(message.Join(message.Colon, message.AsIs(p.File), p.Sentence()))
		}
		e.Say(message.Join(message.Stop, message.Say("saved.archive.checked", "count", res.Objects, "address", place.Address.String()), message.Say("saved.problems", "count", len(res.Problems))))
		switch {
		case len(res.Problems) > 0:
		case res.Opened:
			e.Say(message.Say("saved.archive.opened"))
		default:
			e.Say(message.Say("saved.archive.unopened"))
		}
	}
	if err == nil && len(res.Problems) > 0 {
		return outcome(exitUnverified)
	}
	return err
}

func newBackupOpenCmd(e *env, g *globals) *cobra.Command {
	var to string
	var keys keyOptions
	cmd := &cobra.Command{
		Use:   "open DIR [NAME]...",
		Short: "Write the files of a backup into a folder, opened, with their dates",
		Long: "Opens an encrypted backup into a folder, or copies a plain one, and compares every file with the manifest. A\n" +
			"NAME is a kind of data (files, contacts, messages, calls, calendar, apps, settings), an item such as\n" +
			"contacts.vcf, or a path on the handset such as DCIM/ or *.mp4; without one everything is opened. Run it again\n" +
			"to resume. Files that are there stay.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackupOpen(cmd.Context(), e, g, args[0], to, args[1:], keys)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the folder to write into; it is made if it is missing")
	keys.add(cmd.Flags())
	return cmd
}

func runBackupOpen(ctx context.Context, e *env, g *globals, dir, to string, names []string, keys keyOptions) error {
	if to == "" {
		return job.Usage(message.Say("usage.open.to"))
	}
	root, key, done, err := openWithKey(ctx, e, g, dir, keys)
	if err != nil {
		return err
	}
	defer done()
	if err := saved.MakeOutside(to, root.Name()); err != nil {
		return err
	}
	person := e.person(g)
	res, err := unpack.Run(ctx, root, to, unpack.Options{
		Names: names, Key: key, Progress: func(p meter.Progress) { person.Tell(job.Progress{Progress: p}) },
	})
	person.Tell(job.Progress{Over: true})
	if err != nil {
		return err
	}
	if err := starthere.WriteOpened(to, e.Language); err != nil {
		e.Warn(message.Say("start.unwritten", "file", casedir.StartName, "error", message.Of(err)))
	}
	if err := saved.Unpacked(e.Console, g.json, res); err != nil || len(res.Problems) == 0 {
		return err
	}
	return outcome(exitNotReady)
}

func newBackupVerifyCmd(e *env, g *globals) *cobra.Command {
	var read bool
	var keys keyOptions
	cmd := &cobra.Command{
		Use:   "verify DIR",
		Short: "Compare a saved backup with its manifest; needs no handset",
		Long: "Compares every file with the manifest. An encrypted backup is compared as it is on the disk, without a key. With\n" +
			"its key it is opened, and its contents are compared too.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackupVerify(cmd.Context(), e, g, args[0], read, keys)
		},
	}
	cmd.Flags().BoolVar(&read, "read", true, "read every file and compare its SHA-256, not only its size")
	keys.add(cmd.Flags())
	return cmd
}

func runBackupVerify(ctx context.Context, e *env, g *globals, dir string, read bool, keys keyOptions) error {
	if place, err := offsite.Of(dir); err != nil || place != nil {
		if err == nil {
			err = runArchiveVerify(ctx, e, g, place, keys)
		}
		return err
	}
	root, err := saved.Open(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if r, err := saved.Deleted(root); err != nil || r != nil {
		return errors.Join(err, e.answerDeleted(g, dir, r))
	}
	key, err := keys.key(ctx, e, g, root)
	if err != nil {
		return err
	}
	if key != nil && !read {
		return job.Usage(message.Say("usage.verify.unread"))
	}
	check := func() (backup.CheckResult, error) { return backup.Check(root, read) }
	if key != nil {
		check = func() (backup.CheckResult, error) { return backup.CheckOpened(root, key) }
	}
	res, err := check()
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if g.json {
		if err := e.PrintJSON(res); err != nil {
			return err
		}
	} else {
		for _, p := range res.Problems {
			e.Print(message.Join(message.Colon, message.AsIs(p.File), p.Sentence()))
		}
		e.Say(message.Join(message.Stop, message.Say("saved.checked", "count", res.Files), message.Say("saved.problems", "count", len(res.Problems))))
		if res.Kept > 0 {
			e.Say(message.Say("saved.kept", "count", res.Kept))
		}
		e.tellOpened(res)
		e.tellLacking(res)
	}
	if len(res.Problems) > 0 {
		return outcome(exitUnverified)
	}
	return nil
}

// answerDeleted answers for a backup whose data was deleted on purpose: there is
// nothing left to compare, and nothing was lost.
func (e *env) answerDeleted(g *globals, dir string, r *casedir.Retention) error {
	if r == nil {
		return nil
	}
	gone := saved.Gone(dir, r)
	if !g.json {
		e.explain(gone)
		return outcome(exitUnverified)
	}
	what := manifest.NewProblem("backup", saved.Words(r))
	err := e.PrintJSON(struct {
		backup.CheckResult
		Retention *casedir.Retention `json:"retention"`
	}{backup.CheckResult{Problems: []manifest.Problem{what}}, r})
	return errors.Join(err, outcome(exitUnverified))
}

// tellLacking says whether the backup holds all that the handset had: the saved data can be
// whole and not be all.
func (e *env) tellLacking(res backup.CheckResult) {
	if len(res.Problems) == 0 && res.NotSaved+res.LeftOut == 0 && len(res.Lacking) == 0 {
		e.Say(message.Say("saved.all"))
		return
	}
	if len(res.Problems) == 0 {
		e.Say(message.Say("saved.not-all"))
	}
	if res.NotSaved > 0 {
		e.Say(message.Say("saved.open.not-saved", "count", res.NotSaved))
	}
	if res.LeftOut > 0 {
		e.Say(message.Say("saved.left-out", "count", res.LeftOut))
	}
	if len(res.Lacking) > 0 {
		e.Say(message.Say("saved.lacking", "names", message.List(lackingNames(res), 0)))
	}
}

// tableNames are the words for the tables of rows that a backup may lack.
var tableNames = map[string]message.ID{
	"contacts": "page.item.contacts", "sms": "page.item.sms", "mms": "page.item.mms", "calls": "page.item.calls", "calendar": "page.item.calendar",
}

// lackingNames names what a backup lacks: tables and doubts in words, all else as it is.
func lackingNames(res backup.CheckResult) (names []message.Sentence) {
	for _, name := range res.Lacking {
		doubt := slices.IndexFunc(res.Doubts, func(s message.Sentence) bool { return s.String() == name })
		switch words := tableNames[name]; {
		case words != "":
			names = append(names, message.Say(words))
		case doubt >= 0:
			names = append(names, res.Doubts[doubt])
		default:
			names = append(names, message.AsIs(name))
		}
	}
	return names
}

// tellOpened says what checking an encrypted backup did not look at.
func (e *env) tellOpened(res backup.CheckResult) {
	switch whole := len(res.Problems) == 0; {
	case !res.Encrypted || !whole:
	case res.Opened:
		e.Say(message.Say("saved.opened"))
	case res.Read:
		e.Say(message.Say("saved.whole"))
	default:
		e.Say(message.Say("saved.present"))
	}
}
