package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"preship/report/message"
)

// Stored is the size and SHA-256 of an encrypted file as it is on the disk. The size
// and SHA-256 beside it are of the decrypted contents.
type Stored struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// OnDisk is Stored in binary, for the millions of files in memory. The zero value
// means a file that is not encrypted: an encrypted file is never empty.
type OnDisk struct {
	Size int64
	Sum  [sha256.Size]byte
}

// Stored returns s for the manifest and the journal: nil if the file is not encrypted.
func (s OnDisk) Stored() *Stored {
	if s.Size == 0 {
		return nil
	}
	return &Stored{Size: s.Size, SHA256: hex.EncodeToString(s.Sum[:])}
}

// SameSum reports whether text is sum in hex.
func SameSum(sum []byte, text string) bool { return hex.EncodeToString(sum) == strings.ToLower(text) }

// ParseSum reads a SHA-256 in hex.
func ParseSum(text string) (sum [sha256.Size]byte, err error) {
	if len(text) != 2*sha256.Size {
		return sum, message.Error(message.Say("backup.error.not-sum"), nil)
	}
	_, err = hex.Decode(sum[:], []byte(text))
	return sum, err
}
