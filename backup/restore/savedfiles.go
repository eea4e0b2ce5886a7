package restore

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// maxSavedItem bounds an item that is read whole.
	maxSavedItem = 256 << 20
)

// savedFiles is the backup on the disk.
type savedFiles struct {
	root  *os.Root
	key   *agefile.Key // nil: nothing is encrypted
	buf   []byte
	items map[string]manifest.Item   // by name
	apks  map[string]*manifest.Entry // by path on the handset
}

// open opens a saved file.
func (s *savedFiles) open(e *manifest.Entry) (io.ReadCloser, error) {
	return agefile.OpenEntry(s.root, e, s.key)
}

// intact reads a saved file to its end and compares it with the manifest. The error is
// disk.ErrDamaged.
func (s *savedFiles) intact(e *manifest.Entry) error {
	f, err := s.open(e)
	if err != nil {
		return fmt.Errorf("%w: %w", disk.ErrDamaged, err)
	}
	defer f.Close()
	h := sha256.New()
	// WriterTo of a file would bring its own buffer.
	n, err := io.CopyBuffer(h, struct{ io.Reader }{f}, s.buf)
	if err != nil {
		return fmt.Errorf("%w: %w", disk.ErrDamaged, err)
	}
	if n != e.Size || !manifest.SameSum(h.Sum(nil), e.ContentSum()) {
		return disk.ErrDamaged
	}
	return nil
}

func (s *savedFiles) addAPK(e *manifest.Entry) error {
	if len(s.apks) == query.MaxAPKs {
		return message.Kind(message.Join(message.Colon, message.Of(manifest.ErrDamaged), message.Say("restore.error.many-apks", "count", query.MaxAPKs)), manifest.ErrDamaged)
	}
	if s.apks == nil {
		s.apks = map[string]*manifest.Entry{}
	}
	s.apks[e.OnHandset()] = e
	return nil
}

func (s *savedFiles) remember(m *manifest.Manifest) {
	s.items = make(map[string]manifest.Item, len(m.Items))
	for _, it := range m.Items {
		if it.Valid() {
			s.items[it.Name()] = it
		}
	}
}

// item returns an item; ok is false if it does not exist or is empty.
func (s *savedFiles) item(name string) (it manifest.Item, ok bool) {
	it, ok = s.items[name]
	return it, ok && it.Size > 0
}

// read reads a whole item and compares it with the manifest.
func (s *savedFiles) read(it manifest.Item) ([]byte, error) {
	if it.Size > maxSavedItem {
		return nil, message.Error(message.Say("restore.error.long-item", "file", manifest.Display(it.File), "most", strconv.Itoa(maxSavedItem)), nil)
	}
	f, err := s.open(it.Entry(""))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", disk.ErrDamaged, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, it.Size+1))
	sum := sha256.Sum256(b)
	if err != nil || !manifest.SameSum(sum[:], it.SHA256) {
		return nil, fmt.Errorf("%s: %w", manifest.Display(it.File), disk.ErrDamaged)
	}
	return b, nil
}

// savedLines reads an item of JSON lines.
func savedLines[T any](b []byte) (list []T, err error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	for {
		var v T
		switch err := dec.Decode(&v); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("%w: %w", disk.ErrDamaged, err)
		}
		list = append(list, v)
	}
}

func newNotRestored(what message.Sentence, file string, instead message.Sentence) NotRestored {
	return NotRestored{What: what.String(), File: file, Instead: instead.String(), Named: what, Advice: instead}
}

// notRestored lists the items that a computer cannot restore.
func (s *savedFiles) notRestored() (list []NotRestored) {
	for _, row := range []struct {
		item          string
		what, instead message.ID
	}{
		{"messages.html", "restore.left.messages", "restore.instead.messages"},
		{"calls.csv", "restore.left.calls", "restore.instead.calls"},
		{"calendar*.ics", "restore.left.calendar", "restore.instead.calendar"},
		{"settings.jsonl", "restore.left.settings", "restore.instead.settings"},
	} {
		for _, name := range slices.Sorted(maps.Keys(s.items)) {
			it, ok := s.item(name)
			if matches, _ := path.Match(row.item, name); !matches || !ok {
				continue
			}
			instead := message.Say(row.instead)
			if it.Stored != nil {
				instead = message.Say("restore.instead.decrypt", "item", name, "instead", instead)
			}
			list = append(list, newNotRestored(message.Say(row.what), it.File, instead))
		}
	}
	return append(list, s.ofEarlierRuns()...)
}

// ofEarlierRuns lists items of an earlier run that a later run got only in part.
func (s *savedFiles) ofEarlierRuns() (list []NotRestored) {
	for _, name := range slices.Sorted(maps.Keys(s.items)) {
		_, of, earlier := strings.Cut(strings.TrimPrefix(name, "earlier-"), ".")
		what := map[string]message.ID{
			"contacts.vcf": "restore.left.contacts", "messages.html": "restore.left.messages", "calls.csv": "restore.left.calls", "calendar.ics": "restore.left.calendar",
			"messages.xml": "restore.left.messages", "calls.xml": "restore.left.calls",
		}[of]
		if ok, _ := path.Match("calendar.*.ics", of); ok {
			what = "restore.left.calendar"
		}
		if !earlier || what == "" || !strings.HasPrefix(name, "earlier-") {
			continue
		}
		list = append(list, newNotRestored(
			message.Say("restore.left.earlier", "what", message.Say(what)), s.items[name].File, message.Say("restore.instead.earlier", "item", of),
		))
	}
	return list
}
