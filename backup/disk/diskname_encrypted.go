package disk

import (
	"regexp"

	"preship/backup/manifest"
)

var (
	// encryptedFolder matches names of folders that look like an encrypted file, or like
	// a folder that was renamed for that reason.
	encryptedFolder = regexp.MustCompile(`(?i)\.age(\.dir)*$`)
	// cutEnd matches the end of a name that was cut, or looks cut.
	cutEnd = regexp.MustCompile(`%~[0-9a-f]{32}$`)
)

// encryptedName returns the name of a file or folder in an encrypted backup. Every
// name of a file ends in ".age", and no name of a folder does: a folder whose name ends
// in ".age" or ".age.dir" gets another ".dir". To undo it, remove one ".age" from a
// file's name, and one ".dir" from a folder's that ends in ".age.dir". A name that is
// too long is cut, and only the manifest leads back from it. A name that looks cut is
// cut too, so that no two names are the same.
func encryptedName(s, original string, file bool) string {
	most := maxComponent
	switch {
	case file:
		most -= len(manifest.EncryptedExt)
	case encryptedFolder.MatchString(s):
		s += ".dir"
	}
	if len(s) > most || cutEnd.MatchString(s) {
		s = cutName(s, original, most, 16)
	}
	if file {
		s += manifest.EncryptedExt
	}
	return s
}
