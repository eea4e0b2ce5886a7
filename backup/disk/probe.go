package disk

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
)

const probeDir = "probe"

// probe creates files to find out which names the disk of parts holds. The file system
// decides that, not the operating system: a memory stick has a file system of Windows.
// The error means that no file can be created.
func probe(parts *os.Root) (n *Naming, err error) {
	if err := parts.Mkdir(probeDir, 0o700); err != nil {
		return nil, err
	}
	defer func() {
		if rmErr := parts.RemoveAll(probeDir); err == nil {
			err = rmErr
		}
	}()
	dir, err := parts.OpenRoot(probeDir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	if !takes(dir, "plain") {
		return nil, fmt.Errorf("%s: no file can be created in it", parts.Name())
	}
	n = newNaming()
	windows := runtime.GOOS == "windows" // where a colon makes a stream of another file, without an error
	n.reserved = windows || !takes(dir, "question?") || !takes(dir, "colon:") || !takes(dir, "dot.")
	n.utf8 = windows || !takes(dir, "bytes\xff")
	n.fold = takes(dir, "case") && exists(dir, "CASE")
	n.compose = !takes(dir, "accent\u00e9") || exists(dir, "accente\u0301")
	return n, nil
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
