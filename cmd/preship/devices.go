package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"preship/adb"
)

type devicesOptions struct {
	watch bool
}

// deviceRow is one entry of `preship devices --json`.
type deviceRow struct {
	Serial  string `json:"serial"`
	State   string `json:"state"`
	Model   string `json:"model,omitempty"`
	Product string `json:"product,omitempty"`
	USB     string `json:"usb,omitempty"`
	Next    string `json:"next"` // what to do about the state; "" when it is ready
}

func newDevicesCmd(e *env, g *globals) *cobra.Command {
	var opts devicesOptions
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "list the handsets adb sees, and what each one waits for",
		RunE:  func(cmd *cobra.Command, _ []string) error { return runDevices(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().BoolVar(&opts.watch, "watch", false, "stay and list again whenever something changes")
	return cmd
}

func runDevices(ctx context.Context, e *env, g *globals, opts devicesOptions) error {
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	if opts.watch {
		return client.Track(ctx, func(infos []adb.DeviceInfo) error { return printDevices(e, g, infos) })
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return err
	}
	if err := printDevices(e, g, infos); err != nil {
		return err
	}
	if len(infos) == 0 {
		return fmt.Errorf("%s: %w", client.Addr(), adb.ErrNoDevice)
	}
	return nil
}

func printDevices(e *env, g *globals, infos []adb.DeviceInfo) error {
	rows := make([]deviceRow, 0, len(infos))
	for _, i := range infos {
		rows = append(rows, deviceRow{i.Serial, string(i.State), i.Model, i.Product, i.USB, nextFor(i.State)})
	}
	if g.json {
		return e.printJSON(rows)
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, escapef("%s\t%s\t%s\t%s", r.Serial, r.State, r.Model, r.Next))
	}
	return w.Flush()
}

// nextFor says what a person does about a state adb reports; "" when nothing.
func nextFor(s adb.State) string {
	if next, ok := nextForState[s]; ok || s == adb.StateDevice {
		return next
	}
	return "unlock it and bring it to its home screen"
}

var nextForState = map[adb.State]string{
	adb.StateUnauthorized:  "unlock it and accept \"allow USB debugging\"",
	adb.StateAuthorizing:   "wait a moment, then look at its screen for a question",
	adb.StateConnecting:    "wait a moment",
	adb.StateOffline:       "unplug the cable, wait, plug it in again",
	adb.StateNoPermissions: "this computer may not open it: install the udev rules and plug it in again",
	adb.StateRecovery:      "it is in recovery: choose reboot, or go on with a job that waits for it",
	adb.StateSideload:      "it is connected with MIAssistant: go on with a job that waits for it",
	adb.StateBootloader:    "it is in fastboot: hold the power button until it restarts",
	adb.StateRescue:        "it is in rescue mode: restart it",
}
