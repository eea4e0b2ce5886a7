package vfs

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
)

// Photo makes a JPEG as a camera would: a sky over a ground, with grain so that
// it does not compress to nothing. The same arguments give the same bytes. It repeats one
// block of the sky, then one of the ground, each of which is compressed once.
func Photo(seed uint64, width, height int) []byte {
	rows, columns := (height+side-1)/side, (width+side-1)/side
	sky, start := block(Mix(seed))
	ground, _ := block(Mix(seed + 1))
	size := bytes.Index(sky, []byte{0xff, markSOF})
	binary.BigEndian.PutUint16(sky[size+5:], uint16(height))
	binary.BigEndian.PutUint16(sky[size+7:], uint16(width))
	out := slices.Concat(sky[:start], []byte{0xff, markDRI, 0, 4, 0, 1}, sky[start:start+lengthSOS])
	horizon := rows/3 + int(Mix(seed)%uint64(rows/3+1))
	for n := range rows * columns {
		from := sky
		if n/columns >= horizon {
			from = ground
		}
		if n > 0 {
			out = append(out, 0xff, markRST+byte((n-1)%8))
		}
		out = append(out, from[start+lengthSOS:len(from)-2]...)
	}
	return append(out, 0xff, markEOI)
}

// side is how wide and high a block is.
const side = 16

// Second bytes of JPEG's markers.
const (
	markSOF = 0xc0 // the size of the picture
	markRST = 0xd0 // the next block begins: RST0 to RST7
	markEOI = 0xd9
	markSOS = 0xda // the compressed blocks follow
	markDRI = 0xdd // how many blocks are between two RST
)

// lengthSOS is how long SOS of a picture in color is.
const lengthSOS = 14

// block compresses a picture that is one block of one tint. It returns the file, and
// where its SOS begins.
func block(seed uint64) (file []byte, start int) {
	img := image.NewYCbCr(image.Rect(0, 0, side, side), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = 60 + uint8(seed%110) + uint8(Mix(seed^uint64(i))%24)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 80+uint8(seed>>8%96), 80+uint8(seed>>16%96)
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 88}) // a bytes.Buffer takes everything
	return b.Bytes(), bytes.Index(b.Bytes(), []byte{0xff, markSOS, 0, lengthSOS - 2})
}
