package adbtest

import (
	"fmt"
	"io/fs"
)

// errno is an error number as Linux and the sync protocol's wire form count
// them; its text is strerror's on Android.
type errno uint32

const (
	ePERM        errno = 1
	eNOENT       errno = 2
	eSRCH        errno = 3
	eIO          errno = 5
	eACCES       errno = 13
	eEXIST       errno = 17
	eNOTDIR      errno = 20
	eISDIR       errno = 21
	eINVAL       errno = 22
	eNOSPC       errno = 28
	eROFS        errno = 30
	eNAMETOOLONG errno = 36
	eNOTEMPTY    errno = 39
	eLOOP        errno = 40
)

var errnoText = map[errno]string{
	ePERM:        "Operation not permitted",
	eNOENT:       "No such file or directory",
	eSRCH:        "No such process",
	eIO:          "I/O error",
	eACCES:       "Permission denied",
	eEXIST:       "File exists",
	eNOTDIR:      "Not a directory",
	eISDIR:       "Is a directory",
	eINVAL:       "Invalid argument",
	eNOSPC:       "No space left on device",
	eROFS:        "Read-only file system",
	eNAMETOOLONG: "File name too long",
	eNOTEMPTY:    "Directory not empty",
	eLOOP:        "Too many symbolic links encountered",
}

func (e errno) Error() string {
	if s, ok := errnoText[e]; ok {
		return s
	}
	return fmt.Sprintf("Unknown error %d", uint32(e))
}

// Is lets the usual questions of package fs be asked.
func (e errno) Is(target error) bool {
	switch target {
	case fs.ErrNotExist:
		return e == eNOENT
	case fs.ErrPermission:
		return e == eACCES || e == ePERM
	case fs.ErrExist:
		return e == eEXIST || e == eNOTEMPTY
	}
	return false
}
