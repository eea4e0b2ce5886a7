package volume

import (
	"golang.org/x/sys/unix"
)

// fileSystemNames are macOS's names where ours differ.
var fileSystemNames = map[string]string{"msdos": "vfat", "smbfs": "smb"}

// Of returns the volume that a folder is on.
func Of(dir string) (Volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return Volume{}, err
	}
	kind := unix.ByteSliceToString(st.Fstypename[:])
	if ours, ok := fileSystemNames[kind]; ok {
		kind = ours
	}
	return Volume{Free: int64(st.Bavail) * int64(st.Bsize), Kind: kind}, nil
}
