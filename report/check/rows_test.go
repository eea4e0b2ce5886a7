package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"preship/report/check"
)

// Every row is a check that some package asks, and findings take their IDs from here: a
// finding without a row could be named by no policy.
func TestRowsAreAsked(t *testing.T) {
	t.Parallel()
	names := constants(t)
	asked := map[string]bool{}
	eachFile(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "check" {
					asked[names[n.Sel.Name]] = true
				}
			case *ast.CompositeLit:
				if id, ok := literalID(n); ok {
					t.Errorf("%s: finding %q has no constant of this package", fset.Position(n.Pos()), id)
				}
			}
			return true
		})
	})
	for _, row := range check.Rows {
		if !asked[row.ID] {
			t.Errorf("no package asks %s", row.ID)
		}
	}
}

// literalID returns the ID of a report.Finding that is written as a string.
func literalID(lit *ast.CompositeLit) (string, bool) {
	switch kind := lit.Type.(type) {
	case *ast.SelectorExpr:
		if kind.Sel.Name != "Finding" {
			return "", false
		}
	case *ast.Ident:
		if kind.Name != "Finding" {
			return "", false
		}
	default:
		return "", false
	}
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			key, _ := pair.Key.(*ast.Ident)
			if value, ok := pair.Value.(*ast.BasicLit); ok && key != nil && key.Name == "ID" {
				return value.Value, true
			}
		}
	}
	return "", false
}

// constants are the names of this package's constants and their IDs.
func constants(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				spec := spec.(*ast.ValueSpec)
				if value, ok := spec.Values[0].(*ast.BasicLit); ok {
					ids[spec.Names[0].Name], _ = strconv.Unquote(value.Value)
				}
			}
		}
	}
	return ids
}

// eachFile calls fn with every source file of the module but tests.
func eachFile(t *testing.T, fn func(*token.FileSet, *ast.File)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err == nil {
			fn(fset, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
