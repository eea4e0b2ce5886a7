package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
	"preship/report/message"
)

const (
	helpColumns = 80 // where the width of the terminal is not known
	helpRows    = 24 // of a terminal: the help of a command fits on it
)

// helpOn makes help and usage of all commands below root the page that is written here:
// examples first, then the flags in groups, on one screen.
func helpOn(e *env, root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		fmt.Fprint(cmd.OutOrStdout(), helpPage(cmd, e.helpWidth(), helpWords{e.Language}))
	})
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := io.WriteString(cmd.OutOrStderr(), helpPage(cmd, e.helpWidth(), helpWords{e.Language}))
		return err
	})
	root.SetHelpCommand(newHelpCmd(root))
}

// helpWidth returns how many columns a page of help may take. Longer lines than a
// hundred columns are hard to read.
func (e *env) helpWidth() int {
	if w := e.Width(); w > 0 {
		return max(40, min(w, 100))
	}
	return helpColumns
}

// newHelpCmd returns the command help. Unlike Cobra's, it refuses a name that it does
// not know.
func newHelpCmd(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command or a topic",
		Args:  cobra.ArbitraryArgs,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			at, _, err := root.Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range at.Commands() {
				if listed(c) || c.IsAdditionalHelpTopicCommand() {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return noSuchCommand(cmp.Or(cmd, root), append(slices.Clone(rest), args...)[0])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// helpPage returns the help of a command or a topic. The page of a command that has
// more flags than fit on a screen only names the rare ones.
func helpPage(cmd *cobra.Command, width int, words helpWords) string {
	writeLong(cmd, words)
	if cmd.IsAdditionalHelpTopicCommand() {
		if words.english() || cmd.Name() == "flags" {
			return flow(cmd.Long, width)
		}
		return flow(words.say("help.page.english")+"\n\n"+cmd.Long, width)
	}
	page := helpOf(cmd, width, false, words)
	if strings.Count(page, "\n") > helpRows {
		page = helpOf(cmd, width, true, words)
	}
	return page
}

// helpOf writes the page. With brief it only names the rare flags.
func helpOf(cmd *cobra.Command, width int, brief bool, words helpWords) string {
	var b strings.Builder
	b.WriteString(console.Wrap(words.say("help.page.usage", "line", useLine(cmd)), width) + "\n")
	for _, line := range examples[strings.TrimPrefix(cmd.CommandPath(), "preship ")] {
		b.WriteString("  preship " + words.example(line) + "\n")
	}
	b.WriteString("\n" + flow(cmp.Or(words.long(cmd), words.say("help.page.short", "text", words.short(cmd))), width))
	if rows := commandRows(cmd, words); len(rows) > 0 {
		b.WriteString("\n" + columns(rows, width))
	}
	rows, rare := flagTable(cmd, brief, words)
	if len(rows) > 0 {
		b.WriteString("\n" + columns(rows, width))
	}
	if len(rare) > 0 {
		b.WriteString(console.Wrap(words.say("help.page.rare", "flags", strings.Join(rare, " ")), width) + "\n")
		return b.String()
	}
	b.WriteString("\n" + helpFoot(cmd, width, words))
	return b.String()
}

// useLine returns how a command is written, without Cobra's word for flags, which is English.
func useLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() && !cmd.Runnable() || !cmd.HasParent() {
		return cmd.CommandPath() + " COMMAND"
	}
	return strings.TrimSuffix(cmd.UseLine(), " [flags]")
}

// helpFoot names the flags that every command has, and where the rest of the help is.
func helpFoot(cmd *cobra.Command, width int, words helpWords) string {
	var common []string
	cmd.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) { common = append(common, "--"+f.Name) })
	lines := []string{words.say("help.page.common", "flags", strings.Join(common, " "))}
	if !cmd.HasParent() {
		lines = append(lines, words.say("help.page.more", "names", unlisted(cmd)))
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(console.Wrap(line, width) + "\n")
	}
	return b.String()
}

// unlisted names the commands and topics that the page of root does not list in a group.
func unlisted(root *cobra.Command) (names []string) {
	for _, c := range root.Commands() {
		if c.GroupID == "" && !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// flow rewrites a text in paragraphs as wide as the page. Indented lines stay lines.
func flow(text string, width int) string {
	var b, paragraph strings.Builder
	end := func() {
		if paragraph.Len() > 0 {
			b.WriteString(strings.ReplaceAll(console.Wrap(paragraph.String(), width), "\n  ", "\n") + "\n")
			paragraph.Reset()
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.TrimSpace(line) == "":
			end()
			b.WriteString("\n")
		case strings.HasPrefix(line, "  "):
			end()
			b.WriteString(console.Wrap(line, width) + "\n")
		default:
			if paragraph.Len() > 0 {
				paragraph.WriteByte(' ')
			}
			paragraph.WriteString(line)
		}
	}
	end()
	return b.String()
}

// helpRow is a row of a table of help: a group, named in its first row only, a name and
// its meaning.
type helpRow struct{ group, name, means string }

// columns writes rows under each other, and breaks the last column.
func columns(rows []helpRow, width int) string {
	group, name := 0, 0
	for _, r := range rows {
		group, name = max(group, console.Columns(r.group)), max(name, console.Columns(r.name))
	}
	var b strings.Builder
	last, at := "", min(group+name+4, width/2)
	for _, r := range rows {
		shown := r.group
		if shown == last {
			shown = ""
		}
		last = r.group
		head := pad(shown, group) + "  " + r.name
		if group == 0 {
			head = "  " + r.name
		}
		if console.Columns(head)+1 > at {
			head += "\n" + strings.Repeat(" ", at)
		} else {
			head = pad(head, at)
		}
		means := strings.Split(console.Wrap(r.means, width-at), "\n")
		for i := range means[1:] {
			means[i+1] = strings.Repeat(" ", at) + strings.TrimSpace(means[i+1])
		}
		b.WriteString(head + strings.Join(means, "\n") + "\n")
	}
	return b.String()
}

func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-console.Columns(s)))
}

