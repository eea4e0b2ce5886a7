package casedir

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func newCase(t *testing.T) *Case {
	t.Helper()
	c, err := CreateIn(t.TempDir(), testTime)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func reopen(t *testing.T, c *Case) *Case {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := Open(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func sampleEntry(name, answer string) Entry {
	return Entry{Name: name, Line: name, Start: testTime, End: testTime.Add(time.Second), Stdout: []byte(answer)}
}

func record(t *testing.T, c *Case, e Entry) string {
	t.Helper()
	ref, err := c.Record(e)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func readFile(t *testing.T, c *Case, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(c.Dir(), filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

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

// createNamed makes an empty case with a fixed ID.
func createNamed(t testing.TB) (*Case, error) {
	t.Helper()
	dir := t.TempDir()
	b, err := json.Marshal(map[string]any{"schema": "urn:preship:case:v1", "id": "PS-20261122-7K3Q9D", "created": testTime})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "case.json"), b, 0o600); err != nil {
		return nil, err
	}
	return Open(dir)
}

const secretPlace = "GPS 40.4168 N, Jordan Example's camera"

// sampleCase makes a case with a fixed ID.
func sampleCase(t testing.TB) *Case {
	t.Helper()
	c, err := createNamed(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

var testTime = time.Date(2026, 11, 22, 14, 3, 5, 0, time.UTC)
