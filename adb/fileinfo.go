package adb

import (
	"fmt"
	"io/fs"
	"strings"
	"time"

	"preship/adb/internal/wire"
)

// FileInfo is the answer of the sync service about a file. Devices without stat_v2 or
// ls_v2 tell only mode, size modulo 2^32 and mtime: SizeExact is false then.
type FileInfo struct {
	Mode      uint32 // raw st_mode
	Size      int64
	SizeExact bool
	MTime     time.Time // whole seconds
	CTime     time.Time // whole seconds; the zero time without stat_v2
	Dev, Ino  uint64
	NLink     uint32
	UID, GID  uint32
}

// File types of st_mode. Linux's numbers, which every Android device has.
const (
	modeType    = 0o170000
	modeSocket  = 0o140000
	modeSymlink = 0o120000
	modeRegular = 0o100000
	modeBlock   = 0o060000
	modeDir     = 0o040000
	modeChar    = 0o020000
	modeFIFO    = 0o010000
)

// IsDir reports whether the file is a directory.
func (fi FileInfo) IsDir() bool { return fi.Mode&modeType == modeDir }

// IsRegular reports whether the file is a regular file.
func (fi FileInfo) IsRegular() bool { return fi.Mode&modeType == modeRegular }

// IsSymlink reports whether the file is a symbolic link.
func (fi FileInfo) IsSymlink() bool { return fi.Mode&modeType == modeSymlink }

func fileInfo(s wire.Stat, exact bool) FileInfo {
	fi := FileInfo{
		Mode: s.Mode, Size: int64(s.Size), SizeExact: exact, MTime: time.Unix(s.MTime, 0),
		Dev: s.Dev, Ino: s.Ino, NLink: s.NLink, UID: s.UID, GID: s.GID,
	}
	if s.CTime != 0 {
		fi.CTime = time.Unix(s.CTime, 0)
	}
	return fi
}

// SyncError is the device's refusal of one file. The stream to it worked.
type SyncError struct {
	Op      string // "stat", "list", "recv", "send"
	Path    string
	Message string // the device's own words, "" when it sent only a number
	Errno   int    // Linux errno as sync sends it; 0: unknown
	// Unsure is set with ENOENT by a device without stat_v2, which gives the same answer
	// for a missing file and for one that it may not read.
	Unsure bool
}

func (e *SyncError) Error() string {
	text := e.Message
	if text == "" {
		text = errnoText(e.Errno)
	}
	return fmt.Sprintf("%s %q: %s", e.Op, e.Path, text)
}

// Is reports fs.ErrNotExist, fs.ErrPermission and fs.ErrExist by Errno.
func (e *SyncError) Is(target error) bool {
	for _, row := range errnos {
		if row.errno == e.Errno {
			return row.is != nil && row.is == target
		}
	}
	return false
}

// errnos are the errors a file can have on the way through sync: numbers as
// errno_to_wire writes them, texts as Android's C library words them.
var errnos = []struct {
	errno int
	text  string
	is    error
}{
	{wire.ErrnoEPERM, "Operation not permitted", fs.ErrPermission},
	{wire.ErrnoENOENT, "No such file or directory", fs.ErrNotExist},
	{wire.ErrnoEINTR, "Interrupted system call", nil},
	{wire.ErrnoEIO, "I/O error", nil},
	{wire.ErrnoENOMEM, "Out of memory", nil},
	{wire.ErrnoEACCES, "Permission denied", fs.ErrPermission},
	{wire.ErrnoEFAULT, "Bad address", nil},
	{wire.ErrnoEEXIST, "File exists", fs.ErrExist},
	{wire.ErrnoENOTDIR, "Not a directory", nil},
	{wire.ErrnoEISDIR, "Is a directory", nil},
	{wire.ErrnoEINVAL, "Invalid argument", nil},
	{wire.ErrnoENFILE, "Too many open files in system", nil},
	{wire.ErrnoEMFILE, "Too many open files", nil},
	{wire.ErrnoETXTBSY, "Text file busy", nil},
	{wire.ErrnoEFBIG, "File too large", nil},
	{wire.ErrnoENOSPC, "No space left on device", nil},
	{wire.ErrnoEROFS, "Read-only file system", nil},
	{wire.ErrnoENAMETOOLONG, "File name too long", nil},
	{wire.ErrnoELOOP, "Too many symbolic links encountered", nil},
	{wire.ErrnoEOVERFLOW, "Value too large for defined data type", nil},
}

func errnoText(errno int) string {
	for _, row := range errnos {
		if row.errno == errno {
			return strings.ToLower(row.text)
		}
	}
	return fmt.Sprintf("errno %d", errno)
}

// textErrno finds the number behind "open failed: Permission denied"; 0 when
// the words are not known.
func textErrno(text string) int {
	for _, row := range errnos {
		if strings.HasSuffix(text, ": "+row.text) {
			return row.errno
		}
	}
	return 0
}
