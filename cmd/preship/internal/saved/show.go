package saved

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"preship/backup/manifest"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
)

// Show prints what a backup holds.
func Show(c *console.Console, asJSON bool, dir string) error {
	e := answer{c}
	if err := e.tellDeleted(dir); err != nil {
		return err
	}
	reasons := map[manifest.Status]int64{}
	m, err := read(dir, func(entry *manifest.Entry) error {
		reasons[entry.Status]++
		return nil
	})
	if err != nil {
		return err
	}
	if asJSON {
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

// List prints every name of a backup, or those of one status. A status that does not
// exist gives a usage error.
func List(c *console.Console, asJSON bool, dir, status string) error {
	e := answer{c}
	if status != "" && !slices.Contains(entryStatuses, manifest.Status(status)) {
		return usagef("--status %q: say %s", status, Statuses())
	}
	if err := e.tellDeleted(dir); err != nil {
		return err
	}
	_, err := read(dir, func(entry *manifest.Entry) error {
		if status != "" && string(entry.Status) != status {
			return nil
		}
		if asJSON {
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

// Statuses are the values of List's status, for people.
func Statuses() string {
	var names []string
	for _, s := range entryStatuses {
		names = append(names, string(s))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// tellDeleted says of a list of what was saved that it is all that is left.
func (e answer) tellDeleted(dir string) error {
	root, err := Open(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	r, err := Deleted(root)
	if r != nil {
		e.Sayf("%s; this list of what was saved stays", Words(r))
	}
	return err
}

// read reads the manifest of a backup.
func read(dir string, fn func(*manifest.Entry) error) (*manifest.Manifest, error) {
	root, err := Open(dir)
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
