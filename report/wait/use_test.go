package wait_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/report/wait"
)

// waits are the functions that wait for a handset or a person, and the rows they show.
// A wait is a call that sleeps, or that follows the bus.
var waits = map[string][]string{
	"adb/reset recovery.go Leave":                       {"Handset", "Restart"},
	"adb/reset recovery.go awaitAssistant":              {"Menu"},
	"adb/reset recovery.go enterAssistant":              {"Restart", "Menu"},
	"adb/reset recovery.go format":                      {"Format"},
	"adb/reset recovery.go watch":                       {"Restart", "Return", "Start"},
	"adb/reset settings.go watchWith":                   {"Start", "Return"},
	"adb/reset watch.go Watch":                          {}, // shows its argument
	"adb/reset watch.go settle":                         {}, // inside the wait of Watch
	"adb/reset resume.go await":                         {"Return"},
	"backup job.go newJob":                              {"Handset"},
	"backup/restore contacts.go offer":                  {"Import"},
	"backup/restore restore.go newSession":              {"Handset"},
	"cmd/preship/internal/fleet work.go await":          {}, // its message is what the handset's state asks for
	"cmd/preship/internal/job accounts.go waitForOwner": {"SignOut"},
	"cmd/preship/internal/job backup.go inTurn":         {"Turn"},
	"cmd/preship/internal/job recheck.go backupIsWhole": {"Reproving"},
	"cmd/preship/internal/job verify.go lookInside":     {"SetUp"},
	"cmd/preship/internal/job waiting.go mending":       {"Handset"},
}

// Every wait says for what, and every row is the row of a wait.
func TestEveryWaitIsShown(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	found := map[string]bool{}
	for _, room := range []string{"adb/reset", "backup", "backup/restore", "cmd/preship/internal/job", "cmd/preship/internal/fleet"} {
		files, err := filepath.Glob(filepath.Join("..", "..", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				sleeps, rows := waitsIn(fn)
				if !sleeps && len(rows) == 0 {
					continue
				}
				name := strings.Join([]string{room, filepath.Base(path), fn.Name.Name}, " ")
				found[name] = true
				for _, r := range rows {
					used[r] = true
				}
				want, listed := waits[name]
				if slices.Sort(rows); !listed || !slices.Equal(slices.Compact(rows), slices.Sorted(slices.Values(want))) {
					t.Errorf("%s waits and shows %q; the list has %q", name, rows, want)
				}
			}
		}
	}
	for name := range waits {
		if !found[name] {
			t.Errorf("%s waits for nothing", name)
		}
	}
	if len(used) != len(wait.Rows) {
		t.Errorf("%d rows are shown, %q, and there are %d", len(used), slices.Sorted(maps.Keys(used)), len(wait.Rows))
	}
}

// waitsIn returns whether a function sleeps or follows the bus, and the rows it names.
func waitsIn(fn *ast.FuncDecl) (sleeps bool, rows []string) {
	shown := slices.Concat(slices.Collect(maps.Values(waits))...)
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "wait" && slices.Contains(shown, n.Sel.Name) {
				rows = append(rows, n.Sel.Name)
			}
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				x, _ := sel.X.(*ast.Ident)
				sleeps = sleeps || slices.Contains([]string{"WaitFor", "Return"}, sel.Sel.Name) && len(n.Args) > 1 ||
					x != nil && x.Name == "time" && slices.Contains([]string{"After", "Sleep"}, sel.Sel.Name)
			}
		}
		return true
	})
	return sleeps, rows
}
