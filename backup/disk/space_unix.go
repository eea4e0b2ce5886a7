//go:build unix

package disk

import (
	"golang.org/x/sys/unix"
)

// FullErrors are the system's errors for a full disk or a full quota.
var FullErrors = []error{unix.ENOSPC, unix.EDQUOT}

// Free returns how many bytes an ordinary user may still write to the disk of dir.
func Free(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, noFree(dir, err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
