package main

import (
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preship/report/pattern"
)

func TestLayers(t *testing.T) {
	t.Parallel()
	used := make([]bool, len(layers))
	for _, line := range goList(t, "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "preship/...") {
		fields := strings.Fields(line)
		for _, to := range fields[1:] {
			if !strings.HasPrefix(to, "preship/") {
				continue
			}
			i := slices.IndexFunc(layers, func(l layer) bool { return l.from == fields[0] && l.to == to })
			if i < 0 {
				t.Errorf("%s imports %s, which no row of the layers allows", fields[0], to)
				continue
			}
			used[i] = true
		}
	}
	for i, l := range layers {
		if !used[i] {
			t.Errorf("no code needs the row %s → %s (%s); take it out", l.from, l.to, l.why)
		}
	}
}

func TestBannedDependencies(t *testing.T) {
	t.Parallel()
	for _, b := range banned {
		deps := goList(t, "-deps", b.from)
		if !slices.Contains(deps, b.from) {
			t.Errorf("%s is no package any more; mend the table", b.from)
		}
		if slices.Contains(deps, b.to) {
			t.Errorf("%s depends on %s: %s", b.from, b.to, b.why)
		}
	}
}

func TestEmulatedHandsetStaysInItsFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(emulatorFiles, file) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			if path, _ := strconv.Unquote(imp.Path.Value); path == "preship/adb/adbtest" {
				t.Errorf("%s imports the emulated handset; only %v may", file, emulatorFiles)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, line := range goList(t, "-f", `{{.ImportPath}}|{{.Doc}}`, "preship/...") {
		if path, doc, _ := strings.Cut(line, "|"); doc == "" {
			t.Errorf("%s has no package comment", path)
		}
	}
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// A package comment that sends its reader to a file of the package must not outlive it.
func TestPackageCommentsNameRealFiles(t *testing.T) {
	t.Parallel()
	named := 0
	for _, line := range goList(t, "-f", `{{.Dir}}|{{range .GoFiles}}{{.}} {{end}}`, "preship/...") {
		dir, files, _ := strings.Cut(line, "|")
		for _, file := range strings.Fields(files) {
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range goFile().FindAllString(f.Doc.Text(), -1) {
				named++
				if !slices.Contains(strings.Fields(files), name) {
					t.Errorf("%s: the package comment names %s, which is not there", filepath.Join(dir, file), name)
				}
			}
		}
	}
	if named == 0 {
		t.Error("no package comment names a file; take this test out")
	}
}

var goFile = pattern.New(`\b[a-z0-9_]+\.go\b`)
