package disk

import "golang.org/x/sys/windows"

// FileSystemOf finds out the file system of a folder.
func FileSystemOf(dir string) FileSystem {
	here := FileSystem{Windows: true}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return here
	}
	var volume, system [windows.MAX_PATH + 1]uint16
	if err := windows.GetVolumePathName(name, &volume[0], uint32(len(volume))); err != nil {
		return here
	}
	err = windows.GetVolumeInformation(&volume[0], nil, 0, nil, nil, nil, &system[0], uint32(len(system)))
	if s := windows.UTF16ToString(system[:]); err == nil && (s == "FAT32" || s == "FAT") {
		return fat32
	}
	return here
}
