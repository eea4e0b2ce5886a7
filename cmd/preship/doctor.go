package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/doctor"
	"preship/report"
)

func newDoctorCmd(e *env, g *globals) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "look whether this computer is ready to work on a handset",
		Long: "doctor looks at everything a job needs, and says what to do about what is wrong. it changes nothing: it\n" +
			"starts no adb server, and takes away the small files by which it tries the folder for cases.\n\n" +
			"each row is pass, warn (works, and you should know), fail, unknown (could not be seen) or skipped.\n" +
			"with --json it is a list of {\"id\", \"name\", \"looks_at\", \"status\", \"found\", \"next\": [...]}; the ids stay.\n\n" +
			"it ends with 0 when a handset could be prepared now, with 4 when only the handset is missing, is one of\n" +
			"several, or waits for its owner, and with 3 when something on this computer is in the way.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), e, g, out) },
	}
	cmd.Flags().StringVar(&out, "out", ".", "the folder where cases would go")
	return cmd
}

// doctorEnds is how doctor ends: its exit code and its last line.
var doctorEnds = map[doctor.Readiness]struct {
	code exitCode
	text string
}{
	doctor.Ready:     {exitReady, "a handset can be prepared now: preship prepare --out FOLDER"},
	doctor.NotReady:  {exitNotReady, "something on this computer is in the way: mend what says fail or unknown, from the top"},
	doctor.NoHandset: {exitNoHandset, "this computer is ready; the handset is not yet. to watch it come: preship devices --watch"},
}

func runDoctor(ctx context.Context, e *env, g *globals, out string) error {
	rows, ready, err := doctor.Run(ctx, doctor.Options{
		Console: e.Console, Out: out, Serial: g.serial, Keys: e.keys(g), Built: buildVersion().Time,
		Client:    func() (*adb.Client, error) { return g.client(false) },
		ConfigDir: func() (string, error) { return configFolder(e) },
	})
	if err != nil {
		return err
	}
	end := doctorEnds[ready]
	if g.json {
		if err := e.PrintJSON(rows); err != nil {
			return err
		}
		return outcome(end.code)
	}
	e.printDoctor(rows)
	e.Sayf("%s", end.text)
	return outcome(end.code)
}

// statusColours are SGR parameters.
var statusColours = map[report.Status]string{
	report.StatusPass: "32", report.StatusWarn: "33", report.StatusFail: "31", report.StatusUnknown: "33", report.StatusSkipped: "2",
}

func (e *env) printDoctor(rows []doctor.Row) {
	for _, r := range rows {
		status := e.Paint(statusColours[r.Status], fmt.Sprintf("%-8s", r.Status))
		name := fmt.Sprintf("%-15s", r.Name)
		fmt.Fprintln(e.Out, e.Hang(status+name, 23, console.Escape(r.Found)))
		for _, n := range r.Next {
			fmt.Fprintln(e.Out, e.Hang(strings.Repeat(" ", 23), 25, console.Escape(n)))
		}
	}
}
