package disk

import "testing"

// mounts is a /proc/self/mountinfo with what people plug in.
const mounts = `22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
30 22 8:17 / /media/ana/USB\040DISK rw,nosuid - fuseblk /dev/sdb1 rw,user_id=0
31 22 0:44 / /mnt/c rw,noatime - 9p C:\134 rw,aname=drvfs
32 22 0:45 / /mnt/share rw - cifs //nas/photos rw,vers=3.0
33 22 8:33 / /media/win rw - ntfs3 /dev/sdc1 rw
34 22 8:49 / /media/card rw - exfat /dev/sdd1 rw
35 22 0:50 / /home/ana/remote rw - fuse.sshfs ana@host: rw
36 34 8:65 / /media/card rw - btrfs /dev/sde1 rw
37 22 8:97 / /media/fat rw - vfat /dev/sdf1 rw
broken line
`

// A Windows machine may read the disks it formats, its shares, and its folders in a virtual
// machine, and no others.
func TestFileSystemsThatWindowsReads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path, kind string
		windows    bool
	}{
		{"/home/ana/PS-1", "ext4", false},
		{"/media/ana/USB DISK/PS-1", "fuseblk", true},
		{"/media/ana/USB DISKETTES", "ext4", false},
		{"/mnt/c/Users/ana", "9p", true},
		{"/mnt/share", "cifs", true},
		{"/media/win/x", "ntfs3", true},
		{"/media/card/x", "btrfs", false},
		{"/home/ana/remote/x", "fuse.sshfs", false},
		{"/media/fat/x", "vfat", true},
	} {
		kind := mountedType(mounts, tt.path)
		if fs := ofType(kind); kind != tt.kind || fs.Windows != tt.windows {
			t.Errorf("%s is on %q, Windows reads it: %t; want %q, %t", tt.path, kind, fs.Windows, tt.kind, tt.windows)
		}
	}
	if ofType("vfat") != fat32 || !ofType("exFAT").Windows || mountedType("", "/x") != "" {
		t.Error("vfat, exFAT or an empty table is not known")
	}
}
