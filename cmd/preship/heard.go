package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/adb/reset"
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

// checkReset refuses reset flags that contradict each other, before the handset is
// asked anything.
func (o *jobOptions) checkReset() error {
	_, known := reset.WayNamed(o.way)
	switch {
	case o.way != "" && o.way != "auto" && !known:
		return usagef("--way %q: say auto or one of %s", o.way, strings.Join(wayNames(), ", "))
	case o.dryRun && o.attestReset != "":
		return usagef("--dry-run shows what a reset would do, --attest-reset writes down one that was; choose one")
	case o.dryRun && o.again:
		return usagef("--dry-run shows a reset from its beginning, --again sends the wipe of an earlier one; choose one")
	case o.again && o.attestReset != "":
		return usagef("--again sends the wipe once more, --attest-reset writes down that it was seen; choose one")
	case o.again && o.dir == "":
		return usagef("--again is for a reset that was begun; name its case with --case")
	}
	return checkDespite(o.despite)
}
