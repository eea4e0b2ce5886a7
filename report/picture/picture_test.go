package picture

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
	"testing"

	"preship/report/phototest"
	"preship/report/safefile"
)

func TestCleanHoldsThePictureAlone(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{".jpg": phototest.JPEG(t), ".png": phototest.PNG(t)} {
		clean, ending, err := Clean(b)
		if err != nil || ending != name {
			t.Fatalf("%s: %q, %v", name, ending, err)
		}
		if bytes.Contains(clean, []byte("Jordan")) || bytes.Contains(clean, []byte("Exif")) || bytes.Contains(clean, []byte("MotionPhoto")) {
			t.Errorf("%s holds more than its picture", name)
		}
		got, _, err := image.Decode(bytes.NewReader(clean))
		want, _, err2 := image.Decode(bytes.NewReader(b))
		if err := errors.Join(err, err2); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Bounds() != want.Bounds() || name == ".png" && got.At(3, 3) != want.At(3, 3) {
			t.Errorf("%s: another picture", name)
		}
	}
}

// corner returns a JPEG that is white in its upper left quarter, with an orientation.
func corner(t testing.TB, w, h int, order binary.AppendByteOrder, o uint16) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h / 2 {
		for x := range w / 2 {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("Exif\x00\x00MM\x00\x2a")
	if order.String() == "LittleEndian" {
		tiff = []byte("Exif\x00\x00II\x2a\x00")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, o)
	tiff = append(tiff, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(tiff)+2))
	return slices.Insert(out.Bytes(), 2, append(segment, tiff...)...)
}

// A phone stores a photo as its sensor lies, and says in Exif how it was held. The copy has
// no Exif, so it has to stand upright itself.
func TestCleanStandsUpright(t *testing.T) {
	t.Parallel()
	for o, want := range map[uint16]struct{ w, h, x, y int }{ // and in which quarter the white one is
		0: {64, 32, 0, 0}, 1: {64, 32, 0, 0}, 2: {64, 32, 1, 0}, 3: {64, 32, 1, 1}, 4: {64, 32, 0, 1},
		5: {32, 64, 0, 0}, 6: {32, 64, 1, 0}, 7: {32, 64, 1, 1}, 8: {32, 64, 0, 1}, 9: {64, 32, 0, 0},
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			clean, _, err := Clean(corner(t, 64, 32, order, o))
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(clean))
			if err != nil {
				t.Fatal(err)
			}
			if m.Bounds() != image.Rect(0, 0, want.w, want.h) {
				t.Errorf("orientation %d: %v", o, m.Bounds())
				continue
			}
			for i := range 4 {
				x, y := i%2, i/2
				r, _, _, _ := m.At((2*x+1)*want.w/4, (2*y+1)*want.h/4).RGBA()
				if white := r > 0x8000; white != (x == want.x && y == want.y) {
					t.Errorf("orientation %d %v: quarter %d,%d is white: %t", o, order, x, y, white)
				}
			}
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	clean, _, err := Clean(corner(t, maxSide*2, 100, binary.BigEndian, 1))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(clean)); err != nil || c.Width != maxSide || c.Height != 50 {
		t.Errorf("%d × %d, %v", c.Width, c.Height, err)
	}
	jpg, size, err := Print(phototest.PNG(t), 20)
	if err != nil || size != image.Pt(20, 15) {
		t.Errorf("%v, %v", size, err)
	}
	if c, err := jpeg.DecodeConfig(bytes.NewReader(jpg)); err != nil || c.Width != 20 {
		t.Errorf("%+v, %v", c, err)
	}
	var clear bytes.Buffer
	if err := png.Encode(&clear, image.NewNRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	jpg, _, err = Print(clear.Bytes(), 8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(jpg))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := m.At(4, 4).RGBA(); r < 0xfa00 {
		t.Errorf("what is transparent prints as %#x", r)
	}
}

// claimed is a PNG that claims a size and holds no pixel of it.
func claimed(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	head = append(binary.BigEndian.AppendUint32(head, h), 8, 6, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestRefused(t *testing.T) {
	t.Parallel()
	whole := phototest.JPEG(t)
	for name, b := range map[string][]byte{
		"nothing": nil, "GIF": []byte("GIF89a"), "HEIC": []byte("\x00\x00\x00\x18ftypheic"), "cut JPEG": whole[:200], "cut PNG": phototest.PNG(t)[:60], "bare start": {0xff, 0xd8, 0xff},
		"zero length": {0xff, 0xd8, 0xff, 0xe1, 0, 0, 0xff, 0xe1, 0, 0},
	} {
		if _, _, err := Clean(b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for name, b := range map[string][]byte{"bytes": make([]byte, MaxBytes+1), "pixels": claimed(8001, 8000), "a line": claimed(1<<31-1, 1)} {
		if _, _, err := Clean(b); !errors.Is(err, safefile.ErrTooLarge) {
			t.Errorf("too many %s: error %v", name, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add(phototest.JPEG(f))
	f.Add(phototest.PNG(f))
	f.Add(corner(f, 16, 8, binary.LittleEndian, 6))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xff, 0xff, 0xd0, 0xff, 0xd9})
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil && c.Width > 100_000/max(c.Height, 1) {
			t.Skip("slow")
		}
		clean, ending, err := Clean(b)
		if err != nil {
			return
		}
		if _, again, err := Clean(clean); err != nil || again != ending {
			t.Errorf("the copy of a %s is a %s: %v", ending, again, err)
		}
		if _, _, err := Print(b, 40); err != nil {
			t.Error(err)
		}
	})
}
