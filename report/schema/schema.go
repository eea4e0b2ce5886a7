package schema

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// packed are JSON Schemas (draft 2020-12) of what preship writes for other programs, the
// *.json of this folder, in a sixth of their size. A test generates them from the Go types
// and fails when a file and its type have come apart, or the pack and the files.
//
//go:embed schemas.zip
var packed []byte

var files = sync.OnceValue(func() *zip.Reader {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		panic(err) // part of the program
	}
	return z
})

// Names lists what has a schema, in order of name.
func Names() []string {
	var names []string
	for _, f := range files().File {
		names = append(names, strings.TrimSuffix(f.Name, ".json"))
	}
	return names
}

// Of returns the JSON Schema of that name. An unknown name gives
// [fs.ErrNotExist].
func Of(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("schema %q: %w", name, fs.ErrNotExist)
	}
	return fs.ReadFile(files(), name+".json")
}
