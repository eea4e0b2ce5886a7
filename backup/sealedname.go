package backup

import (
	"regexp"

	"preship/backup/manifest"
)

var (
	// sealedFolder are names of folders that could be taken for a file's, or for
	// one that was changed because of that.
	sealedFolder = regexp.MustCompile(`(?i)\.age(\.dir)*$`)
	// cutEnd is the end of a name that was cut, or looks as if it was.
	cutEnd = regexp.MustCompile(`%~[0-9a-f]{32}$`)
)

// sealedName is the name of a file or a folder in an encrypted backup. Every
// file's ends in ".age" and no folder's does: one whose own name does, or ends in
// ".age.dir", gets a ".dir" more. To undo it, take one ".age" off a file's name,
// and one ".dir" off a folder's that ends in ".age.dir". A name too long for that
// is cut, and only the manifest leads back from it; so is one that looks cut, lest
// two be the same.
func sealedName(s, original string, file bool) string {
	most := maxComponent
	switch {
	case file:
		most -= len(manifest.EncryptedExt)
	case sealedFolder.MatchString(s):
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
