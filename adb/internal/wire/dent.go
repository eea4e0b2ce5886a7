package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Dent is one directory entry. Name is the bytes the handset sent; it may hold
// anything but is never longer than MaxSyncName.
type Dent struct {
	Stat
	Name string
}

// AppendDentV1 appends a DENT record.
func AppendDentV1(dst []byte, d Dent) []byte {
	le := binary.LittleEndian
	dst = append(dst, IDDentV1[:]...)
	dst = le.AppendUint32(dst, d.Mode)
	dst = le.AppendUint32(dst, uint32(d.Size))
	dst = le.AppendUint32(dst, uint32(d.MTime))
	dst = le.AppendUint32(dst, uint32(len(d.Name)))
	return append(dst, d.Name...)
}

// AppendDentV2 appends a DNT2 record.
func AppendDentV2(dst []byte, d Dent) []byte {
	dst = appendStatV2Body(append(dst, IDDentV2[:]...), d.Stat)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(d.Name)))
	return append(dst, d.Name...)
}

// AppendListDone appends the end of a listing, which is as long as an entry
// without a name: 20 bytes in version 1, 76 in version 2.
func AppendListDone(dst []byte, v2 bool) []byte {
	dst = append(dst, IDDone[:]...)
	if v2 {
		return append(dst, make([]byte, dentV2Body)...)
	}
	return append(dst, make([]byte, dentV1Body)...)
}

// ReadDent reads one record of a listing. done is set at its end. A FAIL is
// returned as a *FailError. A name with a slash or a NUL, "." and ".." included,
// is the caller's to judge; here only its length is bounded.
func ReadDent(r io.Reader, v2 bool) (d Dent, done bool, err error) {
	var id ID
	if _, err := io.ReadFull(r, id[:]); err != nil {
		return Dent{}, false, err
	}
	want, size := IDDentV1, dentV1Body
	if v2 {
		want, size = IDDentV2, dentV2Body
	}
	if id == IDFail {
		return Dent{}, false, ReadFail(r)
	}
	if id != want && id != IDDone {
		return Dent{}, false, fmt.Errorf("%w: %q in a listing", ErrMalformed, id)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		return Dent{}, false, noEOF(err)
	}
	if id == IDDone {
		return Dent{}, true, nil
	}
	if v2 {
		d.Stat = decodeStatV2(b)
	} else {
		d.Stat = decodeStatV1(b)
	}
	n := binary.LittleEndian.Uint32(b[size-4:])
	if n == 0 || n > MaxSyncName {
		return Dent{}, false, fmt.Errorf("%w: entry name of %d bytes", ErrMalformed, n)
	}
	name := make([]byte, n)
	if _, err := io.ReadFull(r, name); err != nil {
		return Dent{}, false, noEOF(err)
	}
	d.Name = string(name)
	return d, false, nil
}

// Errno values as sync version 2 sends them: errno_to_wire in AOSP's
// adb_utils maps the device's own numbers to these.
const (
	ErrnoEACCES       = 13
	ErrnoEEXIST       = 17
	ErrnoEFAULT       = 14
	ErrnoEFBIG        = 27
	ErrnoEINTR        = 4
	ErrnoEINVAL       = 22
	ErrnoEIO          = 5
	ErrnoEISDIR       = 21
	ErrnoELOOP        = 40
	ErrnoEMFILE       = 24
	ErrnoENAMETOOLONG = 36
	ErrnoENFILE       = 23
	ErrnoENOENT       = 2
	ErrnoENOMEM       = 12
	ErrnoENOSPC       = 28
	ErrnoENOTDIR      = 20
	ErrnoEOVERFLOW    = 75
	ErrnoEPERM        = 1
	ErrnoEROFS        = 30
	ErrnoETXTBSY      = 26
)
