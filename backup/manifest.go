package backup

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"preship/report"
	"preship/report/safefile"
)

const (
	// ManifestName is the manifest's file name in the case folder.
	ManifestName   = "backup.manifest.json"
	manifestSchema = "urn:preship:backup-manifest:v1"
)

// Manifest is all of backup.manifest.json but its entries, which are read one
// by one by [ReadManifest]. The file is one JSON object: head first, then the
// array "entries" with one entry a line, then the totals.
type Manifest struct {
	Head
	Tail
}

// Head is what is known before the first entry.
type Head struct {
	Schema string `json:"schema"`
	// Salt is 128 random bits. The seal of a report covers the digest of this file,
	// and the file may be withheld: the salt keeps anybody from guessing the names in
	// it from the digest that stays. Manifests of older versions have none.
	Salt     string    `json:"salt,omitempty"`
	Tool     string    `json:"tool"` // the program, version and host system
	Serial   string    `json:"serial"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	Complete bool      `json:"complete"` // false: ended before every listed file was tried
	Prove    Prove     `json:"prove"`
	Roots    []Root    `json:"roots"`
	// Encryption says how files lie encrypted; nil: they lie as they are.
	Encryption *Sealed `json:"encryption,omitempty"`
	// Listing is what the two listings did not agree on and what the handset
	// complained of while it listed, a sentence each.
	Listing []string `json:"listing"`
}

// Tail is what is known after the last entry.
type Tail struct {
	Entries int64        `json:"count"`
	Files   report.Tally `json:"files"`
	Bytes   report.Tally `json:"bytes"`
	Items   []Item       `json:"items"` // contacts, messages and what else is no file
	// Rows are what the items were made of. An earlier version of preship wrote none.
	Rows []Rows `json:"rows,omitempty"`
}

// Sealed says how the files of a backup are encrypted. Names, sizes, times and
// SHA-256 of what they hold are in the manifest as they are.
type Sealed struct {
	Format     string `json:"format"`     // age-encryption.org/v1, for every file
	Keys       int    `json:"keys"`       // any one of so many opens it
	Passphrase bool   `json:"passphrase"` // the key lies in identity.age, which a passphrase opens
	Files      []Item `json:"files"`      // encryption.json, and identity.age
}

// Root is one storage that was listed.
type Root struct {
	Path    string `json:"path"`              // on the handset
	Volume  string `json:"volume"`            // its name in `sm list-volumes`, empty if that was not answered
	Names   int64  `json:"names"`             // found below it
	Skipped string `json:"skipped,omitempty"` // why nothing of it is saved, or not all of it was listed

	mayLack  bool   // it is fine if the handset has no such storage
	stopped  bool   // of a user that is not running, whose storage is not mounted
	absent   bool   // the handset has no such storage
	from, to uint32 // what of the plan is of it
}

// writeManifest replaces the manifest, so that a reader or the next start sees
// the old one or the new one. It holds one entry in memory at a time.
func writeManifest(root *os.Root, m *Manifest, entries func(yield func(Entry) bool)) error {
	return safefile.Replace(root, ManifestName, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 64<<10)
		return errors.Join(encodeManifest(w, m, entries), w.Flush())
	})
}

func encodeManifest(w *bufio.Writer, m *Manifest, entries func(yield func(Entry) bool)) error {
	head, err := marshal(m.Head)
	if err != nil {
		return err
	}
	tail, err := marshal(m.Tail)
	if err != nil {
		return err
	}
	// An object without its closing brace, the array, and the other object
	// without its opening one: one object, never whole in memory.
	w.Write(head[:len(head)-1])
	w.WriteString(",\n\"entries\":[")
	sep := "\n"
	for e := range entries {
		line, err := marshal(e)
		if err != nil {
			return err
		}
		w.WriteString(sep)
		if _, err := w.Write(line); err != nil {
			return err
		}
		sep = ",\n"
	}
	w.WriteString("\n],\n")
	w.Write(tail[1:])
	_, err = w.WriteString("\n")
	return err
}

func newSalt() string {
	var salt [16]byte
	_, _ = rand.Read(salt[:]) // never fails: it ends the program instead
	return hex.EncodeToString(salt[:])
}

// marshal is json.Marshal that leaves <, > and & in names as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
