package main

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/report/message"
)

// helpWords finds the words of help in a language. English stands in the commands
// themselves, because the manual pages and completion need it; the other languages stand in
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
