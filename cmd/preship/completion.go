package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/job"
	"preship/report"
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
