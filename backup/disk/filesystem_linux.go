package disk

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// FileSystemOf finds out the file system of a folder.
func FileSystemOf(dir string) FileSystem {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err == nil && st.Type == unix.MSDOS_SUPER_MAGIC {
		return fat32 // vfat has the same number
	}
	path, err := filepath.Abs(dir)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return FileSystem{}
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return FileSystem{}
	}
	return ofType(mountedType(string(mounts), path))
}
