package vfs

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"time"
)

// Photo makes a JPEG as a camera would: a sky over a ground, with grain so that
// it does not compress to nothing, and an EXIF segment with the date it was
// taken. The same arguments give the same bytes.
func Photo(seed uint64, width, height int, taken time.Time) []byte {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	horizon := height/3 + int(Mix(seed)%uint64(height/3+1))
	sky, ground := hue(Mix(seed+1)), hue(Mix(seed+2))
	for y := range height {
		tint := sky
		if y > horizon {
			tint = ground
		}
		for x := range width {
			grain := Mix(seed^uint64(y)<<32^uint64(x)) % 24
			img.Y[img.YOffset(x, y)] = tint.Y + uint8(grain) + uint8(40*y/height)
			c := img.COffset(x, y)
			img.Cb[c], img.Cr[c] = tint.Cb, tint.Cr
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 88}); err != nil {
		return nil // a bytes.Buffer takes everything, and the size was checked
	}
	return withEXIF(out.Bytes(), taken)
}

func hue(x uint64) color.YCbCr {
	return color.YCbCr{Y: 60 + uint8(x%110), Cb: 80 + uint8(x>>8%96), Cr: 80 + uint8(x>>16%96)}
}

// EXIF tags, CIPA DC-008.
const (
	tagMake             = 0x010f
	tagOrientation      = 0x0112
	tagExifIFD          = 0x8769
	tagDateTimeOriginal = 0x9003
	typeASCII           = 2
	typeShort           = 3
	typeLong            = 4
)

// withEXIF puts an APP1 segment behind a JPEG's first marker: one directory with
// the maker and orientation, and the Exif directory with the date.
func withEXIF(jpg []byte, taken time.Time) []byte {
	be := binary.BigEndian
	tiff := append([]byte("MM\x00\x2a"), 0, 0, 0, 8)
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = be.AppendUint16(tiff, tag)
		tiff = be.AppendUint16(tiff, kind)
		tiff = be.AppendUint32(tiff, count)
		tiff = be.AppendUint32(tiff, value)
	}
	const first, second = 8, 8 + 2 + 3*12 + 4
	const text = second + 2 + 12 + 4
	tiff = be.AppendUint16(tiff, 3)
	entry(tagMake, typeASCII, 4, be.Uint32([]byte("cam\x00")))
	entry(tagOrientation, typeShort, 1, 1<<16)
	entry(tagExifIFD, typeLong, 1, second)
	tiff = be.AppendUint32(tiff, 0)
	tiff = be.AppendUint16(tiff, 1)
	entry(tagDateTimeOriginal, typeASCII, 20, text)
	tiff = be.AppendUint32(tiff, 0)
	tiff = append(tiff, taken.Format("2006:01:02 15:04:05")+"\x00"...)

	out := append([]byte(nil), jpg[:2]...)
	out = append(out, 0xff, 0xe1)
	out = be.AppendUint16(out, uint16(2+6+len(tiff)))
	out = append(out, "Exif\x00\x00"...)
	out = append(out, tiff...)
	return append(out, jpg[2:]...)
}
