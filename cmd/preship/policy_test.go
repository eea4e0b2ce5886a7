package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/policy"
)

// A finding of a backup that is in no list could be named by no policy.
func TestCheckIDsKnowTheBackup(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "backup", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	known, found := job.CheckIDs(), 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) == 0 || !strings.HasPrefix(spec.Names[0].Name, "Finding") {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				found++
				if id, _ := strconv.Unquote(lit.Value); !slices.Contains(known, id) {
					t.Errorf("%s: %s is not in backupChecks", file, id)
				}
			}
			return true
		})
	}
	if found < 13 {
		t.Errorf("%d findings of a backup found; the test looks in the wrong place", found)
	}
	if sorted := slices.Sorted(slices.Values(known)); len(slices.Compact(sorted)) != len(known) {
		t.Error("a check is in the list twice")
	}
}

func TestCodeWithPolicy(t *testing.T) {
	t.Parallel()
	met, unmet := &policy.Ruling{Met: true}, &policy.Ruling{}
	for _, tt := range []struct {
		verdict report.Verdict
		ruling  *policy.Ruling
		want    exitCode
	}{
		{report.VerdictReady, nil, exitReady},
		{report.VerdictReady, met, exitReady},
		{report.VerdictReady, unmet, exitNotReady},
		{report.VerdictNotReady, nil, exitNotReady},
		{report.VerdictNotReady, met, exitReady}, // only a policy for benches can be
		{report.VerdictNotReady, unmet, exitNotReady},
		{report.VerdictFailed, met, exitFailed},
		{report.VerdictIncomplete, met, exitFailed},
	} {
		if got := codeWithPolicy(tt.verdict, tt.ruling); got != tt.want {
			t.Errorf("%s with %+v: exit code %d, want %d", tt.verdict, tt.ruling, got, tt.want)
		}
	}
}
