package handset_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the root of the module, seen from this package.
const module = "../.."

// sentElsewhere are the rows whose lines are sent by package adb itself, which
// knows no table, and the function of it that sends them.
var sentElsewhere = map[string]string{
	"SyncService":    "adb.Device.Sync",
	"InstallCreate":  "adb.Device.Install",
	"InstallAbandon": "adb.Device.Install",
}

// TestEveryRowIsSent: the command table promises all that preship can ever send, and
// no more than that.
func TestEveryRowIsSent(t *testing.T) {
	t.Parallel()
	rows, used := map[string]bool{}, map[string]bool{}
	for _, file := range shipped(t) {
		inside := filepath.Dir(file) == filepath.Join(module, "adb", "handset")
		f := parse(t, file)
		if inside && filepath.Base(file) == "commands.go" {
			rowsOf(f, rows)
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr: // the table of masks has a row for each row
				ast.Inspect(n.Value, func(n ast.Node) bool {
					use(n, inside, used)
					return true
				})
				return false
			default:
				use(n, inside, used)
			}
			return true
		})
	}
	if len(rows) < 40 {
		t.Fatalf("found %d rows in commands.go", len(rows))
	}
	for row := range rows {
		by, elsewhere := sentElsewhere[row]
		switch {
		case !used[row] && !elsewhere:
			t.Errorf("no code sends the row %s", row)
		case used[row] && elsewhere:
			t.Errorf("the row %s is sent by code that names it, not only by %s", row, by)
		}
	}
}

// rowsOf collects the variables of rows, not those of the list of rows.
func rowsOf(f *ast.File, rows map[string]bool) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range g.Specs {
			v, ok := s.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				continue
			}
			if _, ok := v.Values[0].(*ast.UnaryExpr); ok {
				rows[v.Names[0].Name] = true
			}
		}
	}
}

// use records a row that n names: Row inside the package, handset.Row elsewhere.
func use(n ast.Node, inside bool, used map[string]bool) {
	switch n := n.(type) {
	case *ast.Ident:
		if inside {
			used[n.Name] = true
		}
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok && x.Name == "handset" {
			used[n.Sel.Name] = true
		}
	}
}

// TestOnlyTheRowsSetLimits: the time limit of a row is decided by the table and
// applied by handset.Ask, or by adb/link to a row that streams.
func TestOnlyTheRowsSetLimits(t *testing.T) {
	t.Parallel()
	owners := []string{"adb", "adb/handset", "adb/link"}
	for _, file := range shipped(t) {
		rel, err := filepath.Rel(module, filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(owners, filepath.ToSlash(rel)) {
			continue
		}
		ast.Inspect(parse(t, file), func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "WithIdle" || s.Sel.Name == "Limit" && len(call.Args) == 0) {
				t.Errorf("%s calls %s; a limit is applied by %v only", file, s.Sel.Name, owners)
			}
			return true
		})
	}
}

// shipped lists the Go files of the module that are no tests.
func shipped(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(module, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != module || d.Name() == "testdata" || d.Name() == "adbtest"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
