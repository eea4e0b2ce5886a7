package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// globals are the flags every command has.
type globals struct {
	serial  string
	json    bool
	noInput bool
	keyFile string
	adbAddr string // the adb server; "" is the one the environment names
}

func (g *globals) addFlags(f *pflag.FlagSet) {
	f.StringVarP(&g.serial, "serial", "s", "", "the handset to work on, as adb names it (default $ANDROID_SERIAL, or the only one)")
	f.BoolVar(&g.json, "json", false, "answer as JSON on standard output")
	f.BoolVar(&g.noInput, "no-input", false, "ask nothing; fail and name the flag that would have answered")
	f.StringVar(&g.keyFile, "key", "", "the signing key, an OpenSSH ed25519 private key (default: made on first use)")
}

func newRootCmd(e *env) *cobra.Command {
	g := &globals{}
	root := &cobra.Command{
		Use:   "preship",
		Short: "prepare a Xiaomi handset for posting to repair",
		Long: "preship saves the owner's data and proves the copy, shows what still locks the handset,\n" +
			"triggers the factory reset, checks that it came back clean, and seals a report anybody can verify.\n\n" +
			"without a handset, see it work: preship demo",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(e.in)
	root.SetOut(e.out)
	root.SetErr(e.err)
	g.addFlags(root.PersistentFlags())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usagef("%v", err) })
	root.SetUsageTemplate(root.UsageTemplate() + "\n" + exitCodeHelp())
	for _, newCmd := range []func(*env, *globals) *cobra.Command{
		newPrepareCmd, newIdentifyCmd, newBackupCmd, newAccountsCmd, newResetCmd, newVerifyCmd, newReportCmd,
		newDoctorCmd, newDevicesCmd, newDemoCmd, newHandsetCmd, newKeyCmd, newCommandsCmd, newVersionCmd,
	} {
		root.AddCommand(newCmd(e, g))
	}
	for _, cmd := range allCommands(root) {
		requireKnownArgs(cmd)
	}
	return root
}

// requireKnownArgs makes a wrong argument a usage error, with usage's exit code.
func requireKnownArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		check = cobra.NoArgs
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usagef("%v; see: %s --help", err, cmd.CommandPath())
		}
		return nil
	}
}

func allCommands(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		all = append(all, allCommands(c)...)
	}
	return all
}
