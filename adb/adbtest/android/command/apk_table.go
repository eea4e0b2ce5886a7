package command

import "encoding/binary"

// Chunks of a resource table (frameworks/base, ResourceTypes.h).
const (
	chunkPackage = 0x0200
	chunkType    = 0x0201

	// entries of a type whose offsets are not 32 bits for each, and entries with more
	// than one value
	offsetsPacked = 0x03
	entryComplex  = 0x0001
	entryCompact  = 0x0008

	maxReferences = 8 // from one resource to the next
)

// resolve returns the text of a resource, "" if it has none. Of several
// configurations the default one counts, else the first.
func resolve(table []byte, id uint32) string {
	for range maxReferences {
		kind, value := lookUp(table, id)
		switch {
		case kind == valueString:
			return tableString(table, value)
		case kind != valueReference || value == id:
			return ""
		}
		id = value
	}
	return ""
}

// tableString returns a string of the table's own pool.
func tableString(table []byte, n uint32) (text string) {
	chunks(table, 12, func(kind uint16, chunk []byte) bool {
		if kind == chunkStrings {
			d := document{words: stringPool(chunk)}
			text = d.word(n)
		}
		return kind != chunkStrings
	})
	return text
}

// lookUp returns the value of a resource; its kind is 0 if there is no such resource.
func lookUp(table []byte, id uint32) (kind byte, value uint32) {
	chunks(table, 12, func(k uint16, pkg []byte) bool {
		if k != chunkPackage || le32(pkg, 8) != id>>24 {
			return true
		}
		chunks(pkg, int(binary.LittleEndian.Uint16(pkg[2:])), func(k uint16, chunk []byte) bool {
			if k != chunkType || len(chunk) < 52 || uint32(chunk[8]) != id>>16&0xff || chunk[9]&offsetsPacked != 0 {
				return true
			}
			found, v := entryOf(chunk, int(id&0xffff))
			standard := isDefault(chunk)
			if found != 0 && (kind == 0 || standard) {
				kind, value = found, v
			}
			return found == 0 || !standard
		})
		return false
	})
	return kind, value
}

// entryOf returns the value of an entry of one configuration; its kind is 0 if the
// configuration has none.
func entryOf(chunk []byte, n int) (kind byte, value uint32) {
	offset := le32(chunk, int(binary.LittleEndian.Uint16(chunk[2:]))+4*n)
	if n >= int(le32(chunk, 12)) || offset == noString {
		return 0, 0
	}
	at := int(le32(chunk, 16)) + int(offset)
	if at < 0 || at+16 > len(chunk) || binary.LittleEndian.Uint16(chunk[at+2:])&(entryComplex|entryCompact) != 0 {
		return 0, 0
	}
	return chunk[at+11], le32(chunk, at+12)
}

// isDefault reports whether a configuration, which begins with its size, asks for nothing.
func isDefault(chunk []byte) bool {
	size := min(uint64(len(chunk)), 20+uint64(le32(chunk, 20)))
	for _, b := range chunk[24:max(size, 24)] {
		if b != 0 {
			return false
		}
	}
	return true
}

// chunks calls next with each chunk in b from an offset on, until it returns false.
func chunks(b []byte, at int, next func(kind uint16, chunk []byte) bool) {
	for at >= 0 && at+8 <= len(b) {
		size := int(le32(b, at+4))
		if size < 8 || size > len(b)-at || !next(binary.LittleEndian.Uint16(b[at:]), b[at:at+size]) {
			return
		}
		at += size
	}
}
