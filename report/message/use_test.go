package message_test

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// root is the folder of the module.
const root = "../.."

const path = "preship/report/message"

// Every ID in the source has words, every call of Say gives the arguments its words
// have, and every ID in the files is in the source. IDs are written in full: one
// that is put together from pieces could not be searched for.
func TestIDsAreUsed(t *testing.T) {
	t.Parallel()
	words := read(t)
	pkgs, err := packages.Load(&packages.Config{
		Dir:  root,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedExportFile,
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	spoken := spokenErrors(pkgs)
	if len(spoken) < 50 {
		t.Fatalf("only %d errors with a sentence were found", len(spoken))
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		for expression, is := range pkg.TypesInfo.Types {
			if is.Value == nil || !named(is.Type, "ID") {
				continue
			}
			if id := constant.StringVal(is.Value); id != "" && words[id] == nil {
				t.Errorf("%s: %q has no words", pkg.Fset.Position(expression.Pos()), id)
			}
		}
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					checkSay(t, pkg, call, words)
					checkErrorf(t, pkg, call, spoken)
				}
				return true
			})
		}
	}
	used := literals(t)
	for id := range words {
		if !used[id] && !strings.HasPrefix(id, "help.") { // TestHelpHasWords of cmd/preship compares these with the commands
			t.Errorf("no source uses %s; take it out of the files", id)
		}
	}
}

// ordinals are the arguments that may be a number and are not a count, and why no word
// beside them has a plural.
var ordinals = map[string]string{
	"slot":  "the name of a slot",
	"user":  "the number of a user",
	"page":  "the number of a page",
	"pages": "the number of the last page",
	"total": "stands behind {count} of",
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// checkSay compares the arguments of one call with those of the words.
func checkSay(t *testing.T, pkg *packages.Package, call *ast.CallExpr, words map[string][]string) {
	t.Helper()
	var fn types.Object
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		fn = pkg.TypesInfo.Uses[f.Sel]
	case *ast.Ident:
		fn = pkg.TypesInfo.Uses[f]
	}
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != path || fn.Name() != "Say" || call.Ellipsis.IsValid() {
		return
	}
	if _, plain := fn.Type().(*types.Signature); !plain || fn.Type().(*types.Signature).Recv() != nil {
		return
	}
	at := pkg.Fset.Position(call.Pos())
	id := pkg.TypesInfo.Types[call.Args[0]].Value
	var names []string
	for i := 1; i < len(call.Args); i += 2 {
		value := pkg.TypesInfo.Types[call.Args[i]].Value
		if value == nil || value.Kind() != constant.String {
			t.Errorf("%s: the name of an argument is not a constant", at)
			return
		}
		name := constant.StringVal(value)
		names = append(names, name)
		if name != "count" && i+1 < len(call.Args) && isNumber(pkg.TypesInfo.TypeOf(call.Args[i+1])) && ordinals[name] == "" {
			t.Errorf("%s: the argument %q is a number: only count has plural forms", at, name)
		}
	}
	if len(call.Args)%2 == 0 {
		t.Errorf("%s: the last argument has no value", at)
	}
	if id == nil || words[constant.StringVal(id)] == nil {
		return
	}
	slices.Sort(names)
	if want := words[constant.StringVal(id)]; !slices.Equal(names, want) {
		t.Errorf("%s: %s is given the arguments %q, and its words have %q", at, constant.StringVal(id), names, want)
	}
}

// spokenErrors returns the package variables that are errors with a sentence, also those
// that are another one under a second name.
func spokenErrors(pkgs []*packages.Package) map[string]bool {
	found := map[string]bool{}
	for again := true; again; {
		again = false
		for _, pkg := range pkgs {
			for _, init := range pkg.TypesInfo.InitOrder {
				if len(init.Lhs) != 1 || found[full(init.Lhs[0])] {
					continue
				}
				made := init.Rhs
				if call, ok := made.(*ast.CallExpr); ok {
					made = call.Fun
				}
				of := used(pkg, made)
				if name := full(of); name == path+".Error" || name == path+".Kind" || name == path+".Detail" || found[name] {
					found[full(init.Lhs[0])], again = true, true
				}
			}
		}
	}
	return found
}

func full(o types.Object) string {
	if o == nil || o.Pkg() == nil {
		return ""
	}
	return o.Pkg().Path() + "." + o.Name()
}

func used(pkg *packages.Package, e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return pkg.TypesInfo.Uses[e.Sel]
	case *ast.Ident:
		return pkg.TypesInfo.Uses[e]
	}
	return nil
}

var (
	verbs   = regexp.MustCompile(`%[-+# 0-9.]*[a-z]`)
	english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`)
)

// parserRooms say in English where an answer or a file breaks its form, for a bug report:
// a person reads only that it does, or that the fact is unknown.
var parserRooms = regexp.MustCompile(`^preship/adb/(handset/dump|handset/health|recording|bugreport)$`)

// checkErrorf refuses English that is put beside an error that has words in every
// language: message.Detail adds a sentence.
func checkErrorf(t *testing.T, pkg *packages.Package, call *ast.CallExpr, spoken map[string]bool) {
	t.Helper()
	if parserRooms.MatchString(pkg.PkgPath) || full(used(pkg, call.Fun)) != "fmt.Errorf" || !slices.ContainsFunc(call.Args[1:], func(a ast.Expr) bool { return spoken[full(used(pkg, a))] }) {
		return
	}
	format := constant.StringVal(pkg.TypesInfo.Types[call.Args[0]].Value)
	if left := english.FindString(verbs.ReplaceAllString(format, "")); left != "" {
		t.Errorf("%s: %q is English beside an error with a sentence", pkg.Fset.Position(call.Pos()), left)
	}
}

func named(t types.Type, name string) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// read returns the argument names of each message, as the English file has them. It
// is never nil for an ID that has words.
func read(t *testing.T) map[string][]string {
	t.Helper()
	words := map[string][]string{}
	names, err := filepath.Glob("lang/en/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	argument := regexp.MustCompile(`\{([^{}]+)\}`)
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var rows map[string]json.RawMessage
		if err := json.Unmarshal(b, &rows); err != nil {
			t.Fatal(err)
		}
		for id, text := range rows {
			forms := map[string]string{}
			if json.Unmarshal(text, &forms) != nil {
				forms["other"] = string(text)
			}
			delete(forms, "description")
			list := []string{}
			for _, form := range forms {
				for _, m := range argument.FindAllStringSubmatch(form, -1) {
					list = append(list, m[1])
				}
			}
			slices.Sort(list)
			words[id] = slices.Compact(list)
		}
	}
	return words
}

// literals are the strings of all source files but tests, also of those for another
// system, and of the templates.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	quoted := regexp.MustCompile(`"([a-z0-9.-]+)"`)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != root || d.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".tmpl"):
			b, err := os.ReadFile(name)
			for _, m := range quoted.FindAllSubmatch(b, -1) {
				used[string(m[1])] = true
			}
			return err
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					used[s] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}
