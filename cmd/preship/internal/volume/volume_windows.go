package volume

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// fileSystemNames are Windows's names where ours differ.
var fileSystemNames = map[string]string{"FAT": "vfat", "FAT32": "vfat", "exFAT": "exfat", "NTFS": "ntfs"}

// Of returns the volume that a folder is on.
func Of(dir string) (Volume, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return Volume{}, err
	}
	var left uint64
	if err := windows.GetDiskFreeSpaceEx(name, &left, nil, nil); err != nil {
		return Volume{}, err
	}
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(dir) + `\`)
	if err != nil {
		return Volume{}, err
	}
	v := Volume{Free: int64(left)}
	var kind [windows.MAX_PATH + 1]uint16
	// A share without a kind can still be used.
	if windows.GetVolumeInformation(root, nil, 0, nil, nil, nil, &kind[0], uint32(len(kind))) == nil {
		v.Kind = windows.UTF16ToString(kind[:])
		if ours, ok := fileSystemNames[v.Kind]; ok {
			v.Kind = ours
		}
	}
	return v, nil
}
