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
		err = fmt.Errorf("%s: %w", client.Addr(), adb.ErrNoDevice)
	}
	return err
}