// listed reports whether the help of its parent lists a command.
func listed(c *cobra.Command) bool { return c.IsAvailableCommand() && c.Name() != "help" }

func commandRows(cmd *cobra.Command, words helpWords) (rows []helpRow) {
	if cmd.HasParent() {
		for _, c := range cmd.Commands() {
			if listed(c) {
				rows = append(rows, helpRow{"", c.Name(), words.short(c)})
			}
		}
		return rows
	}
	for _, g := range groups {
		for _, name := range g.commands {
			if c, _, err := cmd.Find([]string{name}); err == nil && c != cmd {
				rows = append(rows, helpRow{words.group(g.title), name, words.short(c)})
			}
		}
	}
	return rows
}

// flagTable returns the rows of a command's own flags, and the names of those that are
// left out for being rare.
func flagTable(cmd *cobra.Command, brief bool, words helpWords) (rows []helpRow, rare []string) {
	group := map[string][]helpRow{}
	common := cmd.Root().PersistentFlags()
	cmd.InheritedFlags() // adds those of the commands above
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		row := flagRows[f.Name]
		switch {
		case common.Lookup(f.Name) == f, f.Hidden || f.Name == "help" || f.Name == "version":
		case brief && row.rare:
			rare = append(rare, "--"+f.Name)
		default:
			at := cmp.Or(row.group, lastGroup)
			group[at] = append(group[at], helpRow{words.group(at), flagName(f), flagMeans(cmd, f, words)})
		}
	})
	for _, name := range append(slices.Clone(flagGroups), lastGroup) {
		rows = append(rows, group[name]...)
	}
	if len(group) == 1 { // one group needs no name
		for i := range rows {
			rows[i].group = ""
		}
	}
	return rows, rare
}

// flagName returns how a flag is written, such as "-i, --identity FILE".
func flagName(f *pflag.Flag) string {
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if f.Value.Type() == "bool" {
		return name
	}
	value, _ := pflag.UnquoteUsage(f)
	return name + " " + cmp.Or(flagRows[f.Name].value, strings.ToUpper(value))
}

// flagMeans returns what a flag does, and its default.
func flagMeans(cmd *cobra.Command, f *pflag.Flag, words helpWords) string {
	usage := words.usage(cmd, f)
	switch f.DefValue {
	case "", "false", "[]", "0", "0s":
		return usage
	}
	if strings.HasPrefix(usage, f.DefValue+",") { // the first of a list
		return usage
	}
	return words.say("help.page.default", "text", usage, "value", f.DefValue)
}

// helpWords finds the words of help in a language. English is in the commands
// themselves, because the manual pages and completion need it; the other languages are in
// help.json of report/message, which is read only when help is shown.
type helpWords struct{ language string }

func (w helpWords) english() bool { return cmp.Or(w.language, "en") == "en" }

// say writes a sentence of the page.
func (w helpWords) say(id message.ID, args ...any) string {
	text, _ := message.Say(id, args...).In(w.language)
	return text
}

// text returns the words of the first ID that has some, else the English.
func (w helpWords) text(english string, ids ...string) string {
	if w.english() || english == "" {
		return english
	}
	for _, id := range ids {
		if text, known := message.Say(message.ID(id), "open", "{", "close", "}").In(w.language); known {
			return text
		}
	}
	return english
}

// helpID is the beginning of the IDs of a command: help.backup.verify.
func helpID(cmd *cobra.Command) string {
	return "help." + strings.ReplaceAll(cmd.CommandPath(), " ", ".")
}

func (w helpWords) short(cmd *cobra.Command) string {
	return w.text(cmd.Short, helpID(cmd)+".short")
}

func (w helpWords) long(cmd *cobra.Command) string {
	return w.text(cmd.Long, helpID(cmd)+".long")
}

// usage returns what a flag means for a command: most flags mean the same in every one.
func (w helpWords) usage(cmd *cobra.Command, f *pflag.Flag) string {
	_, usage := pflag.UnquoteUsage(f)
	return w.text(usage, flagIDs(cmd, f)...)
}

// flagIDs are the IDs of the words of a flag, the one of a command or its parents first.
func flagIDs(cmd *cobra.Command, f *pflag.Flag) (ids []string) {
	for c := cmd; c != nil; c = c.Parent() {
		ids = append(ids, helpID(c)+".flag."+f.Name)
	}
	return append(ids, "help.flag."+f.Name)
}

// group returns the title of a group of commands or flags.
func (w helpWords) group(title string) string {
	return w.text(title, "help.group."+strings.ToLower(title))
}

// example returns an example; its remark follows two spaces or more.
func (w helpWords) example(line string) string {
	at := strings.LastIndex(line, "  ") + 2
	if at < 2 {
		return line
	}
	name, _, _ := strings.Cut(line, " ")
	return line[:at] + w.text(line[at:], "help.example."+name)
}
