package report

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
)

const secretPlace = "GPS 40.4168 N, Jordan Example's camera"

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(3, 3, color.White)
	return m
}

func jpegPhoto(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture(), nil); err != nil {
		t.Fatal(err)
	}
	segment := func(marker byte, text string) []byte {
		b := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(text)+2))
		return append(b, text...)
	}
	b := slices.Insert(out.Bytes(), 2, append(segment(0xe1, "Exif\x00\x00"+secretPlace), segment(0xfe, secretPlace)...)...)
	return append(b, "MotionPhoto "+secretPlace...)
}

func pngPhoto(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture()); err != nil {
		t.Fatal(err)
	}
	chunk := append([]byte("tEXt"), secretPlace...)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(secretPlace)))
	b = binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
	return append(slices.Insert(out.Bytes(), 33, b...), secretPlace...)
}

func TestPhotoLosesWhatTheCameraKnows(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{".jpg": jpegPhoto(t), ".png": pngPhoto(t)} {
		clean, ending, err := cleanPhoto(b)
		if err != nil || ending != name {
			t.Fatalf("%s: %q, %v", name, ending, err)
		}
		if bytes.Contains(clean, []byte("Jordan")) {
			t.Errorf("%s still tells where it was taken", name)
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

func TestPhotosAreSealed(t *testing.T) {
	t.Parallel()
	c := sampleCase(t)
	sampleSteps(t, c, nil)
	in := sampleIntake()
	for _, b := range [][]byte{jpegPhoto(t), pngPhoto(t), jpegPhoto(t)} {
		p, err := c.AddPhoto(b)
		if err != nil {
			t.Fatal(err)
		}
		in.Condition.Photos = append(in.Condition.Photos, p)
	}
	if p := in.Condition.Photos; p[0].File != "evidence/condition-01.jpg" || p[1].File != "evidence/condition-01.png" || p[2] != p[0] {
		t.Errorf("photos %+v", p)
	}
	if _, err := c.SetIntake(in, testTime); err != nil {
		t.Fatal(err)
	}
	seal(t, c)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); !got.OK {
		t.Fatalf("problems %+v", got.Problems)
	}
	if page := readFile(t, c, htmlName); !strings.Contains(page, "condition-01.jpg") {
		t.Error("the page does not name the photo")
	}
	in.Condition.Photos[0].SHA256 = digest(nil)
	if _, err := c.SetIntake(in, testTime); !errors.Is(err, ErrIntake) {
		t.Errorf("a form about another picture: error %v", err)
	}
	flip(t, c.Dir()+"/evidence/condition-01.jpg", 60)
	if got := mustVerify(t, c.Dir(), VerifyOptions{}); got.OK || !got.names("evidence/condition-01.jpg") {
		t.Errorf("a photo changed: %+v", got.Problems)
	}
}

func TestNoPhotos(t *testing.T) {
	t.Parallel()
	whole := jpegPhoto(t)
	for name, b := range map[string][]byte{
		"nothing": nil, "text": []byte("GIF89a"), "cut JPEG": whole[:200], "cut PNG": pngPhoto(t)[:60], "bare start": {0xff, 0xd8, 0xff},
		"zero length": {0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xe1, 0, 0},
	} {
		if _, err := sampleCase(t).AddPhoto(b); !errors.Is(err, ErrPhoto) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func FuzzCleanPhoto(f *testing.F) {
	f.Add(jpegPhoto(f))
	f.Add(pngPhoto(f))
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
