package disk

import (
	"io/fs"
	"os"
	"runtime"

	"preship/report/message"
)

const probeDir = "probe"

// Rules are what a file system demands of names. The zero value holds any bytes.
type Rules struct {
	Reserved bool // the rules of Windows: <>:"|?*\, CON, a dot or a space at the end
	UTF8     bool // names must be valid UTF-8
	Fold     bool // "A" and "a" name one file
	Compose  bool // é and e + ´ name one file
}

// TryNames creates files in a folder to find out the rules of its file system, and removes
// them. The file system decides, not the operating system: a memory stick has a file
// system of Windows. It returns an error if no file can be created.
func TryNames(folder *os.Root) (r Rules, err error) {
	if err := folder.Mkdir(probeDir, 0o700); err != nil {
		return r, err
	}
	defer func() {
		if rmErr := folder.RemoveAll(probeDir); err == nil {
			err = rmErr
		}
	}()
	dir, err := folder.OpenRoot(probeDir)
	if err != nil {
		return r, err
	}
	defer dir.Close()
	if !takes(dir, "plain") {
		return r, message.Error(message.Say("backup.disk.no-file", "path", folder.Name()), nil)
	}
	windows := runtime.GOOS == "windows" // where a colon makes a stream of another file, without an error
	r.Reserved = windows || !takes(dir, "question?") || !takes(dir, "colon:") || !takes(dir, "dot.")
	r.UTF8 = windows || !takes(dir, "bytes\xff")
	r.Fold = takes(dir, "case") && exists(dir, "CASE")
	r.Compose = !takes(dir, "accent\u00e9") || exists(dir, "accente\u0301")
	return r, nil
}

// takes reports whether a file can be created under exactly that name: "dot." may
// become "dot".
func takes(dir *os.Root, name string) bool {
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	if f.Close() != nil {
		return false
	}
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.Name() == name {
			return true
		}
	}
	return false
}

func exists(dir *os.Root, name string) bool {
	_, err := dir.Lstat(name)
	return err == nil
}
