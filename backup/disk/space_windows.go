package disk

import (
	"golang.org/x/sys/windows"
)

// FullErrors are what the system says when a disk is full.
var FullErrors = []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL}

// Free returns how many bytes an ordinary user may still write to the disk of dir.
func Free(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var left uint64
	if err := windows.GetDiskFreeSpaceEx(name, &left, nil, nil); err != nil {
		return 0, noFree(dir, err)
	}
	return int64(min(left, 1<<62)), nil
}
