package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/doctor"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/message"
	"preship/verify"
)

// completeTime bounds what a press of the tab key may take.
const completeTime = 2 * time.Second

// completeFlags gives the shells the values of flags, by the flag's name: one
// name means one thing in every command.
func completeFlags(root *cobra.Command, g *globals) {
	words := func(all ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)
	}
	dirs := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	table := map[string]cobra.CompletionFunc{
		"serial": func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return serials(cmd.Context(), g)
		},
		"case":    completeCase,
		"out":     dirs,
		"way":     words(append([]string{"auto"}, job.WayNames()...)...),
		"prove":   words("hash", "reread", "size"),
		"lang":    words(report.Languages...),
		"despite": words(job.DespiteIDs()...),
		"attest":  words(verify.Attestable()...),
		"verdict": words("READY", "NOT-READY", "FAILED", "INCOMPLETE", "none"),
		"owner":   words("helpful", "guided", "idle"),
		"auth":    words("on", "off"),
		"policy":  cobra.FixedCompletions([]string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt),
	}
	for _, cmd := range allCommands(root) {
		for _, flags := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
			flags.VisitAll(func(f *pflag.Flag) {
				if complete, ok := table[f.Name]; ok {
					_ = cmd.RegisterFlagCompletionFunc(f.Name, complete) // an error means that the command has its own
				}
			})
		}
	}
}

// serials are those of the handsets on a running adb server. It starts no server.
func serials(ctx context.Context, g *globals) (found []string, _ cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(ctx, completeTime)
	defer cancel()
	client, err := g.client(false)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	for _, i := range infos {
		found = append(found, cobra.CompletionWithDesc(console.Escape(i.Serial), console.Escape(strings.TrimSpace(string(i.State)+" "+i.Model))))
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeCase finds the case folders in the folder that is being typed, and
// folders if there are no such files.
func completeCase(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	dir, _ := filepath.Split(typed)
	entries, err := os.ReadDir(filepath.Join(dir, "."))
	if err != nil {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	var found []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(dir, e.Name(), "case.json")); err == nil && console.Escape(e.Name()) == e.Name() {
			found = append(found, dir+e.Name())
		}
	}
	if len(found) == 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

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
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + "." + section
		if err := os.WriteFile(filepath.Join(dir, name), manPage(cmd, section, date), 0o644); err != nil {
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

// manPage writes the page of a command in the language of man, man(7).
func manPage(cmd *cobra.Command, section string, date time.Time) []byte {
	writeLong(cmd, helpWords{})
	path := cmd.CommandPath()
	name := strings.ReplaceAll(path, " ", "-")
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH %q %q %q \"preship\" \"preship manual\"\n", strings.ToUpper(name), section, date.Format("Jan 2006"))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(cmd.Short))
	if cmd.Runnable() {
		fmt.Fprintf(&b, ".SH SYNOPSIS\n\\fB%s\\fP\n", roff(cmd.UseLine()))
	}
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	b.WriteString(".SH DESCRIPTION\n" + manText(long))
	manFlags(&b, "OPTIONS", cmd.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(cmd.Example))
	}
	if section == "1" {
		b.WriteString(".SH EXIT STATUS\n")
		for _, row := range exitCodes {
			fmt.Fprintf(&b, ".TP\n%d\n%s\n", row.code, roff(row.means))
		}
	}
	if cmd.HasParent() {
		fmt.Fprintf(&b, ".SH SEE ALSO\n\\fB%s\\fP(1)\n", roff(strings.ReplaceAll(cmd.Parent().CommandPath(), " ", "-")))
	}
	return b.Bytes()
}

// manFlags lists flags under a heading, in order of name.
func manFlags(b *bytes.Buffer, heading string, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if heading != "" {
			fmt.Fprintf(b, ".SH %s\n", heading)
			heading = ""
		}
		value, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(b, ".TP\n\\fB\\-\\-%s\\fP \\fI%s\\fP\n%s\n", roff(f.Name), roff(value), roff(usage))
	})
}

// roff is text as man shows it: its marks escaped, and no line taken for a command.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// manText is a text of the help: indented lines stay unchanged.
func manText(text string) string {
	var b strings.Builder
	verbatim := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			b.WriteString(".PP\n")
			continue
		}
		if indented := strings.HasPrefix(line, "  "); indented != verbatim {
			if verbatim = indented; verbatim {
				b.WriteString(".nf\n")
			} else {
				b.WriteString(".fi\n")
			}
		}
		b.WriteString(roff(line) + "\n")
	}
	if verbatim {
		b.WriteString(".fi\n")
	}
	return b.String()
}

type commandRow struct {
	Name   string `json:"name"`
	Line   string `json:"line"`
	Writes bool   `json:"writes"`
	Why    string `json:"why"`
}

func newCommandsCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "commands",
		Short: "Print every command that preship can send to a handset",
		Long: "Prints the table of all commands that preship can send to a handset, and why. Nothing else is ever sent.\n" +
			"{words} in braces are replaced by quoted values.",
		RunE: func(*cobra.Command, []string) error { return runCommands(e, g) },
	}
}

func runCommands(e *env, g *globals) error {
	rows := make([]commandRow, 0, len(handset.Commands))
	for _, c := range handset.Commands {
		rows = append(rows, commandRow{c.Name, c.Line, c.Writes, c.Why})
	}
	if g.json {
		return e.PrintJSON(rows)
	}
	cells := [][]any{{"name", "effect", "line", "why"}}
	for _, r := range rows {
		effect := "reads"
		if r.Writes {
			effect = "writes"
		}
		cells = append(cells, []any{r.Name, effect, r.Line, r.Why})
	}
	e.Table(cells)
	return nil
}
