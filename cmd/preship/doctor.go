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
		Short: "Check whether this computer is ready to prepare a handset",
		Long: "Checks everything that a job needs, and shows what to do about each problem. It changes nothing: it starts no adb\n" +
			"server, and it deletes the small files that it writes to try the folder for cases.\n\n" +
			"Each row is pass, warn (works, but read it), fail, unknown (could not be checked) or skipped. With --json it is\n" +
			"a list of {\"id\", \"name\", \"looks_at\", \"status\", \"found\", \"next\": [...]}; the IDs do not change.\n\n" +
			"The exit code is 0 if a handset can be prepared now, 4 if only the handset is missing, is one of several or waits\n" +
			"for its owner, and 3 if a problem on this computer must be solved first.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), e, g, out) },
	}
	cmd.Flags().StringVar(&out, "out", ".", "the folder for cases")
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
