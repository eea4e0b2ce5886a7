package backup

import (
	"io/fs"
	"syscall"
)

// inodeOf returns when a file was changed last, which no program can set back,
// in nanoseconds, and its inode. Both are 0 where the file system has neither.
func inodeOf(fi fs.FileInfo) (changed int64, inode uint64) {
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0
	}
	return st.Ctimespec.Nano(), st.Ino
}
