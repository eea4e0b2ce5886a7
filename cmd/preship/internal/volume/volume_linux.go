package volume

import (
	"golang.org/x/sys/unix"
)

// fileSystemNumbers are the magic numbers of statfs(2), of the kinds that a
// person may meet.
var fileSystemNumbers = map[uint32]string{
	unix.MSDOS_SUPER_MAGIC:     "vfat",
	unix.EXFAT_SUPER_MAGIC:     "exfat",
	0x5346544e:                 "ntfs",
	0x7366746e:                 "ntfs",
	unix.FUSE_SUPER_MAGIC:      "fuse",
	unix.NFS_SUPER_MAGIC:       "nfs",
	unix.CIFS_SUPER_MAGIC:      "smb",
	unix.SMB2_SUPER_MAGIC:      "smb",
	unix.TMPFS_MAGIC:           "tmpfs",
	unix.RAMFS_MAGIC:           "ramfs",
	unix.EXT4_SUPER_MAGIC:      "ext4",
	unix.BTRFS_SUPER_MAGIC:     "btrfs",
	unix.XFS_SUPER_MAGIC:       "xfs",
	unix.F2FS_SUPER_MAGIC:      "f2fs",
	unix.OVERLAYFS_SUPER_MAGIC: "overlay",
}

// Of returns the volume that a folder is on.
func Of(dir string) (Volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return Volume{}, err
	}
	return Volume{Free: int64(st.Bavail) * st.Bsize, Kind: fileSystemNumbers[uint32(st.Type)]}, nil
}
