package check_test

import (
	"go/ast"
	"go/token"
	"strconv"
	"testing"

	"preship/report/check"
)

// The sentence on what a pass does not prove is no answer of a check: the two had one
// ID once, and a damaged backup then read like a footnote.
func TestNotProvedIsSaidOfNothingElse(t *testing.T) {
	t.Parallel()
	rows := map[string]bool{}
	for _, row := range check.Rows {
		if row.NotProved != "" {
			rows[string(row.NotProved)] = true
		}
	}
	if len(rows) < 20 {
		t.Fatalf("%d rows say what they do not prove", len(rows))
	}
	eachFile(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "NotProved" {
					return false
				}
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if id, err := strconv.Unquote(lit.Value); err == nil && rows[id] {
					t.Errorf("%s: %s is what a pass does not prove, and is used for something else", fset.Position(lit.Pos()), id)
				}
			}
			return true
		})
	})
}
