package main

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preship/adb/adbtest"
	"preship/cmd/preship/internal/console"
)

func readDoc(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// What a reader may type: preship and what follows it, in a code span or on a
// line of a code block.
var (
	inSpan  = regexp.MustCompile("`preship ([^`]+)`")
	inBlock = regexp.MustCompile(`(?m)^(?:go run \./cmd/)?preship ([^#\n]+)`)
)

func commandLines(doc string) (lines []string) {
	for i, part := range strings.Split(doc, "```") {
		find := inSpan
		if i%2 == 1 {
			find = inBlock
		}
		for _, m := range find.FindAllStringSubmatch(part, -1) {
			lines = append(lines, strings.TrimSpace(m[1]))
		}
	}
	return lines
}

// A command that a reader copies from the documents must be accepted.
func TestDocsNameRealCommands(t *testing.T) {
	t.Parallel()
	root := newRootCmd(&env{Console: console.System()})
	root.InitDefaultHelpCmd()
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", "testdata/handsets/README.md"} {
		found := commandLines(readDoc(t, doc))
		for _, line := range found {
			args := strings.Fields(line)
			cmd, rest, err := root.Find(args)
			if err != nil || cmd == root {
				t.Errorf("%s: preship %s: there is no such command", doc, line)
				continue
			}
			if cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
				t.Errorf("%s: preship %s: %s has no command %s", doc, line, cmd.Name(), rest[0])
			}
			for _, arg := range rest {
				name, isFlag := strings.CutPrefix(arg, "--")
				name, _, _ = strings.Cut(name, "=")
				if isFlag && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
					t.Errorf("%s: preship %s: %s has no --%s", doc, line, cmd.Name(), name)
				}
			}
		}
		if doc != "testdata/handsets/README.md" && len(found) < 4 {
			t.Errorf("%s: %d commands found; the test does not see them", doc, len(found))
		}
	}
}

// The README is read in two minutes and says all there is to choose from.
func TestREADME(t *testing.T) {
	t.Parallel()
	text := readDoc(t, "README.md")
	if n := len(strings.Fields(text)); n > 700 {
		t.Errorf("%d words, want 700 at most", n)
	}
	if at := strings.Index(text, "go run ./cmd/preship demo"); at < 0 || at > 600 {
		t.Error("it does not lead with the demo")
	}
	for _, row := range exitCodes {
		if want := "| " + strconv.Itoa(int(row.code)) + " | " + row.means + " |"; !strings.Contains(text, want) {
			t.Errorf("it lacks the exit code %q", want)
		}
	}
	root := newRootCmd(&env{Console: console.System()})
	for _, cmd := range root.Commands() {
		told := slices.Contains([]string{"disconnect", "version", "devices", "handset", "man", "checks", "flags"}, cmd.Name())
		if named := strings.Contains(text, "`"+cmd.Name()+"`") || strings.Contains(text, "preship "+cmd.Name()) || strings.Contains(text, "help "+cmd.Name()); !named && !told {
			t.Errorf("it does not name the command %s", cmd.Name())
		}
	}
}

// Of every profile the table says how far a job was tried, and of nothing else.
func TestContributingListsEveryProfile(t *testing.T) {
	t.Parallel()
	text := readDoc(t, "CONTRIBUTING.md")
	var told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|.*\\|.*\\| no \\|$").FindAllStringSubmatch(text, -1) {
		told = append(told, m[1])
	}
	slices.Sort(told)
	if profiles := slices.Sorted(slices.Values(adbtest.Profiles())); !slices.Equal(told, profiles) {
		t.Errorf("the table has %q, the profiles are %q", told, profiles)
	}
}

// TestTimersRunRealCommands: the examples of timers are well formed, and what they run is
// accepted by the command line.
func TestTimersRunRealCommands(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "testdata", "examples")
	commands := map[string]string{} // by file
	units := t.TempDir()
	for _, file := range []string{"preship-check.service", "preship-check.timer", "preship-purge.service", "preship-purge.timer"} {
		text := readDoc(t, filepath.Join("testdata", "examples", file))
		if _, run, ok := strings.Cut(text, "\nExecStart=/usr/local/bin/preship "); ok {
			line, _, _ := strings.Cut(run, "\n")
			commands[file] = strings.ReplaceAll(line, "%%", "%")
		}
		// systemd-analyze looks for the program, which is not installed here.
		text = strings.Replace(text, "/usr/local/bin/preship", "/bin/sh", 1)
		if err := os.WriteFile(filepath.Join(units, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tasks, err := filepath.Glob(filepath.Join(dir, "*.task.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tasks {
		var task struct {
			XMLName xml.Name `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
			Start   string   `xml:"Triggers>CalendarTrigger>StartBoundary"`
			Run     string   `xml:"Actions>Exec>Arguments"`
		}
		b, err := os.ReadFile(file)
		if err == nil {
			err = xml.Unmarshal(b, &task)
		}
		if err != nil || task.Start == "" {
			t.Errorf("%s: starts %q, %v", file, task.Start, err)
		}
		commands[filepath.Base(file)] = task.Run
	}
	if len(commands) != 4 {
		t.Errorf("commands %q, want those of two services and two tasks", commands)
	}
	for file, line := range commands {
		cmd, rest, err := newRootCmd(&env{Console: console.System()}).Find(strings.Fields(line))
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err != nil || cmd.Parent().Name() != "cases" || len(cmd.Flags().Args()) > 0 {
			t.Errorf("%s: preship %s: %v", file, line, err)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not here: the units are not verified")
	}
	files, err := filepath.Glob(filepath.Join(units, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), analyze, append([]string{"verify", "--man=no"}, files...)...).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
