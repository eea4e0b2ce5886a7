package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/advice"
	"preship/cmd/preship/internal/console"
)

type devicesOptions struct {
	watch bool
}

// deviceRow is one entry of `preship devices --json`.
type deviceRow struct {
	Serial  string   `json:"serial"`
	State   string   `json:"state"`
	Detail  string   `json:"detail,omitempty"` // what adb adds to the state
	Model   string   `json:"model,omitempty"`
	Product string   `json:"product,omitempty"`
	USB     string   `json:"usb,omitempty"`
	Next    string   `json:"next"`           // what to do about the state; "" when it is ready
	Then    []string `json:"then,omitempty"` // what else, when that did not help
}

func newDevicesCmd(e *env, g *globals) *cobra.Command {
	var opts devicesOptions
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "list the handsets adb sees, and what each one waits for",
		Long: "devices lists the handsets adb sees, in whatever state, and what to do about each.\n\n" +
			"with --watch it stays and shows every change: in place on a terminal, else a line for each.\n" +
			"with --json as well, each change is one line, an object:\n" +
			"  {\"at\", \"event\", \"serial\", \"state\", \"was\", \"model\", \"product\", \"usb\", \"detail\", \"next\", \"then\"}\n" +
			"event is appeared, changed or gone of a handset, and server-lost or server-back of the adb server, which\n" +
			"it waits for. ctrl-c ends it, with 0: watching has no other end.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDevices(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().BoolVar(&opts.watch, "watch", false, "stay and show every change, until ctrl-c")
	return cmd
}

func runDevices(ctx context.Context, e *env, g *globals, opts devicesOptions) error {
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	if opts.watch {
		return runDevicesWatch(ctx, e, g, client)
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return err
	}
	if g.json {
		err = e.PrintJSON(deviceRows(infos))
	} else {
		err = printDevices(e, infos)
	}
	if err == nil && len(infos) == 0 {
		err = fmt.Errorf("%s: %w", client.Addr(), adb.ErrNoDevice)
	}
	return err
}

func deviceRows(infos []adb.DeviceInfo) []deviceRow {
	rows := make([]deviceRow, 0, len(infos))
	for _, i := range infos {
		rows = append(rows, rowOf(i))
	}
	return rows
}

func rowOf(i adb.DeviceInfo) deviceRow {
	next := advice.For(i.State)
	return deviceRow{i.Serial, string(i.State), i.Detail, i.Model, i.Product, i.USB, next.First, next.Then}
}

// printDevices writes the table to standard output, and beside it what else
// helps with the states that are in it.
func printDevices(e *env, infos []adb.DeviceInfo) error {
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	ready := 0
	for _, r := range deviceRows(infos) {
		if r.Next == "" {
			ready++
		}
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s\t%s", r.Serial, r.State, r.Model, r.Next))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, state := range statesOf(infos) {
		for _, line := range advice.For(state).Then {
			e.Say("  %s: %s", string(state), line)
		}
	}
	if ready > 1 {
		e.Say("  several are ready: name one with --serial")
	}
	return nil
}

// statesOf is every state of the list, once, in its order.
func statesOf(infos []adb.DeviceInfo) []adb.State {
	var states []adb.State
	seen := map[adb.State]bool{}
	for _, i := range infos {
		if !seen[i.State] {
			seen[i.State] = true
			states = append(states, i.State)
		}
	}
	return states
}
