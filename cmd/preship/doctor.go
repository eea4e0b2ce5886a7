package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"preship/adb"
	"preship/report"
)

// ailment is one question doctor asks of this computer and what hangs on it.
type ailment struct {
	name  string
	check func(context.Context, *env, *globals) (status report.Status, found, next string)
}

var ailments = []ailment{
	{"adb binary", checkADBBinary},
	{"adb server", checkADBServer},
	{"handsets", checkHandsets},
	{"signing key", checkKey},
	{"clock", checkClock},
}

type doctorRow struct {
	Name   string        `json:"name"`
	Status report.Status `json:"status"`
	Found  string        `json:"found"`
	Next   string        `json:"next"`
}

func newDoctorCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "look whether this computer is ready to work on a handset",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runDoctor(cmd.Context(), e, g) },
	}
}

func runDoctor(ctx context.Context, e *env, g *globals) error {
	rows := make([]doctorRow, 0, len(ailments))
	code := exitReady
	for _, a := range ailments {
		status, found, next := a.check(ctx, e, g)
		if status == report.StatusFail || status == report.StatusUnknown {
			code = exitNotReady
		}
		rows = append(rows, doctorRow{a.name, status, found, next})
	}
	if g.json {
		if err := e.printJSON(rows); err != nil {
			return err
		}
		return outcome(code)
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, escapef("%s\t%s\t%s", string(r.Status), r.Name, r.Found))
		if r.Next != "" {
			fmt.Fprintln(w, escapef("\t\t%s", r.Next))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return outcome(code)
}

func checkADBBinary(ctx context.Context, _ *env, _ *globals) (report.Status, string, string) {
	path, err := exec.LookPath("adb")
	if err != nil {
		return report.StatusWarn, "not installed", "install Android's platform-tools, unless another computer's adb server is used"
	}
	out, err := exec.CommandContext(ctx, path, "version").Output()
	if err != nil {
		return report.StatusFail, path, "it does not run: " + err.Error()
	}
	return report.StatusPass, oneLine(out) + ", " + path, ""
}

// checkADBServer looks without starting one: doctor changes nothing.
func checkADBServer(ctx context.Context, _ *env, g *globals) (report.Status, string, string) {
	client, err := g.client(false)
	if err != nil {
		return report.StatusFail, err.Error(), "mend ADB_SERVER_SOCKET or ANDROID_ADB_SERVER_PORT"
	}
	version, err := client.Version(ctx)
	switch {
	case errors.Is(err, adb.ErrNoServer):
		return report.StatusWarn, "none answers at " + client.Addr(), "preship starts one when it needs it and adb is installed"
	case err != nil:
		return report.StatusFail, err.Error(), "end it with: adb kill-server, and look again"
	}
	return report.StatusPass, fmt.Sprintf("version %d at %s", version, client.Addr()), ""
}

func checkHandsets(ctx context.Context, _ *env, g *globals) (report.Status, string, string) {
	client, err := g.client(false)
	if err != nil {
		return report.StatusUnknown, "could not look", ""
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return report.StatusUnknown, "could not look: no adb server", ""
	}
	if len(infos) == 0 {
		return report.StatusWarn, "none", "plug one in with USB debugging on; see: preship devices"
	}
	found, next := "", ""
	status := report.StatusPass
	for i, info := range infos {
		if i > 0 {
			found += "; "
		}
		found += info.Serial + " " + string(info.State)
		if info.State != adb.StateDevice {
			status, next = report.StatusWarn, info.Serial+": "+guide(info.State).first
		}
	}
	return status, found, next
}

func checkKey(_ context.Context, e *env, g *globals) (report.Status, string, string) {
	file, err := keyFile(e, g)
	if err != nil {
		return report.StatusFail, err.Error(), ""
	}
	key, err := ownKey(e, g)
	switch {
	case errors.Is(err, errNoKeyYet):
		return report.StatusPass, "none yet; made on first use at " + file, ""
	case err != nil:
		return report.StatusFail, err.Error(), "choose another with --key"
	}
	return report.StatusPass, ssh.FingerprintSHA256(key), ""
}

// earliest is before any preship was built: a clock that says less is wrong, and
// a report's times with it.
const earliest = 2026

func checkClock(_ context.Context, e *env, _ *globals) (report.Status, string, string) {
	now := e.now()
	if now.Year() < earliest {
		return report.StatusFail, now.Format("2006-01-02 15:04"), "set this computer's clock: the report tells when things happened"
	}
	return report.StatusPass, now.Format("2006-01-02 15:04 MST"), ""
}
