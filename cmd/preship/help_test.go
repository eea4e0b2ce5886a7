package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
)

// A person reads the help of a command without scrolling, on the smallest terminal.
func TestHelpFitsOnOneScreen(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	root := newRootCmd(e)
	root.InitDefaultCompletionCmd()
	for _, cmd := range allCommands(root) {
		if cmd.Hidden || cmd.Name() == "help" || cmd.HasParent() && cmd.Parent().Name() == "completion" {
			continue
		}
		page := helpPage(cmd, helpColumns, helpWords{})
		lines := strings.Split(strings.TrimSuffix(page, "\n"), "\n")
		if cmd.IsAdditionalHelpTopicCommand() {
			continue // a topic is read in a pager
		}
		if len(lines) > helpRows {
			t.Errorf("%s: %d rows, want at most %d:\n%s", cmd.CommandPath(), len(lines), helpRows, page)
		}
		for _, line := range lines {
			if n := console.Columns(line); n > helpColumns {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
		path := strings.TrimPrefix(cmd.CommandPath(), "preship ")
		if len(examples[path]) == 0 && !slices.Contains([]string{"version"}, path) {
			t.Errorf("%s: its help has no example", path)
		}
		for _, line := range examples[path] {
			args := strings.Fields(line)
			if found, _, err := root.Find(args); err != nil || found != cmd && !strings.HasPrefix(found.CommandPath(), cmd.CommandPath()+" ") {
				t.Errorf("%s: the example %q is of another command", path, line)
			}
			for _, arg := range args {
				if name, ok := strings.CutPrefix(arg, "--"); ok && cmd.Runnable() && cmd != root && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
					t.Errorf("%s: the example %q has a flag that is not there", path, line)
				}
			}
		}
	}
}

// A flag that the help leaves out for being rare is named there, and explained by
// preship help flags.
func TestHelpNamesEveryFlag(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	root := newRootCmd(e)
	topic, _, err := root.Find([]string{"flags"})
	if err != nil {
		t.Fatal(err)
	}
	writeLong(topic, helpWords{})
	all := topic.Long
	for _, cmd := range allCommands(root) {
		if cmd.Hidden || cmd.IsAdditionalHelpTopicCommand() {
			continue
		}
		page := helpPage(cmd, helpColumns, helpWords{})
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			common := root.PersistentFlags().Lookup(f.Name) == f
			if !f.Hidden && !common && f.Name != "help" && f.Name != "version" && !strings.Contains(page, "--"+f.Name) {
				t.Errorf("%s: its help does not name --%s", cmd.CommandPath(), f.Name)
			}
			if !f.Hidden && !strings.Contains(all, "--"+f.Name+" ") && f.Name != "help" && f.Name != "version" {
				t.Errorf("preship help flags does not name --%s", f.Name)
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, says string }{
		{"perpare", "did you mean preship prepare?"},
		{"report verfy", "did you mean preship report verify?"},
		{"help nosuch", `unknown command "nosuch"; see: preship --help`},
		{"help report nosuch", `unknown command "nosuch"; see: preship report --help`},
		{"help prepar", "did you mean preship prepare?"},
		{"prepare --ouput x", "did you mean --out?"},
		{"prepare --dispite=x", "did you mean --despite?"},
		{"prepare --zzz", "unknown flag: --zzz"},
		{"nosuch", "see: preship --help"},
	} {
		e, out, errOut := testEnv()
		if code := run(t.Context(), strings.Fields(tt.args), e); code != int(exitUsage) {
			t.Errorf("%s: exit %d, want %d", tt.args, code, exitUsage)
		}
		if !strings.Contains(errOut.String(), tt.says) || out.Len() > 0 {
			t.Errorf("%s: stderr %q, stdout %q; want %q", tt.args, errOut, out, tt.says)
		}
	}
}

func TestVersionFlag(t *testing.T) {
	t.Parallel()
	e, flag, _ := testEnv()
	f, command, _ := testEnv()
	if a, b := run(t.Context(), []string{"--version"}, e), run(t.Context(), []string{"version"}, f); a != 0 || b != 0 || flag.String() != command.String() {
		t.Errorf("--version: exit %d, %q; version: exit %d, %q", a, flag, b, command)
	}
}
