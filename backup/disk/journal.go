package disk

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
	// maxJournalLine fits a path of 4 KiB, in base64 or with every byte escaped, and its
	// name on the computer.
	maxJournalLine = 64 << 10
)

// Record is one line of the journal: a proved file that was on the disk before the
// line was.
type Record struct {
	Path    string         `json:"path"`
	PathB64 []byte         `json:"path_b64,omitempty"`
	Host    string         `json:"host,omitempty"`
	Size    int64          `json:"size"`
	MTime   int64          `json:"mtime"`
	CTime   int64          `json:"ctime,omitempty"` // 0: the handset does not give it, or an earlier version wrote the line
	Ino     uint64         `json:"ino"`
	SHA256  string         `json:"sha256"`
	Proof   manifest.Prove `json:"proof"` // how its copy was compared
	// Staged says that the copy was in [UnprovedDir] when the line was written, and
	// about to replace an older copy.
	Staged bool `json:"staged,omitempty"`

	Stored *manifest.Stored `json:"stored,omitempty"` // nil: not encrypted
}

// OnHandset returns the path on the handset: any bytes, not safe to print.
func (r *Record) OnHandset() string {
	e := manifest.Entry{Path: r.Path, PathB64: r.PathB64}
	return e.OnHandset()
}

// InCase returns the path of the copy, relative to the case folder.
func (r *Record) InCase() string {
	e := manifest.Entry{Path: r.Path, PathB64: r.PathB64, Host: r.Host, Stored: r.Stored}
	return e.InCase()
}

// ContentSum returns the SHA-256 of the contents.
func (r *Record) ContentSum() (sum [sha256.Size]byte, err error) { return manifest.ParseSum(r.SHA256) }

// OnDisk returns the size and SHA-256 of the encrypted copy: zero if it is not encrypted.
func (r *Record) OnDisk() (s manifest.OnDisk, err error) {
	if r.Stored != nil {
		s.Size = r.Stored.Size
		s.Sum, err = manifest.ParseSum(r.Stored.SHA256)
	}
	return s, err
}

// Journal is the append-only list of proved files. It is for one goroutine.
type Journal struct {
	f *os.File
	w *bufio.Writer
}

// OpenJournal calls each with every line of the journal, in order, and opens it for
// appending. It ignores a line that is cut short or unreadable: its file is read again.
func OpenJournal(root *os.Root, each func(*Record)) (*Journal, error) {
	f, err := root.OpenFile(manifest.JournalName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	whole, err := readJournal(f, each)
	if err == nil {
		// A partial last line is cut off, so that the next line does not continue it.
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", manifest.JournalName, err), f.Close())
	}
	return &Journal{f: f, w: bufio.NewWriterSize(f, 64<<10)}, nil
}

// readJournal calls each with every whole line and returns the end of the last one.
func readJournal(r io.Reader, each func(*Record)) (whole int64, err error) {
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
		var rec Record
		if !skip && json.Unmarshal(line, &rec) == nil && rec.Path != "" {
			each(&rec)
		}
		skip = false
	}
}

// Write adds a line. It is on the disk once Sync returns.
func (j *Journal) Write(r *Record) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = j.w.Write(append(b, '\n'))
	return err
}

// Sync puts the written lines on the disk.
func (j *Journal) Sync() error {
	if err := j.w.Flush(); err != nil {
		return err
	}
	return j.f.Sync()
}

// Close closes the journal. Lines not synced may be lost.
func (j *Journal) Close() error { return j.f.Close() }

// DiskSize returns the size of the copy on the disk, encrypted or not.
func (r *Record) DiskSize() int64 {
	if r.Stored != nil {
		return r.Stored.Size
	}
	return r.Size
}
