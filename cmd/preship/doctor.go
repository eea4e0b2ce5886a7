package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/console"
	"preship/cmd/preship/internal/doctor"
	"preship/report/message"
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
	text message.ID
}{
	doctor.Ready:     {exitReady, "doctor.end.ready"},
	doctor.NotReady:  {exitNotReady, "doctor.end.not-ready"},
	doctor.NoHandset: {exitNoHandset, "doctor.end.no-handset"},
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
	e.Say(message.Say(end.text))
	return outcome(end.code)
}

// printDoctor prints the rows, each with what to do under it.
func (e *env) printDoctor(rows []doctor.Row) {
	statuses, names := 0, 0
	for _, r := range rows {
		statuses, names = max(statuses, console.Columns(e.Words(r.Status.Word()))), max(names, console.Columns(e.Words(r.Title)))
	}
	at := statuses + 2 + names + 2
	pad := func(text string, width int) string { return text + strings.Repeat(" ", width-console.Columns(text)+2) }
	for _, r := range rows {
		head := e.PaintStatus(r.Status, pad(e.Words(r.Status.Word()), statuses)) + pad(e.Words(r.Title), names)
		fmt.Fprintln(e.Out, e.Hang(head, at, e.Words(r.Seen)))
		for _, n := range r.Advised {
			fmt.Fprintln(e.Out, e.Hang(strings.Repeat(" ", at), at+2, e.Words(n)))
		}
	}
}
