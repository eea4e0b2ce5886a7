package backup

import (
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"os"

	"preship/backup/disk"
	"preship/backup/manifest"
)

// Stamp is a digest of the names, sizes and times of a saved backup's files. If two
// stamps are equal, no file was added, removed or written to in between, as far as
// these show. It does not prove the contents: [Check] does.
type Stamp [sha256.Size]byte

// StampOf returns the stamp of the backup in a case folder. It opens no file, and takes
// about a second for 200,000 files. The error is one of the disk, and [fs.ErrNotExist] if
// there is no backup.
func StampOf(root *os.Root) (Stamp, error) {
	var s Stamp
	if err := s.add(root, manifest.Name); err != nil {
		return Stamp{}, err
	}
	err := disk.Walk(root, manifest.Dir, func(name string) error { return s.add(root, name) })
	if err != nil {
		return Stamp{}, err
	}
	return s, nil
}

// add adds one file to the stamp. The order of files does not matter, so each file is
// hashed alone.
func (s *Stamp) add(root *os.Root, name string) error {
	fi, err := root.Lstat(name)
	if err != nil {
		return err
	}
	b := binary.BigEndian.AppendUint64([]byte(name+"\x00"), uint64(fi.Size()))
	b = binary.BigEndian.AppendUint64(b, uint64(fi.ModTime().UnixNano()))
	b = binary.BigEndian.AppendUint32(b, uint32(fi.Mode()&fs.ModeType))
	changed, inode := inodeOf(fi)
	b = binary.BigEndian.AppendUint64(b, uint64(changed))
	b = binary.BigEndian.AppendUint64(b, inode)
	for i, c := range sha256.Sum256(b) {
		s[i] ^= c
	}
	return nil
}
