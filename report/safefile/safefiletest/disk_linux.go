package safefiletest

import (
	"os"

	"golang.org/x/sys/unix"
)

// enough is the room that all tests together stay far below.
const enough = 4 << 30

// memoryDisk returns the folder of a memory disk with enough room. It is empty if
// there is no such disk, and if the caller chose a folder in TMPDIR.
func memoryDisk() string {
	const dir = "/dev/shm"
	var st unix.Statfs_t
	if os.Getenv("TMPDIR") != "" || unix.Statfs(dir, &st) != nil || st.Type != unix.TMPFS_MAGIC {
		return ""
	}
	if st.Bavail*uint64(st.Bsize) < enough {
		return ""
	}
	return dir
}
