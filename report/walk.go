package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"preship/report/safefile"
)

// found is one name in a case folder.
type found struct {
	name string
	kind fileKind
	mode fs.FileMode
}

// walk names every file of the folder in lexical order, and every folder that
// does not belong there. What is no part of the package is passed over without
// looking inside; symbolic links are named and never followed.
func walk(in safefile.Folder, fn func(found) error) error {
	count := 0
	return fs.WalkDir(in, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if count++; count > maxFiles {
			return fmt.Errorf("more than %d files: %w", maxFiles, safefile.ErrTooLarge)
		}
		f := found{name: name, kind: kindOf(name, d.IsDir()), mode: d.Type()}
		switch {
		case f.kind == kindOutside && d.IsDir():
			return fs.SkipDir
		case f.kind == kindOutside, f.kind == kindSubject && d.IsDir():
			return nil
		}
		if err := fn(f); err != nil {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}

// kindOf looks a name up in the table of package files. Inside the evidence
// folder every file belongs, and no folder does.
func kindOf(name string, isDir bool) fileKind {
	top, _, nested := strings.Cut(name, "/")
	row := packageFiles[top]
	if nested {
		isDir = !isDir
	}
	if row.folder != isDir {
		return kindExtra
	}
	return row.kind
}

// digestFile hashes a regular file of the folder.
func digestFile(in safefile.Folder, name string) (string, error) {
	digest, _, err := digestWithin(in, name, maxUnpacked)
	return digest, err
}

// digestWithin hashes a regular file that has so many bytes at most, and says how
// many it has. The error is ErrTooLarge for a larger one, of which nothing is
// read: a file of gigabytes with nothing in it takes no room to send.
func digestWithin(in safefile.Folder, name string, most int64) (digest string, size int64, err error) {
	f, err := in.OpenRegular(name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	tooLarge := fmt.Errorf("%w: a package has %d MB at most", safefile.ErrTooLarge, maxUnpacked>>20)
	if info, err := f.Stat(); err != nil || info.Size() > most {
		return "", 0, errors.Join(err, tooLarge)
	}
	h := sha256.New()
	size, err = io.Copy(h, io.LimitReader(f, most+1))
	if err == nil && size > most {
		err = tooLarge
	}
	if err != nil {
		return "", size, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}
