package backup

import (
	"encoding/hex"
	"io"
	"os"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// Entry is one listed name as the manifest has it.
type Entry struct {
	// Path is the absolute path on the handset. Where it is not valid UTF-8 or
	// holds control characters it is quoted for reading, and PathB64 holds the bytes.
	Path    string `json:"path"`
	PathB64 []byte `json:"path_b64,omitempty"`
	// Host is where the file lies, relative to the case folder. Empty means at
	// "backup" followed by the path, and by ".age" where it is encrypted.
	Host   string `json:"host,omitempty"`
	Type   Type   `json:"type"`
	Status Status `json:"status"`
	Mode   string `json:"mode,omitempty"` // st_mode as the handset has it, in octal
	Size   int64  `json:"size"`           // of the copy, where there is one
	MTime  int64  `json:"mtime"`          // Unix seconds
	Ino    uint64 `json:"ino,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the copy on the computer
	// Stored is the file on the disk where the copy is encrypted. Size and SHA256
	// are those of what it holds.
	Stored *Stored `json:"stored,omitempty"`
	Reason string  `json:"reason,omitempty"` // why it is not proved
}

// Type is what kind of thing an entry is.
type Type string

const (
	TypeFile    Type = "file"
	TypeDir     Type = "dir"
	TypeSymlink Type = "symlink"
	TypeFIFO    Type = "fifo"
	TypeSocket  Type = "socket"
	TypeOther   Type = "other" // device nodes, and what the handset did not say
)

// Status is what became of an entry.
type Status string

const (
	StatusProved     Status = "proved"     // saved; size and SHA-256 are those the handset reported, or read twice and the same
	StatusSaved      Status = "saved"      // saved; only the size was compared
	StatusChanged    Status = "changed"    // changed whenever it was read; the last copy is kept
	StatusVanished   Status = "vanished"   // listed, and gone when it was read
	StatusUnreadable Status = "unreadable" // the handset refused, or the computer cannot hold it
	StatusRecorded   Status = "recorded"   // a folder, a special, or an empty file that was not opened: nothing to read
	StatusKept       Status = "kept"       // proved by an earlier run; gone from the handset since, or changed and the new version not proved
	StatusMissing    Status = "missing"    // not reached before the backup ended
)

var statuses = [...]Status{
	stateListed: StatusMissing, stateSaved: StatusSaved, stateProved: StatusProved, stateChanged: StatusChanged,
	stateVanished: StatusVanished, stateUnreadable: StatusUnreadable, stateRecorded: StatusRecorded, stateKept: StatusKept,
}

// The file types of st_mode.
const (
	modeType    = 0o170000
	modeSocket  = 0o140000
	modeSymlink = 0o120000
	modeRegular = 0o100000
	modeDir     = 0o040000
	modeFIFO    = 0o010000
)

func typeOf(mode uint32) Type {
	switch mode & modeType {
	case modeRegular:
		return TypeFile
	case modeDir:
		return TypeDir
	case modeSymlink:
		return TypeSymlink
	case modeFIFO:
		return TypeFIFO
	case modeSocket:
		return TypeSocket
	}
	return TypeOther
}

// entry returns an entry as the manifest has it.
func (p *plan) entry(i uint32) Entry {
	e := p.at(i)
	out := Entry{
		Host: p.hosts[i], Type: typeOf(e.mode), Status: statuses[e.state],
		Size: p.length(i), MTime: e.mtime, Ino: e.ino, Reason: p.reasons[i],
	}
	if e.mode != 0 {
		out.Mode = strconv.FormatUint(uint64(e.mode), 8)
	}
	out.setPath(p.path(i))
	if e.marks&markAside != 0 {
		out.Host = p.aside(i)
	}
	if e.marks&markHostSum != 0 && e.state != stateUnreadable && e.state != stateVanished {
		out.SHA256, out.Stored = hex.EncodeToString(e.sum[:]), p.storedAs(i).public()
	}
	return out
}

// setPath writes a path so that JSON gives its very bytes back.
func (e *Entry) setPath(path []byte) {
	e.Path = string(path)
	if !utf8.Valid(path) || hasControl(e.Path) {
		e.Path, e.PathB64 = display(e.Path), append([]byte(nil), path...)
	}
}

// path returns the bytes of the path on the handset.
func (e *Entry) path() string {
	if e.PathB64 != nil {
		return string(e.PathB64)
	}
	return e.Path
}

// host returns where the entry lies, relative to the case folder.
func (e *Entry) host() string {
	switch {
	case e.Host != "":
		return e.Host
	case e.Stored != nil:
		return storageDir + e.path() + sealedEnd
	}
	return storageDir + e.path()
}

// open opens what the handset had in the file: see openSaved.
func (e *Entry) open(root *os.Root, key *Key) (io.ReadCloser, error) {
	if e.hollow() {
		return nothingToRead(), nil
	}
	return openSaved(root, e.host(), e.Stored, key)
}

func hasControl(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return false
}

// display makes a handset's bytes safe to show on a terminal.
func display(s string) string {
	if utf8.ValidString(s) && !hasControl(s) {
		return s
	}
	q := strconv.QuoteToGraphic(s)
	return q[1 : len(q)-1]
}
