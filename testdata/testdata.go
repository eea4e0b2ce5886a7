// Package testdata embeds the profiles of emulated handsets, so that the shipped
// program can serve them. It holds data alone; package adbtest gives it meaning.
//
// The program has them packed, in a sixth of their size. A test keeps the pack equal to
// the files, and writes it anew: PRESHIP_UPDATE_HANDSETS=1 go test ./testdata
package testdata

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"io/fs"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// HandsetDir is the folder within Handsets that holds the profiles.
const HandsetDir = "handsets"

//go:embed handsets.zip.zst
var packed []byte

// files are the profiles: a ZIP of stored files, which is compressed as a whole.
var files = sync.OnceValue(func() *zip.Reader {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err) // the options are right
	}
	defer d.Close()
	plain, err := d.DecodeAll(packed, nil)
	if err != nil {
		panic(err) // part of the program
	}
	z, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	if err != nil {
		panic(err)
	}
	return z
})

// Handsets holds one txtar archive a handset: HandsetDir/NAME.txtar.
var Handsets folder

type folder struct{}

// Open implements [fs.FS].
func (folder) Open(name string) (fs.File, error) { return files().Open(name) }

// ReadFile implements [fs.ReadFileFS].
func (folder) ReadFile(name string) ([]byte, error) { return fs.ReadFile(files(), name) }
