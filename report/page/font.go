package page

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"preship/report/page/fontpack"
)

//go:embed fonts/wqy-microhei.zst
var wholeFile []byte

//go:embed fonts/wqy-microhei-western.zst
var westernFile []byte

// font is the one typeface of the PDFs, or a part of it; fonts/ORIGIN.md says where it
// is from.
type font struct {
	ttf     []byte
	glyphs  []uint16 // by character of the basic plane; 0: the font has no glyph for it
	western bool     // it has only the glyphs of the characters before pastWestern
}

// wholeFont is unpacked for the first text that westernFont cannot show. Most reports
// need only the latter, which has 3 % of the bytes.
var (
	wholeFont   = sync.OnceValues(func() (*font, error) { return unpack(wholeFile, false) })
	westernFont = sync.OnceValues(func() (*font, error) { return unpack(westernFile, true) })
)

// maxFont is above the size of the whole font, in bytes.
const maxFont = 16 << 20

func unpack(file []byte, western bool) (*font, error) {
	in, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxFont), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	streams, err := in.DecodeAll(file, nil)
	if err != nil {
		return nil, err
	}
	ttf, err := fontpack.Join(streams)
	if err != nil {
		return nil, err
	}
	return fontOf(ttf, western)
}

func fontOf(ttf []byte, western bool) (*font, error) {
	glyphs, err := glyphsOf(ttf)
	return &font{ttf, glyphs, western}, err
}

var errFont = errors.New("malformed font")

// glyphsOf reads the glyph of each character from a TrueType file: from the Unicode
// subtable of format 4 of its cmap.
func glyphsOf(ttf []byte) ([]uint16, error) {
	cmap, err := fontTable(ttf, "cmap")
	if err != nil {
		return nil, err
	}
	u16 := func(b []byte, at int) int {
		if at < 0 || at+2 > len(b) {
			return 0
		}
		return int(binary.BigEndian.Uint16(b[at:]))
	}
	for i := range u16(cmap, 2) {
		if u16(cmap, 4+8*i) != 3 || u16(cmap, 6+8*i) != 1 {
			continue // not Windows, Unicode basic plane
		}
		start := u16(cmap, 8+8*i)<<16 | u16(cmap, 10+8*i)
		if start >= len(cmap) || u16(cmap, start) != 4 {
			break
		}
		t := cmap[start:]
		glyphs, segments := make([]uint16, 1<<16), u16(t, 6)/2
		for s := range segments {
			end, first := u16(t, 14+2*s), u16(t, 16+2*segments+2*s)
			delta, at := u16(t, 16+4*segments+2*s), 16+6*segments+2*s
			for c := first; c <= end && c < 0xffff; c++ {
				glyph := c
				if offset := u16(t, at); offset != 0 {
					glyph = u16(t, at+offset+2*(c-first))
				}
				if glyph != 0 {
					glyphs[c] = uint16(glyph + delta)
				}
			}
		}
		return glyphs, nil
	}
	return nil, fmt.Errorf("%w: no cmap of format 4", errFont)
}

func fontTable(ttf []byte, tag string) ([]byte, error) {
	row, err := tableRow(ttf, tag)
	if err != nil {
		return nil, err
	}
	from, n := binary.BigEndian.Uint32(row[8:]), binary.BigEndian.Uint32(row[12:])
	return ttf[from : from+n], nil
}

// tableRow returns the row of a table in the directory of a TrueType file. The table it
// names is within the file.
func tableRow(ttf []byte, tag string) ([]byte, error) {
	if len(ttf) < 12 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		at := 12 + 16*i
		if at+16 > len(ttf) {
			break
		}
		row := ttf[at : at+16]
		from, n := binary.BigEndian.Uint32(row[8:]), binary.BigEndian.Uint32(row[12:])
		if string(row[:4]) == tag && uint64(from)+uint64(n) <= uint64(len(ttf)) {
			return row, nil
		}
	}
	return nil, fmt.Errorf("%w: no table %q", errFont, tag)
}

// spell writes each character the font cannot show as its code point: a blank
// box would hide the text.
func (f *font) spell(s string) string {
	if !strings.ContainsFunc(s, f.lacks) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if f.lacks(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (f *font) lacks(r rune) bool {
	return int(r) >= len(f.glyphs) || f.glyphs[r] == 0 || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r)
}
