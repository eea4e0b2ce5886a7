package vfs

import (
	"errors"
	"fmt"
	"io/fs"
)

// Errno is an error number of Linux, which the sync protocol sends too. Its text is
// the one of strerror on Android.
type Errno uint32

const (
	ePERM        Errno = 1
	ENOENT       Errno = 2
	eIO          Errno = 5
	EACCES       Errno = 13
	eEXIST       Errno = 17
	ENOTDIR      Errno = 20
	EISDIR       Errno = 21
	EINVAL       Errno = 22
	eNOSPC       Errno = 28
	eNAMETOOLONG Errno = 36
	eNOTEMPTY    Errno = 39
	eLOOP        Errno = 40
)

var errnoText = map[Errno]string{
	ePERM:        "Operation not permitted",
	ENOENT:       "No such file or directory",
	eIO:          "I/O error",
	EACCES:       "Permission denied",
	eEXIST:       "File exists",
	ENOTDIR:      "Not a directory",
	EISDIR:       "Is a directory",
	EINVAL:       "Invalid argument",
	eNOSPC:       "No space left on device",
	eNAMETOOLONG: "File name too long",
	eNOTEMPTY:    "Directory not empty",
	eLOOP:        "Too many symbolic links encountered",
}

func (e Errno) Error() string {
	if s, ok := errnoText[e]; ok {
		return s
	}
	return fmt.Sprintf("Unknown error %d", uint32(e))
}

// Is reports whether e is one of the errors of package fs.
func (e Errno) Is(target error) bool {
	return e == ENOENT && target == fs.ErrNotExist || e == EACCES && target == fs.ErrPermission
}

// ErrnoOf returns the error number in an error of a Tree.
func ErrnoOf(err error) Errno {
	if e, ok := errors.AsType[Errno](err); ok {
		return e
	}
	return eIO
}
