package deletion

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"preship/report/message"
	"preship/report/safefile"
)

const (
	// FileName is the file of the first statement of a case.
	FileName = "deletion.sigstore.json"
	// max is more than one case is backed up and deleted.
	max = 20
	// MaxFile is the most bytes of a statement.
	MaxFile = 1 << 20
)

// Files are the names of statements in a case, the first statement's first.
var Files = func() []string {
	all := []string{FileName}
	for n := 2; n <= max; n++ {
		all = append(all, fmt.Sprintf("deletion-%d.sigstore.json", n))
	}
	return all
}()

// IsFile reports whether a file of a case is a deletion statement, by its name.
func IsFile(file string) bool { return slices.Contains(Files, file) }

// BesideName returns the file of a statement beside the package of a case, which may be
// a folder or a ZIP file.
func BesideName(caseID string) string { return caseID + "." + FileName }

// File is a deletion statement of a folder: Statement if it is good, else Err.
type File struct {
	Name string
	Statement
	Raw []byte
	Err error
}

// In returns the statements of a folder, in order of their names. One that is not good has
// an Err.
func In(in safefile.Folder) []File { return read(in, Files...) }

// Beside returns the statement of a case in the folder that holds its package, if there is
// one.
func Beside(in safefile.Folder, caseID string) []File { return read(in, BesideName(caseID)) }

func read(in safefile.Folder, names ...string) []File {
	var all []File
	for _, name := range names {
		b, err := safefile.Read(in, name, MaxFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		f := File{Name: name, Raw: b, Err: err}
		if err == nil {
			f.Statement, f.Err = Read(b)
		}
		all = append(all, f)
	}
	return all
}

// Of returns the newest good statement that the backup of a case with this manifest was
// deleted; ok is false if there is none.
func Of(in safefile.Folder, caseID, manifest string) (newest Statement, ok bool) {
	for _, f := range In(in) {
		if f.Err == nil && f.CaseID == caseID && f.Manifest == manifest && (!ok || later(f.Statement, newest) > 0) {
			newest, ok = f.Statement, true
		}
	}
	return newest, ok
}

// errTooMany: the case has as many statements as it can have.
var errTooMany = message.Error(message.Say("error.deletions"), nil)

// Write writes a signed statement into a case, under the first free name, and reads it
// back. It returns the name.
func Write(root *os.Root, b []byte) (string, error) {
	for _, file := range Files {
		if _, err := root.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			if err != nil {
				return "", err
			}
			continue
		}
		if err := safefile.Write(root, file, b); err != nil {
			return "", err
		}
		again, err := safefile.Read(safefile.In(root), file, MaxFile)
		if err == nil {
			_, err = Read(again)
		}
		return file, err
	}
	return "", errTooMany
}
