package seal

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"preship/report/deletion"
	"preship/report/message"
	"preship/report/safefile"
)

// found is one name in a case folder.
type found struct {
	name string
	kind fileKind
	mode fs.FileMode
}

// walk names every file of the folder in lexical order, and every folder that
// does not belong there. A folder that is no part of the package is passed over without
// looking inside; symbolic links are named and never followed.
func walk(in safefile.Folder, fn func(found) error) error {
	count := 0
	return fs.WalkDir(in, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if count++; count > maxFiles {
			return message.Detail(safefile.ErrTooLarge, message.Say("error.detail.files", "limit", strconv.Itoa(maxFiles)))
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
// folder every file belongs, and no folder does, except what a computer added.
func kindOf(name string, isDir bool) fileKind {
	if machineMade(name) && !(isDir && strings.EqualFold(path.Ext(name), ".zip")) {
		return kindIgnored
	}
	if _, ok := receiptNumber(name); ok && !isDir {
		return kindReceipt
	}
	if deletion.IsFile(name) && !isDir {
		return kindDeletion
	}
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
