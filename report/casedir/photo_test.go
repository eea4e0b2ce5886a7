package casedir

import (
	"bytes"
	"errors"
	"image"
	"testing"

	"preship/report/phototest"
)

func TestPhotoLosesItsMetadata(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{".jpg": phototest.JPEG(t), ".png": phototest.PNG(t)} {
		clean, ending, err := cleanPhoto(b)
		if err != nil || ending != name {
			t.Fatalf("%s: %q, %v", name, ending, err)
		}
		if bytes.Contains(clean, []byte("Jordan")) {
			t.Errorf("%s still has its location", name)
		}
		got, _, err := image.Decode(bytes.NewReader(clean))
		want, _, err2 := image.Decode(bytes.NewReader(b))
		if err := errors.Join(err, err2); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for x := range 40 {
			for y := range 30 {
				if got.At(x, y) != want.At(x, y) {
					t.Fatalf("%s: another picture at %d,%d", name, x, y)
				}
			}
		}
	}
}

func TestNoPhotos(t *testing.T) {
	t.Parallel()
	whole := phototest.JPEG(t)
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("GIF89a"), "cut JPEG": whole[:200], "cut PNG": phototest.PNG(t)[:60], "bare start": {0xff, 0xd8, 0xff},
		"zero length": {0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xe1, 0, 0},
	} {
		if _, err := sampleCase(t).AddPhoto(b); !errors.Is(err, ErrPhoto) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func FuzzCleanPhoto(f *testing.F) {
	f.Add(phototest.JPEG(f))
	f.Add(phototest.PNG(f))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xff, 0xff, 0xd0, 0xff, 0xd9})
	f.Fuzz(func(t *testing.T, b []byte) {
		clean, _, err := cleanPhoto(b)
		if err != nil {
			return
		}
		again, _, err := cleanPhoto(clean)
		if err != nil || !bytes.Equal(again, clean) || len(clean) > len(b) {
			t.Errorf("cleaned %d bytes to %d, and again to %d: %v", len(b), len(clean), len(again), err)
		}
	})
}
