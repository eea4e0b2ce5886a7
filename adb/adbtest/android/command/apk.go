package command

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
)

// errNotAPK: not an archive with a manifest that names a package.
var errNotAPK = errors.New("not an APK")

// manifestRoom bounds a manifest.
const manifestRoom = 1 << 20

// manifest is what the package installer has to know of an APK.
type manifest struct {
	name, split, version string
}

// readAPK reads the manifest of an APK.
func readAPK(b []byte) (manifest, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return manifest{}, errNotAPK
	}
	f, err := z.Open("AndroidManifest.xml")
	if err != nil {
		return manifest{}, errNotAPK
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, manifestRoom))
	if err != nil {
		return manifest{}, errNotAPK
	}
	return parseManifest(data)
}

// Chunk types of Android's binary XML (frameworks/base, ResourceTypes.h).
const (
	chunkStrings = 0x0001
	chunkElement = 0x0102
	stringsUTF8  = 1 << 8
	noString     = 0xffffffff
)

// parseManifest reads the attributes of the first element of a binary XML file.
func parseManifest(b []byte) (manifest, error) {
	var m manifest
	var words []string
	for at := 8; at+8 <= len(b); {
		kind, size := binary.LittleEndian.Uint16(b[at:]), int(binary.LittleEndian.Uint32(b[at+4:]))
		if size < 8 || size > len(b)-at {
			return m, errNotAPK
		}
		switch chunk := b[at : at+size]; kind {
		case chunkStrings:
			words = stringPool(chunk)
		case chunkElement:
			m = manifestOf(chunk, words)
			if m.name == "" {
				return m, errNotAPK
			}
			return m, nil
		}
		at += size
	}
	return m, errNotAPK
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
	if at < 0 || at+2 > len(chunk) {
		return ""
	}
	if narrow { // two lengths, of at most two bytes each, and the bytes
		at += 1 + int(chunk[at]>>7)
		if at >= len(chunk) {
			return ""
		}
		n := int(chunk[at])
		at += 1 + n>>7
		if n > 127 || at+n > len(chunk) {
			return ""
		}
		return string(chunk[at : at+n])
	}
	n := int(binary.LittleEndian.Uint16(chunk[at:]))
	if at+2+2*n > len(chunk) {
		return ""
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(chunk[at+2+2*i:])
	}
	return string(utf16.Decode(units))
}

// manifestOf reads the attributes of a start-element chunk.
func manifestOf(chunk []byte, words []string) manifest {
	var m manifest
	word := func(at int) string {
		if n := le32(chunk, at); n != noString && int64(n) < int64(len(words)) {
			return words[n]
		}
		return ""
	}
	for n := range int(le32(chunk, 28) & 0xffff) {
		at := 36 + 20*n
		if at+20 > len(chunk) {
			break
		}
		switch word(at + 4) {
		case "package":
			m.name = word(at + 8)
		case "split":
			m.split = word(at + 8)
		case "versionName":
			m.version = word(at + 8)
		}
	}
	return m
}

// le32 reads a uint32 at an offset; out of range it returns noString.
func le32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return noString
	}
	return binary.LittleEndian.Uint32(b[at:])
}
