package vfs

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

func TestPhoto(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{1, 1}, {64, 48}, {270, 600}, {480, 360}, {1000, 40}, {16 * 37, 100}} {
		img, err := jpeg.Decode(bytes.NewReader(Photo(1, size.X, size.Y)))
		if err != nil || img.Bounds().Size() != size {
			t.Fatalf("%v: %v", size, err)
		}
		// Every block was read: one that is lost would be grey.
		for x := 0; x < size.X; x += side {
			if c := img.(*image.YCbCr).YCbCrAt(x, 0); c.Cb != img.(*image.YCbCr).YCbCrAt(0, 0).Cb {
				t.Errorf("%v: the sky is %v at %d", size, c, x)
			}
		}
		// A row of 16 that is lost would be grey, or like the sky.
		sky, ground := img.(*image.YCbCr).YCbCrAt(0, 0), img.(*image.YCbCr).YCbCrAt(size.X-1, size.Y-1)
		if size.Y > 2*side && (sky.Cb == ground.Cb || ground.Cb == 0x80) {
			t.Errorf("%v: the sky is %v, and the ground %v", size, sky, ground)
		}
	}
	b := Photo(1, 64, 48)
	if !bytes.Equal(b, Photo(1, 64, 48)) {
		t.Error("the same seed gives another picture")
	}
	if bytes.Equal(b, Photo(2, 64, 48)) {
		t.Error("another seed gives the same picture")
	}
}
