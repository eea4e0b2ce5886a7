// Package phototest makes photos that hold more than their picture shows, for the tests
// of the rooms that must take it out.
package phototest

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// Secret is the text in each photo that must reach no case and no package.
const Secret = "GPS 40.4168 N, Jordan Example's camera"

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(3, 3, color.White)
	return m
}

// JPEG returns a photo with the secret in an Exif segment, in a comment and after its end.
func JPEG(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture(), nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, text string) []byte {
		b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(text)+2))
		return append(b, text...)
	}
	b := slices.Insert(out.Bytes(), 2, append(segment(0xe1, "Exif\x00\x00"+Secret), segment(0xfe, Secret)...)...)
	return append(b, "MotionPhoto "+Secret...)
}

// PNG returns a picture with the secret in a text chunk and after its end.
func PNG(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture()); err != nil {
		t.Fatal(err)
	}
	chunk := append([]byte("tEXt"), Secret...)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(Secret)))
	b = binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
	return append(slices.Insert(out.Bytes(), 33, b...), Secret...)
}
