package manifest

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
	"preship/report/message"
	"preship/report/safefile"
)

const (
	// Name is the manifest's file name in the case folder.
	Name = "backup.manifest.json"
	// Schema names the format.
	Schema = "urn:preship:backup-manifest:v1"
)

// Manifest is backup.manifest.json without its entries, which [Read] gives one by
// one. The file is one JSON object: head first, then the
// array "entries" with one entry a line, then the totals.
type Manifest struct {
	Head
	Tail
}

// Head comes before the entries.
type Head struct {
	Schema string `json:"schema"`
	// Salt is 128 random bits. The seal of a report covers the digest of this file, and
	// the file may be withheld: the salt keeps the names in it from being guessed by
	// their digest. Manifests of older versions have no salt.
	Salt     string    `json:"salt,omitempty"`
	Tool     string    `json:"tool"` // the program, version and host system
	Serial   string    `json:"serial"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	Complete bool      `json:"complete"` // false: ended before every listed file was tried
	Prove    Prove     `json:"prove"`
	Roots    []Root    `json:"roots"`
	// Encryption describes the encryption of the files; nil: not encrypted.
	Encryption *Encryption `json:"encryption,omitempty"`
	// Listing holds a sentence for each difference between the two listings and for
	// each error the handset printed while it listed.
	Listing []string `json:"listing"`
	// ListingMessages are what the texts of Listing were made from, in its order. Earlier
	// versions of preship wrote no messages.
	ListingMessages []message.Sentence `json:"listing_messages,omitempty"`
	// LeftOut are the kinds of data that were not copied, as asked: see package selection.
	LeftOut []string `json:"left_out,omitempty"`
}

// Doubts returns Listing as sentences.
func (h *Head) Doubts() []message.Sentence {
	doubts := make([]message.Sentence, len(h.Listing))
	for i, text := range h.Listing {
		doubts[i] = message.English(text)
		if len(h.ListingMessages) == len(h.Listing) {
			doubts[i] = message.Signed(text, &h.ListingMessages[i])
		}
	}
	return doubts
}

// Tail comes after the entries.
type Tail struct {
	Entries int64        `json:"count"`
	Files   report.Tally `json:"files"`
	Bytes   report.Tally `json:"bytes"`
	Items   []Item       `json:"items"` // contacts, messages and other data that is in no file
	// Rows are the rows the items were made of. Earlier versions of preship wrote no rows.
	Rows []Rows `json:"rows,omitempty"`
}

// Encryption describes how the files of a backup are encrypted. Their names, sizes,
// times and the SHA-256 of their contents are in the manifest unencrypted.
type Encryption struct {
	Format     string `json:"format"`     // age-encryption.org/v1, for every file
	Keys       int    `json:"keys"`       // the number of keys, any of which opens it
	Passphrase bool   `json:"passphrase"` // the key is in identity.age, which a passphrase opens
	Files      []Item `json:"files"`      // encryption.json, and identity.age
}

// Root is one storage that was listed.
type Root struct {
	Path    string `json:"path"`              // on the handset
	Volume  string `json:"volume"`            // its name in `sm list-volumes`, empty if that was not answered
	Names   int64  `json:"names"`             // the number of names found below it
	Skipped string `json:"skipped,omitempty"` // why nothing of it is saved, or not all of it was listed
	// Message is what Skipped was made from; nil in what earlier versions wrote.
	Message *message.Sentence `json:"message,omitempty"`
}

// Sentence returns Skipped for people.
func (r Root) Sentence() message.Sentence { return message.Signed(r.Skipped, r.Message) }

// Write replaces the manifest in a case folder: a reader sees the old one or the new
// one. It holds one entry in memory at a time.
func Write(root *os.Root, m *Manifest, entries func(yield func(Entry) bool)) error {
	return safefile.Replace(root, Name, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 64<<10)
		return errors.Join(encode(w, m, entries), w.Flush())
	})
}

func encode(w *bufio.Writer, m *Manifest, entries func(yield func(Entry) bool)) error {
	head, err := Line(m.Head)
	if err != nil {
		return err
	}
	tail, err := Line(m.Tail)
	if err != nil {
		return err
	}
	// An object without its closing brace, the array, and the other object
	// without its opening one: one object, never whole in memory.
	w.Write(head[:len(head)-1])
	w.WriteString(",\n\"entries\":[")
	sep := "\n"
	for e := range entries {
		line, err := Line(e)
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

// NewSalt returns a random salt for [Head].
func NewSalt() string {
	var salt [16]byte
	_, _ = rand.Read(salt[:]) // never fails: it ends the program instead
	return hex.EncodeToString(salt[:])
}

// Line returns v as one line of JSON without a newline, with <, > and & unescaped.
func Line(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Prove is how a copy is compared with the original.
type Prove string

const (
	// ProveHash compares the size and the SHA-256 that the handset reports.
	ProveHash Prove = "hash"
	// ProveReread reads every file twice and compares the two. A backup uses it by
	// itself on a handset without sha256sum.
	ProveReread Prove = "reread"
	// ProveSize compares sizes only and proves no file.
	ProveSize Prove = "size"
)

// Problem is one difference between a backup, or a handset, and the manifest.
type Problem struct {
	File string `json:"file"` // relative to the case folder, safe to print
	What string `json:"what"`
	// Message is the source of What; nil in files of earlier versions.
	Message *message.Sentence `json:"message,omitempty"`
}

// NewProblem makes a problem of a file, safe to print, and what differs.
func NewProblem(file string, what message.Sentence) Problem {
	what = what.Map(Display)
	return Problem{File: Display(file), What: what.String(), Message: &what}
}

// Sentence returns what differs, for people.
func (p Problem) Sentence() message.Sentence { return message.Signed(p.What, p.Message) }
