package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"preship/backup/manifest"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
)

func newBackupShowCmd(e *env, g *globals) *cobra.Command {
	var keys keyOptions
	cmd := &cobra.Command{
		Use:   "show DIR [NAME]",
		Short: "say what a backup holds, without a handset, or give one file of it",
		Long: "show says what a backup holds. with the name of an item, such as contacts.vcf or messages.html, or with a path\n" +
			"on the handset, it writes that file to standard output and compares it with the manifest while it does;\n" +
			"of an encrypted backup it takes the key.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return runBackupGive(cmd.Context(), e, g, args[0], args[1], keys)
			}
			return runBackupShow(e, g, args[0])
		},
	}
	keys.add(cmd.Flags())
	return cmd
}

func runBackupShow(e *env, g *globals, dir string) error {
	if err := e.tellDeleted(dir); err != nil {
		return err
	}
	reasons := map[manifest.Status]int64{}
	m, err := readBackup(dir, func(entry *manifest.Entry) error {
		reasons[entry.Status]++
		return nil
	})
	if err != nil {
		return err
	}
	if g.json {
		return e.PrintJSON(m)
	}
	e.Printf("handset   %s", m.Serial)
	e.Printf("saved     %s, by %s", m.Finished.Format(time.DateTime), m.Tool)
	e.Printf("proved by %s; complete: %v", string(m.Prove), m.Complete)
	e.Printf("files     %d of %d saved, %d proved, %s", m.Files.Saved, m.Files.Listed, m.Files.Proved, amount.Size(m.Bytes.Saved))
	for _, s := range []manifest.Status{manifest.StatusChanged, manifest.StatusVanished, manifest.StatusUnreadable, manifest.StatusMissing, manifest.StatusKept} {
		if reasons[s] > 0 {
			e.Printf("          %d %s", reasons[s], statusWords(s))
		}
	}
	if enc := m.Encryption; enc != nil && enc.Passphrase {
		e.Printf("encrypted with a passphrase, as %s; it opens only with that", enc.Format)
	} else if enc != nil {
		e.Printf("encrypted to %s, as %s; it opens only with a secret key of those", amount.Count(enc.Keys, "key"), enc.Format)
	}
	for _, r := range m.Roots {
		e.Printf("storage   %s, %d names", r.Path, r.Names)
	}
	for _, it := range m.Items {
		if !strings.HasPrefix(it.File, "backup/items/raw/") {
			e.Printf("item      %s, %s", it.File, amount.Size(it.Size))
		}
	}
	return nil
}

// statusWords is a status as a person reads it.
func statusWords(s manifest.Status) string {
	if s == manifest.StatusKept {
		return "kept from an earlier run"
	}
	return string(s)
}

func newBackupListCmd(e *env, g *globals) *cobra.Command {
	var status string
	cmd := &cobra.Command{
		Use:   "list DIR",
		Short: "list what a backup knows of: status, size, time and path on the handset",
		Long: "list prints every name of a backup, one a line. with --json a line is the manifest's own entry.\n" +
			"names that could harm a terminal are quoted; --json has their bytes.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return runBackupList(e, g, args[0], status) },
	}
	cmd.Flags().StringVar(&status, "status", "", "only these: "+statusNames())
	return cmd
}

func runBackupList(e *env, g *globals, dir, status string) error {
	if status != "" && !slices.Contains(entryStatuses, manifest.Status(status)) {
		return usagef("--status %q: say %s", status, statusNames())
	}
	if err := e.tellDeleted(dir); err != nil {
		return err
	}
	_, err := readBackup(dir, func(entry *manifest.Entry) error {
		if status != "" && string(entry.Status) != status {
			return nil
		}
		if g.json {
			b, err := json.Marshal(entry)
			if err != nil {
				return err
			}
			return console.WriteJSON(e.Out, b)
		}
		reason := ""
		if entry.Reason != "" {
			reason = "  (" + entry.Reason + ")"
		}
		e.Printf("%-10s %12d  %s  %s%s", string(entry.Status), entry.Size, time.Unix(entry.MTime, 0).UTC().Format(time.DateTime), entry.Path, reason)
		return nil
	})
	return err
}

// entryStatuses are what may have become of an entry.
var entryStatuses = []manifest.Status{
	manifest.StatusProved, manifest.StatusSaved, manifest.StatusChanged, manifest.StatusVanished,
	manifest.StatusUnreadable, manifest.StatusRecorded, manifest.StatusKept, manifest.StatusMissing,
}

func statusNames() string {
	var names []string
	for _, s := range entryStatuses {
		names = append(names, string(s))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// tellDeleted says of a list of what was saved that it is all that is left.
func (e *env) tellDeleted(dir string) error {
	root, err := openDir(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	r, err := dataDeleted(root)
	if r != nil {
		e.Sayf("%s; this list of what was saved stays", deletedWords(r))
	}
	return err
}

// readBackup reads the manifest of a backup.
func readBackup(dir string, fn func(*manifest.Entry) error) (*manifest.Manifest, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(manifest.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, manifest.ErrNoBackup)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := manifest.Read(f, fn)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return m, nil
}
