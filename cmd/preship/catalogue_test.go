package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/reset"
	"preship/report"
	"preship/verify"
)

// spokenIn is which argument of which function of a package is a sentence that a
// finding may carry onto a page.
var spokenIn = map[string]map[string]int{
	"../../verify":      {"Say": 0, "add": 2, "unknown": 0, "NotAsked": 0, "untold": 1},
	"../../adb/reset":   {"Say": 0, "find": 2, "finding": 2, "advise": 0},
	"../../adb/handset": {"unknownLock": 0},
	"../../backup":      {"Say": 0},
	".":                 {"Say": 0, "NotAsked": 0},
}

// sentenceFields hold such a sentence wherever they are set.
var sentenceFields = map[string]bool{"Summary": true, "Remedy": true}

// Every sentence that stands in the code as a whole is in the catalogue. Those
// made of parts are seen by the stories, which look at the pages.
func TestSentencesAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	seen := 0
	for dir, args := range spokenIn {
		for _, s := range sentencesIn(t, dir, args) {
			seen++
			translated(t, dir, s)
		}
	}
	if seen < 150 {
		t.Errorf("only %d sentences were found: does this test still look at the right functions?", seen)
	}
}

func translated(t *testing.T, where, text string) {
	t.Helper()
	if text == "" {
		return
	}
	for _, tag := range report.Languages {
		if _, ok := report.Say(text).In(tag); !ok {
			t.Errorf("%s: %q is not in the catalogue", where, text)
			return
		}
	}
}

// What tables say is in the catalogue too.
func TestTablesAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	for _, c := range verify.Checks {
		translated(t, c.ID, c.Remedy)
	}
	for _, c := range reset.Checks {
		translated(t, c.ID, c.Remedy)
	}
	for _, l := range handset.Locks {
		translated(t, l.ID, l.Clear)
		translated(t, l.ID, l.Look)
		translated(t, l.ID, l.NotProved)
		for _, text := range l.Remove {
			translated(t, l.ID, text)
		}
	}
	for _, v := range handset.Vendors {
		translated(t, v.Name, v.Unlink)
		translated(t, v.Name, v.WhereIMEI)
	}
}

// sentencesIn lists the sentences of a package that stand in its code as one
// string or as a constant.
func sentencesIn(t *testing.T, dir string, args map[string]int) (found []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	constants := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					if text, ok := textOf(spec.Values[i], nil); ok {
						constants[name.Name] = text
					}
				}
			}
			return true
		})
	}
	keep := func(e ast.Expr) {
		if text, ok := textOf(e, constants); ok {
			found = append(found, text)
		}
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if i, ok := args[calleeOf(n)]; ok && i < len(n.Args) {
					keep(n.Args[i])
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && sentenceFields[key.Name] {
					keep(n.Value)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if s, ok := to.(*ast.SelectorExpr); ok && sentenceFields[s.Sel.Name] && len(n.Rhs) == len(n.Lhs) {
						keep(n.Rhs[i])
					}
				}
			}
			return true
		})
	}
	return found
}

// calleeOf is the name of what is called, without where it is from.
func calleeOf(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// textOf is the text of a string or of a constant.
func textOf(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.Ident:
		text, ok := constants[e.Name]
		return text, ok
	}
	return "", false
}
