package report

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// schemaFiles are JSON Schemas (draft 2020-12) of what preship writes for other
// programs. A test generates them from the Go types and fails when a file and
// its type have come apart.
//
//go:embed schema/*.json
var schemaFiles embed.FS

// SchemaNames lists what has a schema, in order of name.
func SchemaNames() []string {
	entries, err := fs.ReadDir(schemaFiles, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// SchemaOf returns the JSON Schema of that name. An unknown name gives
// [fs.ErrNotExist].
func SchemaOf(name string) ([]byte, error) {
	if !slices.Contains(SchemaNames(), name) {
		return nil, fmt.Errorf("schema %q: %w", name, fs.ErrNotExist)
	}
	return schemaFiles.ReadFile(path.Join("schema", name+".json"))
}
