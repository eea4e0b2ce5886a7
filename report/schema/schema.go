package schema

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// schemaFiles are JSON Schemas (draft 2020-12) of what preship writes for other
// programs. A test generates them from the Go types and fails when a file and
// its type have come apart.
//
//go:embed *.json
var schemaFiles embed.FS

// Names lists what has a schema, in order of name.
func Names() []string {
	entries, err := fs.ReadDir(schemaFiles, ".")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// Of returns the JSON Schema of that name. An unknown name gives
// [fs.ErrNotExist].
func Of(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("schema %q: %w", name, fs.ErrNotExist)
	}
	return schemaFiles.ReadFile(name + ".json")
}
