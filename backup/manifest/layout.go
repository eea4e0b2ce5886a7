package manifest

import (
	"bytes"
)

// The names of a backup's files in a case folder.
const (
	Dir = "backup" // followed by the absolute path on the handset
	// JournalName is the journal of proved files.
	JournalName = "backup/journal.jsonl"
	// EncryptedExt ends the names of encrypted files, as age's own files do.
	EncryptedExt = ".age"
)

// MaxPath is the longest path of a handset: PATH_MAX of Linux.
const MaxPath = 4096

const (
	// UsersRoot is the folder on the handset with a folder for each user's storage.
	UsersRoot = "/storage/emulated"
	// OwnerRoot is the shared storage of the owner, user 0. It is there on every
	// handset; /sdcard is a chain of symlinks to it.
	OwnerRoot = UsersRoot + "/0"
	// MaxRoots bounds the storages of a handset: users and cards.
	MaxRoots = 128
	// LocalBackups is the part of a path that holds the backups a handset makes of
	// itself.
	LocalBackups = "/MIUI/backup/AllBackup/"
	// MaxNamed is how many names a finding lists; the manifest lists all.
	MaxNamed = 12
)

// IsLocalBackup reports whether a path is that of a file of a handset's own backup.
func IsLocalBackup(name []byte) bool { return bytes.Contains(name, []byte(LocalBackups)) }
