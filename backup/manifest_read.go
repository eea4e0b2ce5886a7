package backup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"preship/report/safefile"
)

var (
	// ErrNoBackup: the folder holds no backup, or none that came to a manifest.
	ErrNoBackup = errors.New("no backup here")
	// ErrManifest: the manifest is not one that preship wrote.
	ErrManifest = errors.New("backup manifest is damaged")
)

// ReadManifest reads a manifest from r, giving each entry to fn as it comes, so
// that its memory does not grow with the backup. It refuses, with [ErrManifest],
// one that is cut short or whose totals are not those of its entries. An error
// of fn ends it and is returned.
func ReadManifest(r io.Reader, fn func(*Entry) error) (*Manifest, error) {
	m := &Manifest{}
	var count int64
	err := readManifest(r, m, func(e *Entry) error {
		count++
		return fn(e)
	})
	var stop *stopError
	switch {
	case errors.As(err, &stop):
		return nil, stop.err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrManifest, err)
	case m.Schema != manifestSchema:
		return nil, fmt.Errorf("%w: schema %.80q", ErrManifest, m.Schema)
	case count != m.Entries:
		return nil, fmt.Errorf("%w: holds %d entries and says %d", ErrManifest, count, m.Entries)
	}
	return m, nil
}

// stopError carries an error of the caller's own past those of the decoder.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }

// openManifest is ReadManifest of the manifest in a case folder. The error is
// ErrNoBackup where there is none.
func openManifest(root *os.Root, fn func(*Entry) error) (*Manifest, error) {
	f, err := safefile.OpenRegular(root, ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: no %s", ErrNoBackup, ManifestName)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadManifest(f, fn)
}

func readManifest(r io.Reader, m *Manifest, fn func(*Entry) error) error {
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
		return fmt.Errorf("%v where %v belongs", got, want)
	}
	return nil
}
