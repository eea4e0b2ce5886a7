package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

// helpTexts returns the English words of all help by their IDs, which are those of the
// Spanish file: it decides where a flag has words of its own in one command.
func helpTexts(t *testing.T, root *cobra.Command, have map[string]string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	add := func(english string, ids ...string) {
		if english == "" {
			return
		}
		for _, id := range ids {
			if _, ok := have[id]; !ok {
				continue
			}
			if before, ok := texts[id]; ok && before != english {
				t.Errorf("%s stands for %q and %q: give one of them %s", id, before, english, ids[0])
			}
			texts[id] = english
			return
		}
		t.Errorf("%s has no words beside the English %q", ids[0], english)
	}
	for _, cmd := range allCommands(root) {
		if cmd.Hidden || cmd.HasParent() && cmd.Parent().Name() == "completion" {
			continue
		}
		writeLong(cmd, helpWords{})
		add(cmd.Short, helpID(cmd)+".short")
		if !cmd.IsAdditionalHelpTopicCommand() {
			add(cmd.Long, helpID(cmd)+".long")
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if _, usage := pflag.UnquoteUsage(f); !f.Hidden && f.Name != "help" {
				add(usage, flagIDs(cmd, f)...)
			}
		})
	}
	for _, g := range groups {
		add(g.title, "help.group."+strings.ToLower(g.title))
	}
	for _, name := range append([]string{lastGroup}, flagGroups...) {
		add(name, "help.group."+strings.ToLower(name))
	}
	for _, line := range examples["preship"] {
		name, remark, _ := strings.Cut(line, "  ")
		add(strings.TrimSpace(remark), "help.example."+strings.Fields(name)[0])
	}
	return texts
}

func helpFile(t *testing.T, language string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../../report/message/lang/" + language + "/help.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(b, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

// Every command and flag has words in every language, and the English file, which
// translators read, says what the program does. PRESHIP_UPDATE_MESSAGES=1 writes it.
func TestHelpHasWords(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	root := newRootCmd(e)
	root.InitDefaultCompletionCmd()
	spanish, english := helpFile(t, "es"), helpFile(t, "en")
	texts := helpTexts(t, root, spanish)
	texts["help.preship.completion.long"] = "Writes the completion script of preship for a shell. The help of each shell shows how to use it."
	braces := strings.NewReplacer("{", "{open}", "}", "{close}")
	want := map[string]string{}
	for id, text := range texts {
		want[id] = braces.Replace(text)
	}
	for id, text := range english {
		if strings.HasPrefix(id, "help.page.") {
			want[id] = text
		}
	}
	for id := range spanish {
		if want[id] == "" {
			t.Errorf("%s: no command, flag or page uses it", id)
		}
	}
	if os.Getenv("PRESHIP_UPDATE_MESSAGES") == "1" {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(want); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("../../report/message/lang/en/help.json", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for id, text := range want {
		if english[id] != text {
			t.Errorf("help.json in English: %s is %q, the program says %q", id, english[id], text)
		}
	}
}

// The page fits in every language, counted in cells, and a person finds nothing of the
// English there but names.
func TestHelpFitsInEveryLanguage(t *testing.T) {
	t.Parallel()
	e, _, _ := testEnv()
	root := newRootCmd(e)
	root.InitDefaultCompletionCmd()
	for _, language := range message.Languages()[1:] {
		words := helpWords{language}
		for _, cmd := range allCommands(root) {
			if cmd.Hidden || cmd.IsAdditionalHelpTopicCommand() || cmd.Name() == "help" || cmd.HasParent() && cmd.Parent().Name() == "completion" {
				continue
			}
			page := helpPage(cmd, helpColumns, words)
			lines := strings.Split(strings.TrimSuffix(page, "\n"), "\n")
			if len(lines) > helpRows {
				t.Errorf("%s: %s: %d rows, want at most %d:\n%s", language, cmd.CommandPath(), len(lines), helpRows, page)
			}
			for _, line := range lines {
				if n := console.Columns(line); n > helpColumns {
					t.Errorf("%s: %s: %d columns: %s", language, cmd.CommandPath(), n, line)
				}
			}
			for _, text := range []string{cmd.Short, strings.ReplaceAll(cmd.Long, "\n", " ")} {
				if text != "" && strings.Contains(strings.Join(strings.Fields(page), " "), text) {
					t.Errorf("%s: %s: the page is in English:\n%s", language, cmd.CommandPath(), page)
				}
			}
		}
	}
}
