package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// withoutStory are the flags that no story can use, with the reason.
var withoutStory = map[string]string{
	"card": "the handset of no story has a card: TestRestoreToAnotherCard in package backup has one",
}

var flagInStory = regexp.MustCompile(`--([a-z][a-z-]*)`)

// Every flag is in a story, so that its effect is seen once from outside.
func TestStoriesUseEveryFlag(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, pattern := range []string{"script/*.txtar", "examples/*"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			mustDo(t, err)
			for _, m := range flagInStory.FindAllStringSubmatch(string(b), -1) {
				used[m[1]] = true
			}
		}
	}
	var missing []string
	var look func(cmd *cobra.Command)
	look = func(cmd *cobra.Command) {
		for _, flags := range []*pflag.FlagSet{cmd.LocalFlags(), cmd.PersistentFlags()} {
			flags.VisitAll(func(f *pflag.Flag) {
				if _, reason := withoutStory[f.Name]; !reason && !used[f.Name] && !f.Hidden {
					missing = append(missing, cmd.CommandPath()+" --"+f.Name)
				}
			})
		}
		for _, sub := range cmd.Commands() {
			look(sub)
		}
	}
	e, _, _ := testEnv()
	look(newRootCmd(e))
	slices.Sort(missing)
	if missing = slices.Compact(missing); len(missing) > 0 {
		t.Errorf("no story uses %s", strings.Join(missing, ", "))
	}
	for name, reason := range withoutStory {
		if used[name] || reason == "" {
			t.Errorf("--%s is in a story, or has no reason to be in none", name)
		}
	}
}
