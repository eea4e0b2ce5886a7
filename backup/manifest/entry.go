package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"

	"preship/report/message"
)

// Entry is one name that the handset listed, and what became of it.
type Entry struct {
	// Path is the absolute path on the handset. Where it is not valid UTF-8 or
	// holds control characters it is quoted for reading, and PathB64 holds the bytes.
	Path    string `json:"path"`
	PathB64 []byte `json:"path_b64,omitempty"`
	// Host is the path of the file in the case folder. Empty means "backup" followed
	// by the path on the handset, and by ".age" if the file is encrypted.
	Host   string `json:"host,omitempty"`
	Type   Type   `json:"type"`
	Status Status `json:"status"`
	Mode   string `json:"mode,omitempty"` // st_mode as the handset has it, in octal
	Size   int64  `json:"size"`           // of the copy, where there is one
	MTime  int64  `json:"mtime"`          // Unix seconds
	Ino    uint64 `json:"ino,omitempty"`
	SHA256 string `json:"sha256,omitempty"` // of the copy on the computer
	// Stored describes the encrypted file on the disk; nil: the copy is not encrypted.
	// Size and SHA256 are those of the decrypted contents.
	Stored *Stored `json:"stored,omitempty"`
	Reason string  `json:"reason,omitempty"` // why it is not proved
	// Message is what Reason was made from; nil in what earlier versions wrote.
	Message *message.Sentence `json:"message,omitempty"`
}

// Explain enters why an entry is not proved; an empty sentence changes nothing.
func (e *Entry) Explain(why message.Sentence) {
	if !why.Empty() {
		e.Reason, e.Message = why.String(), &why
	}
}

// Sentence returns Reason for people.
func (e *Entry) Sentence() message.Sentence { return message.Signed(e.Reason, e.Message) }

// Type is the file type of an entry.
type Type string

const (
	TypeFile    Type = "file"
	TypeDir     Type = "dir"
	TypeSymlink Type = "symlink"
	TypeFIFO    Type = "fifo"
	TypeSocket  Type = "socket"
	TypeOther   Type = "other" // device nodes, and types the handset did not give
)

// Status is the result of saving an entry.
type Status string

const (
	StatusProved     Status = "proved"     // saved; size and SHA-256 match the handset's, or two reads gave the same bytes
	StatusSaved      Status = "saved"      // saved; only the size was compared
	StatusChanged    Status = "changed"    // changed during every read; the last copy is kept
	StatusVanished   Status = "vanished"   // listed, and gone before it was read
	StatusUnreadable Status = "unreadable" // the handset refused, or the computer cannot hold it
	StatusRecorded   Status = "recorded"   // has no contents to read: a folder, a special file, or an empty file that does not open
	StatusKept       Status = "kept"       // proved by an earlier run; since then the file left the handset, or changed and the new version is not proved
	StatusLeftOut    Status = "left-out"   // not copied, as asked
	StatusMissing    Status = "missing"    // not reached before the backup ended
)

// The file types of st_mode.
const (
	modeType    = 0o170000
	modeSocket  = 0o140000
	modeSymlink = 0o120000
	ModeRegular = 0o100000
	modeDir     = 0o040000
	modeFIFO    = 0o010000
)

// TypeOf returns the type in an st_mode.
func TypeOf(mode uint32) Type {
	switch mode & modeType {
	case ModeRegular:
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

// SetPath sets the path on the handset. JSON keeps its exact bytes.
func (e *Entry) SetPath(path []byte) {
	e.Path = string(path)
	if !utf8.Valid(path) || HasControl(e.Path) {
		e.Path, e.PathB64 = Display(e.Path), append([]byte(nil), path...)
	}
}

// OnHandset returns the path on the handset: any bytes, not safe to print.
//
//go:noinline
func (e *Entry) OnHandset() string {
	if e.PathB64 != nil {
		return string(e.PathB64)
	}
	return e.Path
}

// InCase returns the path of the copy, relative to the case folder.
func (e *Entry) InCase() string {
	switch {
	case e.Host != "":
		return e.Host
	case e.Stored != nil:
		return Dir + e.OnHandset() + EncryptedExt
	}
	return Dir + e.OnHandset()
}

// emptySum is the SHA-256 of an empty file.
var emptySum = hex.EncodeToString(sha256.New().Sum(nil))

// Empty reports whether an entry is an empty file that the handset does not open.
// Such a file is no loss: lstat gives its name, mode and time, and a restore creates
// it again. Apps put them, such as .nomedia, where the shell may list and not open.
func (e *Entry) Empty() bool { return e.Type == TypeFile && e.Status == StatusRecorded && e.Size == 0 }

// ContentSum returns the SHA-256 of the contents in hex, "" if it is unknown.
func (e *Entry) ContentSum() string {
	if e.Empty() {
		return emptySum
	}
	return e.SHA256
}

// DiskSize returns the size of the copy on the disk, encrypted or not.
func (e *Entry) DiskSize() int64 {
	if e.Stored != nil {
		return e.Stored.Size
	}
	return e.Size
}
