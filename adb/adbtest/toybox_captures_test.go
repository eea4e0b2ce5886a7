package adbtest

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// capture is one line with what a real toybox answered.
type capture struct {
	line string
	want answer
}

// captures reads a file of captures, whose head says how it is written. tree is
// the files that were there.
func captures(t testing.TB, name string) (tree string, list []capture) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(b).Files {
		if f.Name == "tree" {
			tree = string(f.Data)
			continue
		}
		c := capture{line: f.Name}
		for line := range strings.Lines(string(f.Data)) {
			switch text := line[min(2, len(line)):]; {
			case strings.HasPrefix(line, "! "):
				c.want.stderr += text
			case strings.HasPrefix(line, "? "):
				if c.want.exit, err = strconv.Atoi(strings.TrimSpace(text)); err != nil {
					t.Fatal(err)
				}
			case line == "\\\n":
				c.want.stdout = strings.TrimSuffix(c.want.stdout, "\n")
			default:
				c.want.stdout += line
			}
		}
		list = append(list, c)
	}
	if tree == "" || len(list) == 0 {
		t.Fatalf("%s holds no captures", name)
	}
	return tree, list
}

// Every command the two have in common answers byte for byte as the original.
func TestToyboxAnswers(t *testing.T) {
	t.Parallel()
	tree, list := captures(t, "testdata/toybox-0.8.9.txtar")
	for _, c := range list {
		h := build(t, "34", tree, "") // a line may change it
		if got := sh(t, h, "cd /data/local/tmp/w; "+c.line); got != c.want {
			t.Errorf("%s\n got %v\nwant %v", c.line, got, c.want)
		}
	}
}
