package command

import (
	"encoding/binary"
	"unicode/utf16"
)

// Types of chunks of Android's binary XML, and of values (frameworks/base,
// ResourceTypes.h).
const (
	chunkStrings = 0x0001
	chunkIDs     = 0x0180
	chunkElement = 0x0102
	stringsUTF8  = 1 << 8
	noString     = 0xffffffff

	valueReference = 0x01
	valueString    = 0x03
	valueFirstInt  = 0x10
	valueLastInt   = 0x1f
)

// The attributes that the installer reads, by their resource IDs (android.R.attr):
// names may be left out of an APK, IDs may not.
const (
	attrDebuggable   = 0x0101000f
	attrMinSDK       = 0x0101020c
	attrVersionCode  = 0x0101021b
	attrVersionName  = 0x0101021c
	attrTargetSDK    = 0x01010270
	attrTestOnly     = 0x01010272
	attrVersionMajor = 0x01010576
)

// manifest is the apkInfo of a manifest, before strings of the resource table are known.
type manifest struct {
	apkInfo
	versionRef uint32 // the resource that holds the version; 0: the manifest holds it
}

// document is a binary XML file while it is read.
type document struct {
	words []string
	ids   []uint32 // of the attributes whose names are the first words
}

// parseManifest reads the elements of a binary XML file that the installer needs.
func parseManifest(b []byte) (m manifest, err error) {
	var d document
	m.minSDK = 1
	for at := 8; at+8 <= len(b); {
		kind, size := binary.LittleEndian.Uint16(b[at:]), int(binary.LittleEndian.Uint32(b[at+4:]))
		if size < 8 || size > len(b)-at {
			break
		}
		switch chunk := b[at : at+size]; kind {
		case chunkStrings:
			d.words = stringPool(chunk)
		case chunkIDs:
			for n := 8; n+4 <= len(chunk); n += 4 {
				d.ids = append(d.ids, le32(chunk, n))
			}
		case chunkElement:
			d.element(chunk, &m)
		}
		at += size
	}
	if m.name == "" {
		return m, errNotAPK
	}
	m.targetSDK = max(m.targetSDK, m.minSDK)
	return m, nil
}

// element reads the attributes of a start-element chunk.
func (d *document) element(chunk []byte, m *manifest) {
	name, start, size := d.word(le32(chunk, 20)), 16+int(le32(chunk, 24)&0xffff), int(le32(chunk, 24)>>16)
	for n := range int(le32(chunk, 28) & 0xffff) {
		at := start + max(size, 20)*n
		if at+20 > len(chunk) {
			return
		}
		kind, value := chunk[at+15], le32(chunk, at+16)
		id, text := d.id(le32(chunk, at+4)), d.word(le32(chunk, at+8))
		number := 0
		if kind >= valueFirstInt && kind <= valueLastInt {
			number = int(int32(value))
		}
		switch {
		case name == "manifest" && d.word(le32(chunk, at+4)) == "package":
			m.name = text
		case name == "manifest" && d.word(le32(chunk, at+4)) == "split":
			m.split = text
		case name == "manifest" && id == attrVersionCode:
			m.code |= int64(uint32(number))
		case name == "manifest" && id == attrVersionMajor:
			m.code |= int64(uint32(number)) << 32
		case name == "manifest" && id == attrVersionName && kind == valueReference:
			m.versionRef = value
		case name == "manifest" && id == attrVersionName:
			m.version = text
		case name == "uses-sdk" && id == attrMinSDK:
			m.minSDK = max(number, 1)
		case name == "uses-sdk" && id == attrTargetSDK:
			m.targetSDK = number
		case name == "application" && id == attrTestOnly:
			m.testOnly = number != 0
		case name == "application" && id == attrDebuggable:
			m.debuggable = number != 0
		}
	}
}

// word returns a string of the pool, "" if there is no such string.
func (d *document) word(n uint32) string {
	if n == noString || int64(n) >= int64(len(d.words)) {
		return ""
	}
	return d.words[n]
}

// id returns the resource ID of an attribute's name, 0 if it has none.
func (d *document) id(n uint32) uint32 {
	if int64(n) >= int64(len(d.ids)) {
		return 0
	}
	return d.ids[n]
}

// stringPool reads the strings of a pool; one that does not fit is "".
func stringPool(chunk []byte) []string {
	if len(chunk) < 28 {
		return nil
	}
	count, flags, start := le32(chunk, 8), le32(chunk, 16), int(le32(chunk, 20))
	words := make([]string, 0, min(int(count), len(chunk)/4))
	for n := range min(int(count), len(chunk)/4) {
		at := start + int(le32(chunk, 28+4*n))
		words = append(words, poolString(chunk, at, flags&stringsUTF8 != 0))
	}
	return words
}

func poolString(chunk []byte, at int, narrow bool) string {
	if at < 0 || at+4 > len(chunk) {
		return ""
	}
	if narrow { // two lengths, in characters and in bytes, each of one byte or two
		at += 1 + int(chunk[at]>>7)
		n := int(chunk[at])
		if n > 127 && at+1 < len(chunk) {
			n = n&127<<8 | int(chunk[at+1])
			at++
		}
		if at+1+n > len(chunk) {
			return ""
		}
		return string(chunk[at+1 : at+1+n])
	}
	n := int(binary.LittleEndian.Uint16(chunk[at:]))
	if n > 0x7fff || at+2+2*n > len(chunk) {
		return ""
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(chunk[at+2+2*i:])
	}
	return string(utf16.Decode(units))
}

// le32 reads a uint32 at an offset; out of range it returns noString.
func le32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return noString
	}
	return binary.LittleEndian.Uint32(b[at:])
}
