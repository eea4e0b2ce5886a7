package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Limits of the sync service, file_sync_protocol.h.
const (
	MaxSyncPath = 1024     // longer answers FAIL "path too long"
	MaxSyncData = 64 << 10 // data of one DATA record
	MaxSyncName = 1024     // a directory entry's name; NAME_MAX is 255, but vfat names of 255 UTF-16 units are longer in UTF-8
	maxSyncText = 64 << 10 // the text of a FAIL
)

// ID is the four letters that begin a sync record.
type ID [4]byte

func (id ID) String() string { return string(id[:]) }

// Requests and answers of the sync service. Where a request and its answer
// share the letters they share the constant.
var (
	IDLstatV1 = ID{'S', 'T', 'A', 'T'}
	IDStatV2  = ID{'S', 'T', 'A', '2'}
	IDLstatV2 = ID{'L', 'S', 'T', '2'}
	IDListV1  = ID{'L', 'I', 'S', 'T'}
	IDListV2  = ID{'L', 'I', 'S', '2'}
	IDDentV1  = ID{'D', 'E', 'N', 'T'}
	IDDentV2  = ID{'D', 'N', 'T', '2'}
	IDSendV1  = ID{'S', 'E', 'N', 'D'}
	IDSendV2  = ID{'S', 'N', 'D', '2'}
	IDRecvV1  = ID{'R', 'E', 'C', 'V'}
	IDRecvV2  = ID{'R', 'C', 'V', '2'}
	IDDone    = ID{'D', 'O', 'N', 'E'}
	IDData    = ID{'D', 'A', 'T', 'A'}
	IDOkay    = ID{'O', 'K', 'A', 'Y'}
	IDFail    = ID{'F', 'A', 'I', 'L'}
	IDQuit    = ID{'Q', 'U', 'I', 'T'}
)

// Flags of RCV2 and SND2.
const (
	SyncFlagNone   uint32 = 0
	SyncFlagBrotli uint32 = 1
	SyncFlagLZ4    uint32 = 2
	SyncFlagZstd   uint32 = 4
	SyncFlagDryRun uint32 = 0x80000000
)

// AppendSyncRequest appends a request: letters, length, path. Paths are bytes;
// one longer than MaxSyncPath is refused here because the daemon would answer
// it by ending the stream and every request behind it.
func AppendSyncRequest(dst []byte, id ID, path string) ([]byte, error) {
	if len(path) > MaxSyncPath {
		return dst, fmt.Errorf("%w: path of %d bytes, at most %d", ErrMalformed, len(path), MaxSyncPath)
	}
	dst = AppendSyncHeader(dst, id, uint32(len(path)))
	return append(dst, path...), nil
}

// AppendSyncHeader appends letters and one number: the head of every request,
// of DATA, DONE, FAIL and OKAY, and the whole of RCV2's second message.
func AppendSyncHeader(dst []byte, id ID, n uint32) []byte {
	dst = append(dst, id[:]...)
	return binary.LittleEndian.AppendUint32(dst, n)
}

// AppendSendV2 appends SND2's second message: mode and flags.
func AppendSendV2(dst []byte, mode, flags uint32) []byte {
	dst = AppendSyncHeader(dst, IDSendV2, mode)
	return binary.LittleEndian.AppendUint32(dst, flags)
}

// ReadSyncHeader reads letters and one number. io.EOF means the peer stopped
// between records.
func ReadSyncHeader(r io.Reader) (ID, uint32, error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return ID{}, 0, err
	}
	return ID(b[:4]), binary.LittleEndian.Uint32(b[4:]), nil
}

// ReadID reads the letters that begin a record. io.EOF means the peer stopped
// between records.
func ReadID(r io.Reader) (ID, error) {
	var id ID
	_, err := io.ReadFull(r, id[:])
	return id, err
}

// DecodeSyncHeader is ReadSyncHeader for 8 bytes already in memory, which is
// what a reader of many small files can afford: no allocation a record.
func DecodeSyncHeader(b []byte) (ID, uint32) {
	return ID(b[:4]), binary.LittleEndian.Uint32(b[4:8])
}

