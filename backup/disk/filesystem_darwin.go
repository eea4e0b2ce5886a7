package disk

import "golang.org/x/sys/unix"

// FileSystemOf finds out the file system of a folder.
func FileSystemOf(dir string) FileSystem {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return FileSystem{}
	}
	return ofType(unix.ByteSliceToString(st.Fstypename[:]))
}
