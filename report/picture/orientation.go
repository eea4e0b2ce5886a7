package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orient is how a camera was held, as Exif numbers it: 1 is upright; 5 to 8 lie on a side.
// Even numbers up to 4, and 5 and 7, are mirrored.
type orient int

// upright returns the size of the picture as it is seen.
func (o orient) upright(stored image.Point) image.Point {
	if o >= 5 {
		return image.Pt(stored.Y, stored.X)
	}
	return stored
}

// stored returns where a pixel of the picture as it is seen is in the file.
func (o orient) stored(p, size image.Point) image.Point {
	right, bottom := size.X-1, size.Y-1
	switch o {
	case 2:
		return image.Pt(right-p.X, p.Y)
	case 3:
		return image.Pt(right-p.X, bottom-p.Y)
	case 4:
		return image.Pt(p.X, bottom-p.Y)
	case 5:
		return image.Pt(p.Y, p.X)
	case 6:
		return image.Pt(p.Y, bottom-p.X)
	case 7:
		return image.Pt(right-p.Y, bottom-p.X)
	case 8:
		return image.Pt(right-p.Y, p.X)
	}
	return p
}

// orientation reads the tag of the Exif segment of a JPEG. It is 1 without a valid one.
func orientation(b []byte) orient {
	for rest := b; len(rest) > 4; {
		switch {
		case rest[0] != 0xff:
			return 1
		case rest[1] == 0xff: // a filling byte
			rest = rest[1:]
			continue
		case rest[1] == 0xd8, rest[1] == 0x01: // the start, and a marker that is alone
			rest = rest[2:]
			continue
		case rest[1] == 0xda: // the picture itself
			return 1
		}
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n < 4 || n > len(rest) {
			return 1
		}
		if exif, ok := bytes.CutPrefix(rest[4:n], []byte("Exif\x00\x00")); ok && rest[1] == 0xe1 {
			return exifOrientation(exif)
		}
		rest = rest[n:]
	}
	return 1
}

// exifOrientation reads the first directory of a TIFF file.
func exifOrientation(tiff []byte) orient {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	count := uint64(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if o := order.Uint16(tiff[entry+8:]); o >= 1 && o <= 8 {
				return orient(o)
			}
			return 1
		}
	}
	return 1
}
