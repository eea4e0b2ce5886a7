package vfs

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
)

// Photo makes a JPEG as a camera would: a sky over a ground, with grain so that
// it does not compress to nothing. The same arguments give the same bytes. Its rows of
// blocks repeat one of few runs of blocks, each of which is compressed once.
func Photo(seed uint64, width, height int) []byte {
	rows, columns := (height+blocks-1)/blocks, (width+blocks-1)/blocks
	run := runOf(columns)
	horizon := rows/3 + int(Mix(seed)%uint64(rows/3+1))
	var out []byte
	made := map[uint64]strip{}
	for row := range rows {
		kind := uint64(row % 3)
		if row >= horizon {
			kind += 3
		}
		s, ok := made[kind]
		if !ok {
			if s, ok = newStrip(Mix(seed+kind), hue(Mix(seed+1+kind/3)), run*blocks); !ok {
				return nil // a bytes.Buffer takes everything, and the size was checked
			}
			made[kind] = s
		}
		if row == 0 {
			out = append(out, s.head(width, height)...)
			out = append(out, 0xff, markDRI, 0, 4)
			out = binary.BigEndian.AppendUint16(out, uint16(run))
			out = append(out, s.start...)
		}
		for i := range columns / run {
			if n := row*(columns/run) + i; n > 0 {
				out = append(out, 0xff, markRST+byte((n-1)%8))
			}
			out = append(out, s.scan...)
		}
	}
	return append(out, 0xff, markEOI)
}

// longestRun is how many blocks of a row are compressed, if the row can repeat them.
const longestRun = 8

// runOf returns the largest number of blocks up to longestRun that divides a row, the
// whole row if that is less than a quarter of longestRun.
func runOf(columns int) int {
	for run := min(columns, longestRun); run >= longestRun/4; run-- {
		if columns%run == 0 {
			return run
		}
	}
	return columns
}

// blocks is the height of a row of blocks, and the width of one.
const blocks = 16

// Second bytes of JPEG's markers.
const (
	markSOF = 0xc0 // the size of the picture
	markRST = 0xd0 // the next run of blocks begins: RST0 to RST7
	markEOI = 0xd9
	markSOS = 0xda // the compressed blocks follow
	markDRI = 0xdd // how many blocks are between two RST
)

// strip is the file of a picture that is one run of blocks wide and one high, cut up.
type strip struct {
	tables []byte // all before start, and its SOF
	sof    int    // where the latter is
	start  []byte // SOS
	scan   []byte // the compressed blocks
}

func newStrip(seed uint64, tint color.YCbCr, width int) (strip, bool) {
	img := image.NewYCbCr(image.Rect(0, 0, width, blocks), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = tint.Y + uint8(Mix(seed^uint64(i))%24)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = tint.Cb, tint.Cr
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 88}); err != nil {
		return strip{}, false
	}
	b, s := file.Bytes(), strip{}
	for at := 2; at+4 <= len(b); {
		end := at + 2 + int(binary.BigEndian.Uint16(b[at+2:]))
		switch b[at+1] {
		case markSOF:
			s.sof = at
		case markSOS:
			s.tables, s.start, s.scan = b[:at], b[at:end], b[end:len(b)-2]
			return s, true
		}
		at = end
	}
	return strip{}, false
}

// head returns the tables of a picture of this size.
func (s strip) head(width, height int) []byte {
	b := bytes.Clone(s.tables)
	binary.BigEndian.PutUint16(b[s.sof+5:], uint16(height))
	binary.BigEndian.PutUint16(b[s.sof+7:], uint16(width))
	return b
}

func hue(x uint64) color.YCbCr {
	return color.YCbCr{Y: 60 + uint8(x%110), Cb: 80 + uint8(x>>8%96), Cr: 80 + uint8(x>>16%96)}
}
