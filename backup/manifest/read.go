package manifest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"preship/report/message"
	"preship/report/safefile"
)

var (
	// ErrNoBackup means that the folder has no manifest.
	ErrNoBackup = message.Error(message.Say("backup.error.no-backup"), nil)
	// ErrDamaged means that the manifest is not as preship wrote it.
	ErrDamaged = message.Error(message.Say("backup.error.manifest"), nil)
)

// Read reads a manifest from r and calls fn with each entry; its memory does not grow
// with the backup. The error is [ErrDamaged] if the manifest is cut short or its
// totals differ from its entries. An error of fn ends it and is returned.
func Read(r io.Reader, fn func(*Entry) error) (*Manifest, error) {
	m := &Manifest{}
	var count int64
	err := decode(r, m, func(e *Entry) error {
		count++
		return fn(e)
	})
	var stop *stopError
	switch {
	case errors.As(err, &stop):
		return nil, stop.err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	case m.Schema != Schema:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, message.Error(message.Say("backup.error.schema", "schema", fmt.Sprintf("%.80q", m.Schema)), nil))
	case count != m.Entries:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, message.Error(message.Say("backup.error.entries", "held", strconv.FormatInt(count, 10), "said", strconv.FormatInt(m.Entries, 10)), nil))
	}
	return m, nil
}

// stopError keeps an error of the caller apart from those of the decoder.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }

// Load is [Read] of the manifest in a case folder. The error is [ErrNoBackup] if the
// folder has no manifest.
func Load(root *os.Root, fn func(*Entry) error) (*Manifest, error) {
	f, err := safefile.OpenRegular(root, Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrNoBackup, message.Error(message.Say("backup.error.no-manifest", "file", Name), nil))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, fn)
}

func decode(r io.Reader, m *Manifest, fn func(*Entry) error) error {
	dec := json.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	if err := expect(dec, json.Delim('{')); err != nil {
		return err
	}
	rest := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key == "entries" {
			if err := readEntries(dec, fn); err != nil {
				return err
			}
			continue
		}
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return err
		}
		rest[key.(string)] = v // object keys are strings
	}
	if err := expect(dec, json.Delim('}')); err != nil {
		return err
	}
	b, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, m)
}

func readEntries(dec *json.Decoder, fn func(*Entry) error) error {
	if err := expect(dec, json.Delim('[')); err != nil {
		return err
	}
	for dec.More() {
		var e Entry
		if err := dec.Decode(&e); err != nil {
			return err
		}
		if err := fn(&e); err != nil {
			return &stopError{err}
		}
	}
	return expect(dec, json.Delim(']'))
}

func expect(dec *json.Decoder, want json.Delim) error {
	got, err := dec.Token()
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%v instead of %v", got, want)
	}
	return nil
}
