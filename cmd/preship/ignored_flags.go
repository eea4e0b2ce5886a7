package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// asksHandset are the commands that use --serial. The others would ignore it and
// answer for every handset.
var asksHandset = []string{
	"prepare", "identify", "backup", "accounts", "reset", "verify", "restore", "cases", "doctor", "handset",
}

// takesEmpty are flags for which an empty value means something.
var takesEmpty = []string{"listen", "adb-server"}

// checkHeard refuses flags that the command would ignore.
func checkHeard(cmd *cobra.Command) (err error) {
	path := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case emptyValue(f) && !slices.Contains(takesEmpty, f.Name):
			err = usagef("--%s: its value is empty; give one, or leave the flag out", f.Name)
		case f.Name == "serial" && !slices.Contains(asksHandset, path):
			err = usagef("--serial: %s asks no handset; leave it out", cmd.CommandPath())
		}
	})
	return err
}

// emptyValue says whether a flag was given an empty value, as by a script whose
// variable is not set.
func emptyValue(f *pflag.Flag) bool {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		all := list.GetSlice()
		return len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	return strings.TrimSpace(f.Value.String()) == ""
}
