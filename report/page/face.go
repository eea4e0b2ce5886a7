package page

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// face is the font for one document: it finds only the characters that the document
// needs. The writer of PDFs builds tables of every character that it finds, twice for
// each document, and the font has 23,000.
type face struct {
	*font
	finds []bool // by character of the basic plane
	lacks bool   // a text has a character that the font can show and the face does not find
	err   error  // of unpacking the whole font
}

// usual are the characters that every document finds: those below it.
const usual = 0x250

// pastWestern is the first character after Latin, Greek, Cyrillic, their punctuation and
// the symbols: the first of the East Asian blocks.
const pastWestern = 0x2e80

// face returns a face that finds the usual characters.
func (f *font) face() *face {
	c := &face{font: f, finds: make([]bool, len(f.glyphs))}
	for r := range usual {
		c.finds[r] = true
	}
	return c
}

// spell is like the font's. The face finds every character of the text afterwards, if the
// file of it is rewritten. It changes to the whole font when a text needs that.
func (c *face) spell(s string) string {
	if c.western && strings.ContainsFunc(s, func(r rune) bool { return r >= pastWestern }) {
		whole, err := wholeFont()
		if err != nil {
			whole, c.err = c.font, err
		}
		c.font, c.lacks = whole, true
	}
	s = c.font.spell(s)
	for _, r := range s {
		if !c.finds[r] {
			c.finds[r], c.lacks = true, true
		}
	}
	return s
}

// maxSegments is below what the 16-bit length of a subtable allows: 8 bytes for each.
const maxSegments = 8000

// file returns the font as a TrueType file whose cmap has the characters of the face, or
// every character of the font if the face has too many.
func (c *face) file() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	var codes []uint16
	for code, finds := range c.finds[:0xffff] {
		if finds && c.glyphs[code] != 0 {
			codes = append(codes, uint16(code))
		}
	}
	if len(codes) > maxSegments {
		return bytes.Clone(c.ttf), nil // the writer of PDFs changes it
	}
	cmap := characterMap(codes, c.glyphs)
	ttf := slices.Concat(c.ttf, cmap)
	row, err := tableRow(ttf, "cmap")
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint32(row[8:], uint32(len(c.ttf)))
	binary.BigEndian.PutUint32(row[12:], uint32(len(cmap)))
	return ttf, nil
}

// characterMap returns a cmap with one subtable: Windows, Unicode basic plane, format 4.
// Each character is its own segment.
func characterMap(codes, glyphs []uint16) []byte {
	ends := append(slices.Clone(codes), 0xffff) // the segment that must be the last
	deltas := make([]uint16, len(ends))
	for i, code := range codes {
		deltas[i] = glyphs[code] - code
	}
	deltas[len(codes)] = 1
	n := uint16(len(ends))
	var b bytes.Buffer
	put := func(words ...uint16) { _ = binary.Write(&b, binary.BigEndian, words) } // a buffer takes all
	put(0, 1, 3, 1, 0, 12)                                                         // the subtable begins at 12
	put(4, 16+8*n, 0, 2*n, 0, 0, 0)                                                // for a search that nothing here makes
	put(ends...)
	put(0)
	put(ends...)
	put(deltas...)
	put(make([]uint16, n)...)
	return b.Bytes()
}
