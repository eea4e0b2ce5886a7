package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/console"
	"preship/report"
)

// ailment is one question doctor asks of this computer, and what hangs on it.
type ailment struct {
	id, name string
	looks    string // what it looks at
	// needed: without it no handset can be prepared, whatever else is well. The
	// others only tell, and unknown is no obstacle in them.
	needed bool
	check  func(context.Context, *examination) symptom
}

// symptom is what was seen.
type symptom struct {
	status report.Status
	found  string
	next   []string // what to do, first things first
}

// ailments stand in the order in which a person mends them.
var ailments = []ailment{
	{"adb-binary", "adb binary", "the adb that preship would start, on the PATH", true, checkADBBinary},
	{"adb-versions", "adb versions", "other adb programs, on the PATH and in the SDK's folders, and whether they end each other's server", false, checkADBVersions},
	{"adb-server", "adb server", "who answers at the server's address", true, checkADBServer},
	{"environment", "environment", "variables that send adb elsewhere", true, checkEnvironment},
	{"usb", "usb", "handsets on the bus, and whether this user may open them", false, checkUSB},
	{"usb-programs", "usb programs", "other programs that hold a handset", false, checkUSBPrograms},
	{"forwards", "forwards", "ways that programs keep open into a handset through the adb server", false, checkForwards},
	{"handsets", "handsets", "the handsets adb lists, and the one preship would take", false, checkHandsets},
	{"disk", "disk", "room where cases go (--out)", true, checkDisk},
	{"folder", "folder", "whether cases can be written there, and what names and sizes its file system takes", true, checkFolder},
	{"clock", "clock", "this computer's time, against when preship was built, and its zone", true, checkClock},
	{"key", "signing key", "the key that signs reports", true, checkKey},
	{"others", "other preships", "handsets that another preship works on", false, checkOthers},
	{"terminal", "terminal", "whether questions can be asked and progress shown", false, checkTerminal},
}

// doctorRow is one entry of `preship doctor --json`.
type doctorRow struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Looks  string        `json:"looks_at"`
	Status report.Status `json:"status"`
	Found  string        `json:"found"`
	Next   []string      `json:"next"` // what to do; empty when there is nothing
}

type doctorOptions struct {
	out string
}

func newDoctorCmd(e *env, g *globals) *cobra.Command {
	var opts doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "look whether this computer is ready to work on a handset",
		Long: "doctor looks at everything a job needs, and says what to do about what is wrong. it changes nothing: it\n" +
			"starts no adb server, and takes away the small files by which it tries the folder for cases.\n\n" +
			"each row is pass, warn (works, and you should know), fail, unknown (could not be seen) or skipped.\n" +
			"with --json it is a list of {\"id\", \"name\", \"looks_at\", \"status\", \"found\", \"next\": [...]}; the ids stay.\n\n" +
			"it ends with 0 when a handset could be prepared now, with 4 when only the handset is missing, is one of\n" +
			"several, or waits for its owner, and with 3 when something on this computer is in the way.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDoctor(cmd.Context(), e, g, newExamination(e, g, opts, thisMachine()))
		},
	}
	cmd.Flags().StringVar(&opts.out, "out", ".", "the folder where cases would go")
	return cmd
}

// examination is one visit: what several rows need is asked once.
type examination struct {
	env     *env
	globals *globals
	out     string
	machine machine

	binaries []adbBinary
	server   serverSeen
	infos    []adb.DeviceInfo
	infosErr error
	bus      []usbDevice
	busErr   error
}

func newExamination(e *env, g *globals, opts doctorOptions, m machine) *examination {
	return &examination{env: e, globals: g, out: opts.out, machine: m}
}

// look gathers what rows share.
func (x *examination) look(ctx context.Context) {
	x.binaries = findADB(ctx, x.machine, x.env.Getenv)
	x.server = x.lookAtServer(ctx)
	x.infosErr = x.server.err
	if x.server.err == nil {
		x.infos, x.infosErr = x.server.client.Devices(ctx)
	}
	x.bus, x.busErr = x.machine.usb()
}

func runDoctor(ctx context.Context, e *env, g *globals, x *examination) error {
	x.look(ctx)
	rows := make([]doctorRow, 0, len(ailments))
	code := exitReady
	for _, a := range ailments {
		s := a.check(ctx, x)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		wrong := s.status == report.StatusFail || s.status == report.StatusUnknown
		switch {
		case a.needed && wrong:
			code = exitNotReady
		case a.id == "handsets" && s.status != report.StatusPass && code == exitReady:
			code = exitNoHandset
		}
		rows = append(rows, doctorRow{a.id, a.name, a.looks, s.status, s.found, append([]string{}, s.next...)})
	}
	if g.json {
		if err := e.PrintJSON(rows); err != nil {
			return err
		}
		return outcome(code)
	}
	e.printDoctor(rows)
	e.Say("%s", verdictOf[code])
	return outcome(code)
}

// verdictOf is the last line, by exit code.
var verdictOf = map[exitCode]string{
	exitReady:     "a handset can be prepared now: preship prepare --out FOLDER",
	exitNotReady:  "something on this computer is in the way: mend what says fail or unknown, from the top",
	exitNoHandset: "this computer is ready; the handset is not yet. to watch it come: preship devices --watch",
}

// statusColours are SGR parameters.
var statusColours = map[report.Status]string{
	report.StatusPass: "32", report.StatusWarn: "33", report.StatusFail: "31", report.StatusUnknown: "33", report.StatusSkipped: "2",
}

func (e *env) printDoctor(rows []doctorRow) {
	for _, r := range rows {
		status := e.Paint(statusColours[r.Status], fmt.Sprintf("%-8s", r.Status))
		name := fmt.Sprintf("%-15s", r.Name)
		fmt.Fprintln(e.Out, e.Hang(status+name, 23, console.Escape(r.Found)))
		for _, n := range r.Next {
			fmt.Fprintln(e.Out, e.Hang(strings.Repeat(" ", 23), 25, console.Escape(n)))
		}
	}
}
