// Package testdata embeds the profiles of emulated handsets, so that the shipped
// program can serve them. It holds data alone; package adbtest gives it meaning.
//
// The program has them packed, in a sixth of their size. A test keeps the pack equal to
// the files, and rewrites it: PRESHIP_UPDATE_HANDSETS=1 go test ./testdata
package testdata

import (
	"archive/zip"
	_ "embed"
	"io/fs"
	"sync"

	"preship/report/packed"
)

// HandsetDir is the folder within Handsets that holds the profiles.
const HandsetDir = "handsets"

//go:embed handsets.zip.zst
var pack []byte

// files are the profiles: a ZIP of stored files, which is compressed as a whole.
var files = sync.OnceValue(func() *zip.Reader { return packed.Open(pack) })

// Handsets holds one txtar archive a handset: HandsetDir/NAME.txtar.
var Handsets folder

type folder struct{}

// Open implements [fs.FS].
func (folder) Open(name string) (fs.File, error) { return files().Open(name) }

// ReadFile implements [fs.ReadFileFS].
func (folder) ReadFile(name string) ([]byte, error) { return fs.ReadFile(files(), name) }
