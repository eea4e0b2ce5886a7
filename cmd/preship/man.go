package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"preship/cmd/preship/internal/doctor"
	"preship/report/message"
)

// newManCmd writes the manual pages. It is for packagers, so no list shows it.
func newManCmd(e *env, _ *globals) *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages into a folder",
		Long:   "Writes a manual page for each command and each help topic. Their date is $SOURCE_DATE_EPOCH or the date of the\nbuild, so that the same source makes the same pages.",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE:   func(_ *cobra.Command, args []string) error { return runMan(e, args[0]) },
	}
}

func runMan(e *env, dir string) error {
	elsewhere := e.clone()
	elsewhere.InTTY = false // defaults that depend on a terminal are those of a script
	root := newRootCmd(elsewhere)
	root.InitDefaultCompletionCmd()
	date, err := manDate(e)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pages := 0
	for _, cmd := range allCommands(root) {
		section := "1"
		if cmd.IsAdditionalHelpTopicCommand() {
			section = "7"
		} else if !cmd.IsAvailableCommand() && cmd != root || cmd.Name() == "help" {
			continue
		}
		page, err := manPage(cmd, section, date)
		if err != nil {
			return fmt.Errorf("%s: %w", cmd.CommandPath(), err)
		}
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + "." + section
		if err := os.WriteFile(filepath.Join(dir, name), page, 0o644); err != nil {
			return err
		}
		pages++
	}
	e.Print(message.Say("text.pages", "count", pages, "folder", dir))
	return nil
}

// manDate is the date on the pages: never that of their making.
func manDate(e *env) (time.Time, error) {
	if epoch := e.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return time.Time{}, wrongFlag("SOURCE_DATE_EPOCH", err)
		}
		return time.Unix(seconds, 0).UTC(), nil
	}
	if built := buildVersion().Time; !built.IsZero() {
		return built, nil
	}
	return time.Date(doctor.FirstYear, time.January, 1, 0, 0, 0, 0, time.UTC), nil
}

func manPage(cmd *cobra.Command, section string, date time.Time) ([]byte, error) {
	writeLong(cmd, helpWords{})
	help := *cmd // its words in the page's own language, Markdown; the command keeps them
	help.Long = manText(cmd.Long)
	help.DisableAutoGenTag = true
	if help.Long == "" {
		help.Long = manText(cmd.Short)
	}
	var b bytes.Buffer
	header := &doc.GenManHeader{Section: section, Date: &date, Source: "preship", Manual: "preship manual"}
	if err := doc.GenMan(&help, header, &b); err != nil {
		return nil, err
	}
	if section == "1" {
		b.WriteString(".SH EXIT STATUS\n")
		for _, row := range exitCodes {
			fmt.Fprintf(&b, ".TP\n%d\n%s\n", row.code, row.means)
		}
	}
	return b.Bytes(), nil
}

// markdown are the characters of our words that Markdown would take for its own.
var markdown = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`", `<`, `\<`, `[`, `\[`, `#`, `\#`)

// manText is a text of the help in Markdown: indented lines stay as they are.
func manText(text string) string {
	var b strings.Builder
	verbatim := false
	for line := range strings.Lines(text) {
		indented := strings.HasPrefix(line, "  ")
		if indented != verbatim && strings.TrimSpace(line) != "" {
			b.WriteString("\n")
			verbatim = indented
		}
		if indented {
			b.WriteString("    " + line)
			continue
		}
		b.WriteString(markdown.Replace(line))
	}
	return b.String()
}
