package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/adb/handset"
)

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
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\teffect\tline\twhy")
	for _, r := range rows {
		effect := "reads"
		if r.Writes {
			effect = "writes"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Name, effect, r.Line, r.Why)
	}
	return w.Flush()
}
