package seal

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"slices"
	"strings"
	"testing"

	"preship/report/casedir"
)

// A ZIP file whose headers disagree with its directory unpacks to one thing here and to
// another there.
func TestVerifyZIPLayout(t *testing.T) {
	t.Parallel()
	entries := packageEntries(t, "p/")
	whole, err := os.ReadFile(writeZIP(t, entries))
	if err != nil {
		t.Fatal(err)
	}
	put := binary.LittleEndian
	end := len(whole) - 22
	directory := int(put.Uint32(whole[end+16:]))
	const named = "p/" + casedir.ReportName
	local := bytes.Index(whole, []byte(named)) - 30 // of report.json
	descriptor := bytes.Index(whole[local:], put.AppendUint32(nil, zipDescriptor)) + local
	at := func(i int, b ...byte) func([]byte) []byte {
		return func(z []byte) []byte { copy(z[i:], b); return z }
	}
	moved := func(z, by []byte) []byte { // puts bytes before the directory
		z = slices.Insert(z, directory, by...)
		put.PutUint32(z[len(z)-22+16:], uint32(directory+len(by)))
		return z
	}
	hidden := slices.Concat(put.AppendUint32(nil, zipLocal), make([]byte, 22), []byte{1, 0, 0, 0, 'x'})
	for _, tt := range []struct {
		name string
		edit func([]byte) []byte
		want string // part of the defect; "" verifies
	}{
		{"as written", func(z []byte) []byte { return z }, ""},
		{"another name in the header", at(local+30, 'q'), "another name"},
		{"another method in the header", at(local+8, 0), "disagrees"},
		{"encrypted in the header", at(local+6, 9), "disagrees"},
		{"a size in the header", at(local+22, 1), "disagrees"},
		{"a checksum in the header", at(local+14, 1), "disagrees"},
		{"another size after the data", at(descriptor+12, 1, 2, 3, 4), "disagrees"},
		{"no header", at(local, 'X'), "disagrees"},
		{"a file that the directory does not have", func(z []byte) []byte { return moved(z, hidden) }, "directory"},
		{"bytes before the directory", func(z []byte) []byte { return moved(z, []byte("MZ")) }, "disagrees"},
		{"a program before the first file", func(z []byte) []byte { return append([]byte("#!/bin/sh\n"), z...) }, "no file"},
		{"another end in the comment", func(z []byte) []byte {
			again := slices.Clone(z[end:])
			put.PutUint16(z[end+20:], 22)
			return append(z, again...)
		}, "directory"},
		{"a comment", func(z []byte) []byte { put.PutUint16(z[end+20:], 2); return append(z, "by"...) }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := verifyBytes(t, tt.edit(slices.Clone(whole)))
			named := slices.ContainsFunc(got.Problems, func(p Problem) bool { return strings.Contains(p.What, tt.want) })
			if got.OK != (tt.want == "") || !got.OK && !named {
				t.Errorf("ok %t, %+v; want %q", got.OK, got.Problems, tt.want)
			}
		})
	}
}

// Other programs write sizes before or after the data, with or without 64 bits, and add
// fields. One field is another name for the file.
func TestVerifyZIPForms(t *testing.T) {
	t.Parallel()
	entries := packageEntries(t, "p/")
	put := binary.LittleEndian
	rename := slices.Concat([]byte{0x75, 0x70, 6, 0}, []byte{1}, make([]byte, 4), []byte("x"))
	for _, tt := range []struct {
		name  string
		extra []byte
		raw   bool // sizes and checksum before the data
		want  string
	}{
		{"sizes after the data", nil, false, ""},
		{"sizes before the data", nil, true, ""},
		{"times of UNIX", slices.Concat([]byte{0x55, 0x54, 5, 0, 3}, put.AppendUint32(nil, 1)), false, ""},
		{"another name in a field", rename, false, "another name"},
		{"half a field", []byte{0x55, 0x54, 99, 0, 3}, false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			for _, e := range entries {
				h := &zip.FileHeader{Name: e.name, Method: zip.Store, Extra: tt.extra}
				create := w.CreateHeader
				if tt.raw {
					create, h.CRC32 = w.CreateRaw, crc32.ChecksumIEEE(e.data)
					h.CompressedSize64, h.UncompressedSize64 = uint64(len(e.data)), uint64(len(e.data))
				}
				in, err := create(h)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := in.Write(e.data); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got := verifyBytes(t, b.Bytes())
			if got.OK != (tt.want == "") || !got.OK && !strings.Contains(got.Problems[0].What, tt.want) {
				t.Errorf("ok %t, %+v; want %q", got.OK, got.Problems, tt.want)
			}
		})
	}
}
