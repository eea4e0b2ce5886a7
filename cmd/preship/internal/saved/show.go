package saved

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/backup/manifest"
	"preship/cmd/preship/internal/amount"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
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
	c.Table(rowsOf(m, reasons))
	return nil
}

// rowsOf are the rows of the table of a backup.
func rowsOf(m *manifest.Manifest, reasons map[manifest.Status]int64) (rows [][]any) {
	put := func(name message.ID, value message.Sentence) { rows = append(rows, []any{message.Say(name), value}) }
	put("saved.handset", message.AsIs(m.Serial))
	put("saved.saved", message.Say("saved.saved.by", "date", m.Finished.Format(time.DateTime), "tool", m.Tool))
	proof := message.Say("saved.proof.incomplete", "how", string(m.Prove))
	if m.Complete {
		proof = message.Say("saved.proof.complete", "how", string(m.Prove))
	}
	put("saved.proof", proof)
	put("saved.files", message.Say("saved.files.counts", "saved", fmt.Sprint(m.Files.Saved), "listed", fmt.Sprint(m.Files.Listed), "proved", fmt.Sprint(m.Files.Proved), "size", amount.Bytes(m.Bytes.Saved)))
	for _, row := range statusWords {
		if n := reasons[row.status]; n > 0 {
			rows = append(rows, []any{"", message.Say(row.words, "count", n)})
		}
	}
	if enc := m.Encryption; enc != nil && enc.Passphrase {
		put("saved.encryption", message.Say("saved.encryption.passphrase", "format", enc.Format))
	} else if enc != nil {
		put("saved.encryption", message.Say("saved.encryption.keys", "format", enc.Format, "count", enc.Keys))
	}
	for _, r := range m.Roots {
		put("saved.storage", message.Say("saved.storage.names", "path", r.Path, "count", r.Names))
	}
	for _, it := range m.Items {
		if !strings.HasPrefix(it.File, "backup/items/raw/") {
			put("saved.item", message.Say("saved.item.size", "file", it.File, "size", amount.Bytes(it.Size)))
		}
	}
	return rows
}

// statusWords are the words of the statuses that are shown one by one.
var statusWords = []struct {
	status manifest.Status
	words  message.ID
}{
	{manifest.StatusChanged, "saved.status.changed"},
	{manifest.StatusVanished, "saved.status.vanished"},
	{manifest.StatusUnreadable, "saved.status.unreadable"},
	{manifest.StatusMissing, "saved.status.missing"},
	{manifest.StatusKept, "saved.status.kept"},
	{manifest.StatusLeftOut, "saved.status.left-out"},
}

// List prints every name of a backup, or those of one status. A status that does not
// exist gives a usage error.
func List(c *console.Console, asJSON bool, dir, status string) error {
	e := answer{c}
	if status != "" && !slices.Contains(entryStatuses, manifest.Status(status)) {
		return job.Usage(message.Say("usage.show.status", "value", strconv.Quote(status), "statuses", statusNames()))
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
			reason = "  (" + e.Words(entry.Sentence()) + ")"
		}
		e.Printf("%-10s %12d  %s  %s%s", string(entry.Status), entry.Size, time.Unix(entry.MTime, 0).UTC().Format(time.DateTime), entry.Path, reason)
		return nil
	})
	return err
}

// entryStatuses are what may have become of an entry.
var entryStatuses = []manifest.Status{
	manifest.StatusProved, manifest.StatusSaved, manifest.StatusChanged, manifest.StatusVanished,
	manifest.StatusUnreadable, manifest.StatusRecorded, manifest.StatusKept, manifest.StatusLeftOut, manifest.StatusMissing,
}

// Statuses are the values of List's status, for people.
func Statuses() string {
	names := statusNames()
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func statusNames() (names []string) {
	for _, s := range entryStatuses {
		names = append(names, string(s))
	}
	return names
}

// tellDeleted says that the files of a list were deleted.
func (e answer) tellDeleted(dir string) error {
	root, err := Open(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	r, err := Deleted(root)
	if r != nil {
		e.Say(message.Say("saved.list-stays", "deleted", Words(r)))
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
