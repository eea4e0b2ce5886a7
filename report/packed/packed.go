// Package packed reads files that are part of the program in a ZIP of stored files, which
// is compressed as a whole: files much alike then take a fifth of their size.
package packed

import (
	"archive/zip"
	"bytes"

	"github.com/klauspost/compress/zstd"
)

// Open returns the files of a pack. It panics on anything else: a pack is part of the
// program, and a test of its room reads it.
func Open(pack []byte) *zip.Reader {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err) // the options are right
	}
	defer d.Close()
	plain, err := d.DecodeAll(pack, nil)
	if err != nil {
		panic(err)
	}
	z, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		panic(err)
	}
	return z
}
