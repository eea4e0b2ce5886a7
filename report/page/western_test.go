package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"preship/report"
	"preship/report/casetest"
	"preship/report/page/fontpack"
)

// The whole font is the one that fonts/ORIGIN.md names.
func TestWholeFont(t *testing.T) {
	t.Parallel()
	whole, err := wholeFont()
	if err != nil {
		t.Fatal(err)
	}
	origin, err := os.ReadFile("fonts/ORIGIN.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(whole.ttf)); !bytes.Contains(origin, []byte(sum)) {
		t.Errorf("fonts/ORIGIN.md lacks its sum, %s", sum)
	}
}

// The western font is the part of the whole font that fonts/ORIGIN.md describes. With
// PRESHIP_UPDATE_FONT=1 the test writes it.
func TestWesternFontIsPartOfTheWholeOne(t *testing.T) {
	t.Parallel()
	whole, err := wholeFont()
	if err != nil {
		t.Fatal(err)
	}
	want := westernPart(t, whole)
	if os.Getenv("PRESHIP_UPDATE_FONT") != "" {
		streams, err := fontpack.Split(want)
		if err != nil {
			t.Fatal(err)
		}
		to, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("fonts/wqy-microhei-western.zst", to.EncodeAll(streams, nil), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	western, err := westernFont()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(western.ttf, want) {
		t.Error("it is no part of the whole font")
	}
	for r, glyph := range whole.glyphs {
		if r >= pastWestern {
			glyph = 0
		}
		if western.glyphs[r] != glyph {
			t.Errorf("%q has glyph %d, want %d", rune(r), western.glyphs[r], glyph)
		}
	}
}

// A report in English or Spanish needs no other font.
func TestWesternFontIsEnough(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"en", "es"} {
		r := casetest.Report(t, nil)
		r.Language = tag
		b, err := report.MarshalFile(&r)
		if err != nil {
			t.Fatal(err)
		}
		code, err := newSquare(token(t, &r))
		if err != nil {
			t.Fatal(err)
		}
		f, err := westernFont()
		if err != nil {
			t.Fatal(err)
		}
		c := f.face()
		s, err := newSheet(&r, langNamed(tag), c, pageWidth, pageHeight)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.report(&r, b, code); err != nil {
			t.Fatal(err)
		}
		if !c.western {
			t.Errorf("a report in %s needs the whole font", tag)
		}
	}
}

// westernPart returns a TrueType file with the first glyphs of the font, up to the last
// that a character before pastWestern has, and with the parts of which these are made.
func westernPart(t *testing.T, whole *font) []byte {
	t.Helper()
	table := func(tag string) []byte {
		b, err := fontTable(whole.ttf, tag)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(b)
	}
	u16, u32 := binary.BigEndian.Uint16, binary.BigEndian.Uint32
	glyf, loca, hmtx := table("glyf"), table("loca"), table("hmtx")
	outline := func(glyph uint16) []byte {
		return bytes.Clone(glyf[u32(loca[4*int(glyph):]):u32(loca[4*int(glyph)+4:])])
	}

	var codes, glyphs []uint16
	for r, glyph := range whole.glyphs[:pastWestern] {
		if glyph != 0 {
			codes = append(codes, uint16(r))
		}
	}
	for glyph := range slices.Max(whole.glyphs[:pastWestern]) + 1 {
		glyphs = append(glyphs, glyph)
	}
	var newGlyf, newLoca, newHmtx []byte
	for i := 0; i < len(glyphs); i++ {
		newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
		newHmtx = append(newHmtx, hmtx[4*int(glyphs[i]):][:4]...)
		b := outline(glyphs[i])
		for at := range partsOf(b) {
			part := u16(b[at:])
			n := slices.Index(glyphs, part)
			if n < 0 {
				n, glyphs = len(glyphs), append(glyphs, part)
			}
			binary.BigEndian.PutUint16(b[at:], uint16(n))
		}
		newGlyf = append(newGlyf, b...)
	}
	newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
	hhea, maxp := table("hhea"), table("maxp")
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(glyphs)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(glyphs)))

	made := map[string][]byte{
		"cmap": characterMap(codes, whole.glyphs), "glyf": newGlyf, "hhea": hhea, "hmtx": newHmtx, "loca": newLoca, "maxp": maxp,
	}
	tags := []string{"OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"}
	out := bytes.Clone(whole.ttf[:12]) // the count of tables is the same
	body := 12 + 16*len(tags)
	var tables []byte
	for _, tag := range tags {
		b := made[tag]
		if b == nil {
			b = table(tag)
		}
		padded := append(bytes.Clone(b), make([]byte, -len(b)&3)...)
		sum := uint32(0)
		for i := 0; i < len(padded); i += 4 {
			sum += u32(padded[i:])
		}
		out = append(out, tag...)
		for _, n := range []uint32{sum, uint32(body + len(tables)), uint32(len(b))} {
			out = binary.BigEndian.AppendUint32(out, n)
		}
		tables = append(tables, padded...)
	}
	return append(out, tables...)
}

// partsOf yields where the numbers of the glyphs are of which a glyph is made.
func partsOf(outline []byte) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		const words, scale, more, twoScales, matrix = 1, 8, 0x20, 0x40, 0x80
		if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
			return
		}
		for at, flags := 10, uint16(more); flags&more != 0; {
			flags = binary.BigEndian.Uint16(outline[at:])
			if !yield(at + 2) {
				return
			}
			at += 6
			for flag, n := range map[uint16]int{words: 2, scale: 2, twoScales: 4, matrix: 8} {
				if flags&flag != 0 {
					at += n
				}
			}
		}
	}
}
