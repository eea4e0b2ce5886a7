// Command licences writes the licences of everything that is linked into a release of
// preship: of Go itself, of each module on each system, and of the font. It fails if a
// module is not in list.txt with the licence that its text is, so that nobody adds one
// without looking. A release ships its output.
//
//	go run ./.ci/licences >LICENSES.txt
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed list.txt
var list string

// systems are those of .goreleaser.yaml.
var systems = []string{"linux", "darwin", "windows"}

// signs are words of each licence that no other of them has.
var signs = []struct{ name, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "Neither the name of"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run() error {
	known := map[string]string{}
	for line := range strings.Lines(list) {
		if f := strings.Fields(line); len(f) == 2 {
			known[f[0]] = f[1]
		}
	}
	linked, err := modules()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, name := range slices.Sorted(maps.Keys(linked)) {
		text, err := texts(linked[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		is := nameOf(text)
		if known[name] != is {
			return fmt.Errorf("%s: its licence is %q, list.txt says %q", name, is, known[name])
		}
		delete(known, name)
		fmt.Fprintf(out, "%s\n%s (%s)\n\n%s\n\n", strings.Repeat("=", 80), name, is, bytes.TrimSpace(text))
	}
	if len(known) > 0 {
		return fmt.Errorf("list.txt has %v, which nothing links", slices.Sorted(maps.Keys(known)))
	}
	return out.Flush()
}

// modules returns the folder of each linked module, of Go and of the font.
func modules() (map[string]string, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	linked := map[string]string{"go": strings.TrimSpace(string(goroot)), "wqy-microhei": "report/page/fonts"}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./cmd/preship")
		cmd.Env, cmd.Stderr = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0"), os.Stderr
		b, err := cmd.Output()
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(b)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				linked[name] = dir
			}
		}
	}
	return linked, nil
}

// texts returns the licence and the notices in a folder.
func texts(dir string) ([]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, e := range entries {
		named := func(word string) bool { return strings.HasPrefix(strings.ToUpper(e.Name()), word) }
		if e.IsDir() || filepath.Ext(e.Name()) == ".go" || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, named) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return bytes.Join(all, []byte("\n\n")), nil
}

// nameOf returns the SPDX names of the licences in a text, the first sign of each.
func nameOf(text []byte) string {
	plain := strings.ReplaceAll(strings.Join(strings.Fields(string(text)), " "), "License, Version", "License Version")
	var names []string
	for _, s := range signs {
		if strings.Contains(plain, s.words) && !(s.name == "BSD-2-Clause" && slices.Contains(names, "BSD-3-Clause")) {
			names = append(names, s.name)
		}
	}
	return strings.Join(names, "+")
}
