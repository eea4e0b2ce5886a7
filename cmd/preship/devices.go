package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/devices"
)

type devicesOptions struct {
	watch bool
}

func newDevicesCmd(e *env, g *globals) *cobra.Command {
	var opts devicesOptions
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "List the connected handsets, and what each one waits for",
		Long: "Lists the handsets that adb sees, with their states and what to do about each.\n\n" +
			"With --watch it shows every change: in place on a terminal, else one line each. With --json as well, each change\n" +
			"is one line, an object:\n" +
			"  {\"at\", \"event\", \"serial\", \"state\", \"was\", \"model\", \"product\", \"usb\", \"detail\", \"next\", \"then\"}\n" +
			"event is appeared, changed or gone for a handset, and server-lost or server-back for the adb server. Ctrl-C ends\n" +
			"it with exit code 0.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDevices(cmd.Context(), e, g, opts) },
	}
	cmd.Flags().BoolVar(&opts.watch, "watch", false, "show every change, until Ctrl-C")
	return cmd
}

func runDevices(ctx context.Context, e *env, g *globals, opts devicesOptions) error {
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	if opts.watch {
		return devices.Watch(ctx, e.Console, client, g.json)
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return err
	}
	if g.json {
		err = e.PrintJSON(devices.Rows(infos))
	} else {
		err = devices.Print(e.Console, infos)
	}
	if err == nil && len(infos) == 0 {
		err = fmt.Errorf("%s: %w", client.Addr(), adb.ErrNoDevices)
	}
	return err
}
