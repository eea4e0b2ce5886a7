//go:build unix

package backup

import (
	"os"

	"golang.org/x/sys/unix"
)

// diskFullErrors are what the system says when a disk, or a user's share of it, is full.
var diskFullErrors = []error{unix.ENOSPC, unix.EDQUOT}

// free returns the bytes an ordinary user may still write to the disk dir is on.
func free(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, os.NewSyscallError("statfs", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
