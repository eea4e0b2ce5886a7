package disk

import "golang.org/x/sys/unix"

// FileSystemOf finds out the file system of a folder.
func FileSystemOf(dir string) FileSystem {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err == nil && st.Type == unix.MSDOS_SUPER_MAGIC {
		return fat32 // vfat has the same number
	}
	return FileSystem{}
}
