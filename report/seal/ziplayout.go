package seal

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"sort"

	"preship/report/message"
)

// The signatures of the records of a ZIP file, as its specification (APPNOTE.TXT) numbers them.
const (
	zipLocal      = 0x04034b50
	zipDescriptor = 0x08074b50
	zipDirectory  = 0x02014b50
	zipEnd        = 0x06054b50
	zipEnd64      = 0x06064b50
	zipLocator64  = 0x07064b50
)

const (
	zipLarge       = 0xFFFFFFFF // the value is in the extra field
	zipUnicodeName = 0x7075     // the extra field in which Info-ZIP looks for another name
	zipSizes64     = 0x0001
	zipEncrypted   = 1 | 1<<6 | 1<<13
	zipStreamed    = 1 << 3 // sizes and checksum follow the data
)

// zipLayout walks a ZIP file from its first byte to its last. Programs that unpack while
// they read believe the header before each file, others the directory at the end: a
// package is read by both, so the two must agree and nothing may be between the files.
type zipLayout struct {
	in   io.ReaderAt
	size int64
	pos  int64
}

// checkLayout names the defects of the layout.
func checkLayout(z *zip.Reader, in io.ReaderAt, size int64) []Problem {
	l := zipLayout{in: in, size: size}
	type placed struct {
		*zip.File
		data int64
	}
	files := make([]placed, 0, len(z.File))
	for _, f := range z.File {
		data, err := f.DataOffset()
		if err != nil {
			return []Problem{problemOf(f.Name, message.Say("seal.zip.header"))}
		}
		files = append(files, placed{f, data})
	}
	sort.Slice(files, func(i, j int) bool { return files[i].data < files[j].data })
	for _, f := range files {
		if id := l.file(f.File, f.data); id != "" {
			return []Problem{problemOf(f.Name, message.Say(id))}
		}
	}
	if !l.end(int64(len(z.Comment))) {
		return []Problem{problemOf("", message.Say("seal.zip.directory"))}
	}
	return nil
}

// file walks over the header of a file and its data, and returns the defect.
func (l *zipLayout) file(f *zip.File, data int64) message.ID {
	h := l.bytes(l.pos, 30)
	if h == nil || le32(h) != zipLocal {
		return "seal.zip.gap"
	}
	names, extras := int64(le16(h[26:])), int64(le16(h[28:]))
	if l.pos+30+names+extras != data {
		return "seal.zip.gap"
	}
	name, extra := l.bytes(l.pos+30, names), l.bytes(l.pos+30+names, extras)
	flags := le16(h[6:])
	switch {
	case string(name) != f.Name || renames(extra, f.Name) || renames(f.Extra, f.Name):
		return "seal.zip.other-name"
	case le16(h[8:]) != f.Method || flags&zipEncrypted != 0:
		return "seal.zip.header"
	}
	crc, packed, unpacked := le32(h[14:]), uint64(le32(h[18:])), uint64(le32(h[22:]))
	if sizes := field(extra, zipSizes64); packed == zipLarge && unpacked == zipLarge && len(sizes) >= 16 {
		unpacked, packed = binary.LittleEndian.Uint64(sizes), binary.LittleEndian.Uint64(sizes[8:])
	}
	agrees := crc == f.CRC32 && packed == f.CompressedSize64 && unpacked == f.UncompressedSize64
	empty := crc == 0 && (packed == 0 || packed == zipLarge) && (unpacked == 0 || unpacked == zipLarge)
	if !agrees && (flags&zipStreamed == 0 || !empty) {
		return "seal.zip.header"
	}
	l.pos = data + int64(f.CompressedSize64)
	if flags&zipStreamed != 0 && !l.descriptor(f) {
		return "seal.zip.header"
	}
	return ""
}

// descriptor walks over the sizes and the checksum that follow the data of a streamed
// file. They are written in four ways.
func (l *zipLayout) descriptor(f *zip.File) bool {
	put := binary.LittleEndian
	crc := put.AppendUint32(nil, f.CRC32)
	sizes := put.AppendUint32(put.AppendUint32(slices.Clone(crc), uint32(f.CompressedSize64)), uint32(f.UncompressedSize64))
	sizes64 := put.AppendUint64(put.AppendUint64(crc, f.CompressedSize64), f.UncompressedSize64)
	sig := put.AppendUint32(nil, zipDescriptor)
	for _, form := range [][]byte{slices.Concat(sig, sizes), slices.Concat(sig, sizes64), sizes, sizes64} {
		n := int64(len(form))
		next := l.bytes(l.pos+n, 4)
		if !bytes.Equal(l.bytes(l.pos, n), form) || next == nil {
			continue
		}
		switch le32(next) {
		case zipLocal, zipDirectory:
			l.pos += n
			return true
		}
	}
	return false
}

// end reports whether the directory follows the last file, and the file ends with it
// and its comment.
func (l *zipLayout) end(comment int64) bool {
	at := l.size - 22 - comment
	e := l.bytes(at, 22+comment)
	if e == nil || le32(e) != zipEnd {
		return false
	}
	length, start := uint64(le32(e[12:])), uint64(le32(e[16:]))
	if loc := l.bytes(at-20, 20); loc != nil && le32(loc) == zipLocator64 {
		at = int64(binary.LittleEndian.Uint64(loc[8:]))
		e64 := l.bytes(at, 56)
		if e64 == nil || le32(e64) != zipEnd64 || at+12+int64(binary.LittleEndian.Uint64(e64[4:])) != l.size-22-comment-20 {
			return false
		}
		length, start = binary.LittleEndian.Uint64(e64[40:]), binary.LittleEndian.Uint64(e64[48:])
	}
	return start == uint64(l.pos) && start+length == uint64(at)
}

// bytes returns n bytes at a place, nil if the file does not have them.
func (l *zipLayout) bytes(at, n int64) []byte {
	if at < 0 || at > l.size || n > l.size-at {
		return nil
	}
	b := make([]byte, n)
	if _, err := l.in.ReadAt(b, at); err != nil && err != io.EOF {
		return nil
	}
	return b
}

// renames reports whether extra fields give a file another name.
func renames(extra []byte, name string) bool {
	f := field(extra, zipUnicodeName)
	return f != nil && (len(f) < 5 || string(f[5:]) != name)
}

// field returns an extra field, nil if there is none.
func field(extra []byte, id uint16) []byte {
	for len(extra) >= 4 {
		n := int(le16(extra[2:]))
		if n > len(extra)-4 {
			return nil
		}
		if le16(extra) == id {
			return extra[4 : 4+n : 4+n]
		}
		extra = extra[4+n:]
	}
	return nil
}

func le16(b []byte) uint16 { return binary.LittleEndian.Uint16(b) }

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
