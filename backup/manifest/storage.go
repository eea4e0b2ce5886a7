package manifest

import "bytes"

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
