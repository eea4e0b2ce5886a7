package vfs

import (
	"bytes"
	"image/jpeg"
	"testing"
	"time"
)

func TestPhoto(t *testing.T) {
	t.Parallel()
	taken := time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)
	b := Photo(1, 64, 48, taken)
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width != 64 || c.Height != 48 {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	// APP1 is the first segment, and its directory leads to the date.
	if want := "\xff\xd8\xff\xe1"; string(b[:4]) != want || string(b[6:12]) != "Exif\x00\x00" {
		t.Errorf("begins with %q", b[:12])
	}
	tiff := b[12:]
	exif := tiff[uint32At(tiff, 8+2+2*12+8):]
	if got := uint16At(exif, 2); got != tagDateTimeOriginal {
		t.Errorf("tag %#x in the Exif directory", got)
	}
	if got := string(tiff[uint32At(exif, 10):][:19]); got != "2026:03:14 09:26:53" {
		t.Errorf("date %q", got)
	}
	if !bytes.Equal(b, Photo(1, 64, 48, taken)) {
		t.Error("the same seed gives another picture")
	}
	if bytes.Equal(b, Photo(2, 64, 48, taken)) {
		t.Error("another seed gives the same picture")
	}
}

func uint16At(b []byte, at int) int { return int(b[at])<<8 | int(b[at+1]) }
func uint32At(b []byte, at int) int { return uint16At(b, at)<<16 | uint16At(b, at+2) }
