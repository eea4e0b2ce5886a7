package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// fileSystemNames are macOS's names where ours differ.
var fileSystemNames = map[string]string{"msdos": "vfat", "smbfs": "smb"}

func volumeOf(dir string) (volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return volume{}, os.NewSyscallError("statfs", err)
	}
	kind := unix.ByteSliceToString(st.Fstypename[:])
	if ours, ok := fileSystemNames[kind]; ok {
		kind = ours
	}
	return volume{free: int64(st.Bavail) * int64(st.Bsize), kind: kind}, nil
}