// ReadFail reads a FAIL behind its letters and returns it as a *FailError, or
// the error that kept it from being read.
func ReadFail(r io.Reader) error {
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return noEOF(err)
	}
	text, err := ReadSyncFail(r, binary.LittleEndian.Uint32(b[:]))
	if err != nil {
		return err
	}
	return &FailError{Message: text}
}

// ReadSyncFail reads the text of a FAIL whose header announced n bytes.
func ReadSyncFail(r io.Reader, n uint32) (string, error) {
	if n > maxSyncText {
		return "", fmt.Errorf("%w: FAIL text of %d bytes", ErrMalformed, n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", noEOF(err)
	}
	return string(b), nil
}

// Sizes of the fixed records behind their letters.
const (
	statV1Body = 12
	statV2Body = 68
	dentV1Body = 16
	dentV2Body = 72
)

// Stat is the answer to a stat or lstat, and the fixed part of a directory
// entry. Version 1 fills only Mode, Size (modulo 2^32) and MTime.
type Stat struct {
	Errno               uint32 // version 2: why there is no answer; a wire errno for STA2/LST2, the device's own in DNT2
	Dev, Ino            uint64
	Mode                uint32 // raw st_mode
	NLink, UID, GID     uint32
	Size                uint64
	ATime, MTime, CTime int64 // seconds since 1970
}

// AppendStatV1 appends a whole STAT answer.
func AppendStatV1(dst []byte, s Stat) []byte {
	le := binary.LittleEndian
	dst = append(dst, IDLstatV1[:]...)
	dst = le.AppendUint32(dst, s.Mode)
	dst = le.AppendUint32(dst, uint32(s.Size))
	return le.AppendUint32(dst, uint32(s.MTime))
}

// ReadStatV1 reads a STAT answer behind its letters. A missing file answers
// all zero, with no error.
func ReadStatV1(r io.Reader) (Stat, error) {
	var b [statV1Body]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return Stat{}, noEOF(err)
	}
	return decodeStatV1(b[:]), nil
}

func decodeStatV1(b []byte) Stat {
	le := binary.LittleEndian
	return Stat{Mode: le.Uint32(b), Size: uint64(le.Uint32(b[4:])), MTime: int64(le.Uint32(b[8:]))}
}

// AppendStatV2 appends a whole STA2 or LST2 answer.
func AppendStatV2(dst []byte, id ID, s Stat) []byte {
	return appendStatV2Body(append(dst, id[:]...), s)
}

func appendStatV2Body(dst []byte, s Stat) []byte {
	le := binary.LittleEndian
	dst = le.AppendUint32(dst, s.Errno)
	dst = le.AppendUint64(dst, s.Dev)
	dst = le.AppendUint64(dst, s.Ino)
	dst = le.AppendUint32(dst, s.Mode)
	dst = le.AppendUint32(dst, s.NLink)
	dst = le.AppendUint32(dst, s.UID)
	dst = le.AppendUint32(dst, s.GID)
	dst = le.AppendUint64(dst, s.Size)
	dst = le.AppendUint64(dst, uint64(s.ATime))
	dst = le.AppendUint64(dst, uint64(s.MTime))
	return le.AppendUint64(dst, uint64(s.CTime))
}

// ReadStatV2 reads a STA2 or LST2 answer behind its letters.
func ReadStatV2(r io.Reader) (Stat, error) {
	var b [statV2Body]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return Stat{}, noEOF(err)
	}
	return decodeStatV2(b[:]), nil
}

func decodeStatV2(b []byte) Stat {
	le := binary.LittleEndian
	return Stat{
		Errno: le.Uint32(b), Dev: le.Uint64(b[4:]), Ino: le.Uint64(b[12:]),
		Mode: le.Uint32(b[20:]), NLink: le.Uint32(b[24:]), UID: le.Uint32(b[28:]), GID: le.Uint32(b[32:]),
		Size: le.Uint64(b[36:]), ATime: int64(le.Uint64(b[44:])), MTime: int64(le.Uint64(b[52:])), CTime: int64(le.Uint64(b[60:])),
	}
}
