package vfs

import (
	"bytes"
	"image/jpeg"
	"testing"
)

func TestPhoto(t *testing.T) {
	t.Parallel()
	b := Photo(1, 64, 48)
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width != 64 || c.Height != 48 {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(b, Photo(1, 64, 48)) {
		t.Error("the same seed gives another picture")
	}
	if bytes.Equal(b, Photo(2, 64, 48)) {
		t.Error("another seed gives the same picture")
	}
}
