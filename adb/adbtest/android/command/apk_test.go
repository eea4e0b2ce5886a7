package command

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"testing"
	"unicode/utf16"
)

// binaryManifest writes what aapt would of a manifest element's attributes.
func binaryManifest(attributes ...string) []byte {
	words := []string{"manifest"}
	var element []byte
	for i := 0; i+1 < len(attributes); i += 2 {
		name, value := uint32(len(words)), uint32(len(words)+1)
		words = append(words, attributes[i], attributes[i+1])
		for _, n := range []uint32{noString, name, value, 0x03000008, value} {
			element = binary.LittleEndian.AppendUint32(element, n)
		}
	}
	var data, offsets []byte
	for _, word := range words {
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(len(data)))
		units := utf16.Encode([]rune(word))
		data = binary.LittleEndian.AppendUint16(data, uint16(len(units)))
		for _, u := range append(units, 0) {
			data = binary.LittleEndian.AppendUint16(data, u)
		}
	}
	chunk := func(kind, header uint16, fields []uint32, body ...[]byte) []byte {
		b := make([]byte, 8)
		for _, n := range fields {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		for _, part := range body {
			b = append(b, part...)
		}
		binary.LittleEndian.PutUint16(b, kind)
		binary.LittleEndian.PutUint16(b[2:], header)
		binary.LittleEndian.PutUint32(b[4:], uint32(len(b)))
		return b
	}
	n := uint32(len(words))
	pool := chunk(chunkStrings, 28, []uint32{n, 0, 0, 28 + 4*n, 0}, offsets, data)
	count := uint32(len(attributes) / 2)
	start := chunk(chunkElement, 16, []uint32{1, noString, noString, 0, 0x00140014, count}, make([]byte, 4), element)
	return chunk(3, 8, nil, pool, start)
}

func makeAPK(t testing.TB, attributes ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("AndroidManifest.xml")
	if err == nil {
		_, err = w.Write(binaryManifest(attributes...))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadAPK(t *testing.T) {
	t.Parallel()
	got, err := readAPK([]byte(makeAPK(t, "versionName", "1.2", "package", "org.example.tool", "split", "config.en")))
	if want := (manifest{"org.example.tool", "config.en", "1.2"}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for name, b := range map[string]string{"nothing": "", "no archive": "PK\x03\x04junk", "no package": makeAPK(t, "split", "x")} {
		if got, err := readAPK([]byte(b)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzReadAPK(f *testing.F) {
	f.Add(binaryManifest("package", "org.example.tool", "versionName", "1"))
	f.Add(binaryManifest())
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = parseManifest(b)
		_, _ = readAPK(b)
	})
}
