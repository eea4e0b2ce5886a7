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
// blocks alternate between few that are compressed once.
func Photo(seed uint64, width, height int) []byte {
	rows := (height + blocks - 1) / blocks
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
			if s, ok = newStrip(Mix(seed+kind), hue(Mix(seed+1+kind/3)), width); !ok {
				return nil // a bytes.Buffer takes everything, and the size was checked
			}
			made[kind] = s
		}
		if row == 0 {
			out = append(out, s.head(height)...)
			out = append(out, 0xff, markDRI, 0, 4)
			out = binary.BigEndian.AppendUint16(out, uint16((width+blocks-1)/blocks))
			out = append(out, s.start...)
		} else {
			out = append(out, 0xff, markRST+byte((row-1)%8))
		}
		out = append(out, s.scan...)
	}
	return append(out, 0xff, markEOI)
}

// blocks is the height of a row of blocks, and the width of one.
const blocks = 16

// Second bytes of JPEG's markers.
const (
	markSOF = 0xc0 // the size of the picture
	markRST = 0xd0 // the next row of blocks begins: RST0 to RST7
	markEOI = 0xd9
	markSOS = 0xda // the compressed blocks follow
	markDRI = 0xdd // how many blocks are between two RST
)

// strip is the file of a picture that is one row of blocks high, cut up.
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

// head returns the tables of a picture with this height.
func (s strip) head(height int) []byte {
	b := bytes.Clone(s.tables)
	binary.BigEndian.PutUint16(b[s.sof+5:], uint16(height))
	return b
}

func hue(x uint64) color.YCbCr {
	return color.YCbCr{Y: 60 + uint8(x%110), Cb: 80 + uint8(x>>8%96), Cr: 80 + uint8(x>>16%96)}
}
