package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"preship/backup/manifest"
)

const (
	// A path of 4 KiB, as base64 or with every byte escaped, and its host name.
	maxJournalLine = 64 << 10
)

// record is one line of the journal: a file that was proved, and on disk before
// the line was.
type record struct {
	Path    string         `json:"path"`
	PathB64 []byte         `json:"path_b64,omitempty"`
	Host    string         `json:"host,omitempty"`
	Size    int64          `json:"size"`
	MTime   int64          `json:"mtime"`
	Ino     uint64         `json:"ino"`
	SHA256  string         `json:"sha256"`
	Proof   manifest.Prove `json:"proof"` // what its copy was compared by
	// Staged: the copy was about to take the place of an older one when the line
	// was written; until it does it lies in unprovedDir.
	Staged bool `json:"staged,omitempty"`

	Stored *manifest.Stored `json:"stored,omitempty"` // the file on the disk, where it is encrypted
}

func (r *record) path() string {
	e := manifest.Entry{Path: r.Path, PathB64: r.PathB64}
	return e.OnHandset()
}

// host returns where the copy lies, relative to the case folder.
func (r *record) host() string {
	e := manifest.Entry{Path: r.Path, PathB64: r.PathB64, Host: r.Host, Stored: r.Stored}
	return e.InCase()
}

func (r *record) sum() (sum [sha256.Size]byte, err error) { return manifest.ParseSum(r.SHA256) }

// stored returns how the copy lies on the disk: zero where it lies there as it is.
func (r *record) stored() (s manifest.OnDisk, err error) {
	if r.Stored != nil {
		s.Size = r.Stored.Size
		s.Sum, err = manifest.ParseSum(r.Stored.SHA256)
	}
	return s, err
}

// journal is the append-only record of proved files. It is for one goroutine.
type journal struct {
	f *os.File
	w *bufio.Writer
}

// openJournal gives every line of the journal to each, in order, and opens it
// for appending. A line that is cut short at the end, or unreadable, is not
// believed: the file it was about is read again.
func openJournal(root *os.Root, each func(*record)) (*journal, error) {
	f, err := root.OpenFile(manifest.JournalName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	whole, err := readJournal(f, each)
	if err == nil {
		// What follows the last newline is half a line: a new one must not continue it.
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", manifest.JournalName, err), f.Close())
	}
	return &journal{f: f, w: bufio.NewWriterSize(f, 64<<10)}, nil
}

// readJournal gives every whole line to each and returns where the last one ends.
func readJournal(r io.Reader, each func(*record)) (whole int64, err error) {
	in := bufio.NewReaderSize(r, maxJournalLine)
	for skip := false; ; {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			skip = true
			whole += int64(len(line))
			continue
		case errors.Is(err, io.EOF):
			if skip {
				whole += int64(len(line))
			}
			return whole, nil
		case err != nil:
			return whole, err
		}
		whole += int64(len(line))
		var rec record
		if !skip && json.Unmarshal(line, &rec) == nil && rec.Path != "" {
			each(&rec)
		}
		skip = false
	}
}

// write adds a line. It is on disk once sync has returned.
func (j *journal) write(r *record) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = j.w.Write(append(b, '\n'))
	return err
}

// sync puts the lines written on disk.
func (j *journal) sync() error {
	if err := j.w.Flush(); err != nil {
		return err
	}
	return j.f.Sync()
}

// Close closes the journal. Lines not synced may be lost.
func (j *journal) Close() error { return j.f.Close() }

// onDisk returns how long the file of a line is on the disk.
func (r *record) onDisk() int64 {
	if r.Stored != nil {
		return r.Stored.Size
	}
	return r.Size
}
