package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

// globals are the flags every command has.
type globals struct {
	serial  string   // the handset; the last one where several were named
	serials []string // every one that was named
	json    bool
	noInput bool
	keyFile string
	adbAddr string // the adb server; "" is the one the environment names
	outputs        // of the commands that make a report
	after   programFlag
}

func (g *globals) addFlags(e *env, f *pflag.FlagSet) {
	f.VarP((*serialFlag)(g), "serial", "s", "the handset to work on, as adb names it (default $ANDROID_SERIAL, or the only one)")
	f.BoolVar(&g.json, "json", false, "print the answer as JSON on standard output")
	f.BoolVar(&g.noInput, "no-input", false, "ask no questions; fail and name the flag that answers")
	f.Var(&languageFlag{e: e}, "lang", "language of messages and pages: "+strings.Join(message.Languages(), ", ")+" (default: the language of the system)")
	f.StringVar(&g.keyFile, "key", "", "the signing key, an OpenSSH ed25519 private key, or agent (default: made on first use)")
}

// serialFlag is --serial, which prepare takes more than once.
type serialFlag globals

func (s *serialFlag) Set(serial string) error {
	s.serial = serial
	if !slices.Contains(s.serials, serial) {
		s.serials = append(s.serials, serial)
	}
	return nil
}

func (s *serialFlag) String() string { return strings.Join(s.serials, ",") }
func (s *serialFlag) Type() string   { return "string" }

// languageFlag is --lang. It sets the language of the console.
type languageFlag struct {
	e   *env
	tag string // empty: the flag is not given
}

func (l *languageFlag) Set(s string) (err error) {
	if l.tag, err = message.Parse(s); err == nil {
		l.e.Language = l.tag
	}
	return err
}

func (l *languageFlag) String() string { return l.tag }
func (l *languageFlag) Type() string   { return "LANG" }

func newRootCmd(e *env) *cobra.Command {
	g := &globals{}
	root := &cobra.Command{
		Use:           "preship",
		Short:         "Prepare a Xiaomi handset for posting to repair",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	root.Flags().Bool("version", false, "print the version")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if asked, _ := cmd.Flags().GetBool("version"); asked {
			e.Printf("%s", buildVersion().line())
			return nil
		}
		return cmd.Help()
	}
	root.SetIn(e.In)
	root.SetOut(e.Out)
	root.SetErr(e.Err)
	g.addFlags(e, root.PersistentFlags())
	root.SetFlagErrorFunc(flagError)
	for _, newCmd := range []func(*env, *globals) *cobra.Command{
		newDeskCmd, newPrepareCmd, newOutlookCmd, newIdentifyCmd, newFaultCmd, newBackupCmd, newAccountsCmd, newResetCmd, newVerifyCmd, newReportCmd, newIntakeCmd, newCasesCmd, newRestoreCmd,
		newDoctorCmd, newDevicesCmd, newConnectCmd, newDisconnectCmd, newDemoCmd, newHandsetCmd, newKeyCmd, newCommandsCmd, newVersionCmd,
		newScriptsTopic, newChecksTopic, newFlagsTopic, newManCmd,
	} {
		root.AddCommand(newCmd(e, g))
	}
	group(root)
	helpOn(e, root)
	completeFlags(root, g)
	for _, cmd := range allCommands(root) {
		requireKnownArgs(cmd, g)
	}
	return root
}

// groups orders the list of commands by what a person came for; what no group
// names is at the end.
var groups = []struct {
	title    string
	commands []string
}{
	{"Job", []string{"desk", "prepare", "identify", "fault", "backup", "accounts", "reset", "verify", "report"}},
	{"After", []string{"restore"}},
	{"Papers", []string{"cases", "intake"}},
	{"Look", []string{"doctor"}},
	{"Try", []string{"demo"}},
}

// Cobra sorts commands by default; this setting is for the whole program.
func init() { cobra.EnableCommandSorting = false }

func group(root *cobra.Command) {
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, name := range g.commands {
			if cmd, _, err := root.Find([]string{name}); err == nil && cmd != root {
				cmd.GroupID = g.title
			}
		}
	}
}

// requireKnownArgs makes a wrong argument a usage error, with usage's exit code.
func requireKnownArgs(cmd *cobra.Command, g *globals) {
	check := cmd.Args
	if check == nil {
		check = cobra.NoArgs
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return argumentError(cmd, args)
		}
		if err := checkHeard(cmd); err != nil {
			return err
		}
		if len(g.serials) > 1 && cmd.Name() != "prepare" {
			return job.Usage(message.Say("usage.flag.one-handset"))
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
