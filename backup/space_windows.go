package backup

import (
	"os"

	"golang.org/x/sys/windows"
)

// diskFullErrors are what the system says when a disk is full.
var diskFullErrors = []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL}

// free returns the bytes an ordinary user may still write to the disk dir is on.
func free(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var left uint64
	if err := windows.GetDiskFreeSpaceEx(name, &left, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return int64(min(left, 1<<62)), nil
}
