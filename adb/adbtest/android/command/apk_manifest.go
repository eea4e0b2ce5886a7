package command

import (
	"encoding/binary"
	"unicode/utf16"

	"preship/adb/adbtest/profile"
)

// Types of chunks of Android's binary XML, and of values (frameworks/base,
// ResourceTypes.h).
const (
	chunkStrings = 0x0001
	chunkIDs     = 0x0180
	chunkElement = 0x0102

	valueString   = 0x03
	valueFirstInt = 0x10
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

// chunk is a part of a binary file. A number beyond its end is 0.
type chunk []byte

func (c chunk) u16(at int) int {
	if at < 0 || at+2 > len(c) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(c[at:]))
}

func (c chunk) u32(at int) int { return c.u16(at) | c.u16(at+2)<<16 }

// manifest is a binary XML file while it is read.
type manifest struct {
	apkInfo
	words chunk // the pool of strings
	ids   chunk // of the attributes whose names are the first words
}

// readManifest reads the elements of a binary XML file that the installer needs. The name
// of the package is "" if it holds none.
func readManifest(b []byte) apkInfo {
	m := manifest{apkInfo: apkInfo{App: profile.App{MinSDK: 1}}}
	for rest := chunk(b[min(8, len(b)):]); ; {
		size := rest.u32(4)
		if size < 8 || size > len(rest) {
			break
		}
		switch rest.u16(0) {
		case chunkStrings:
			m.words = rest[:size]
		case chunkIDs:
			m.ids = rest[:size]
		case chunkElement:
			m.element(rest[:size])
		}
		rest = rest[size:]
	}
	m.TargetSDK = max(m.TargetSDK, m.MinSDK)
	return m.apkInfo
}

// element reads the attributes of a start-element chunk.
func (m *manifest) element(c chunk) {
	name, size := m.word(c.u32(20)), max(c.u16(26), 20)
	for at := 16 + c.u16(24); at+20 <= len(c) && at < 16+c.u16(24)+size*c.u16(28); at += size {
		key, number, text := c.u32(at+4), 0, ""
		switch kind := c[at+15]; {
		case kind >= valueFirstInt:
			number = c.u32(at + 16)
		case kind == valueString:
			text = m.word(c.u32(at + 16))
		}
		switch m.ids.u32(8 + 4*key) {
		case 0:
			switch name + " " + m.word(key) {
			case "manifest package":
				m.Name = text
			case "manifest split":
				m.split = text
			}
		case attrVersionCode:
			m.Code |= int64(number)
		case attrVersionMajor:
			m.Code |= int64(number) << 32
		case attrVersionName:
			m.Version = text
		case attrMinSDK:
			m.MinSDK = max(number, 1)
		case attrTargetSDK:
			m.TargetSDK = number
		case attrTestOnly:
			m.testOnly = number != 0
		case attrDebuggable:
			m.Debuggable = number != 0
		}
	}
}

// maxWord bounds a string, of which those that matter are short.
const maxWord = 1 << 10

// word returns a string of the pool, "" if there is no such string. The pool of a manifest
// is UTF-16, unlike that of other files of an APK.
func (m *manifest) word(n int) string {
	if n >= m.words.u32(8) {
		return ""
	}
	at := m.words.u32(20) + m.words.u32(28+4*n)
	units := make([]uint16, min(m.words.u16(at), maxWord))
	for i := range units {
		units[i] = uint16(m.words.u16(at + 2 + 2*i))
	}
	return string(utf16.Decode(units))
}
