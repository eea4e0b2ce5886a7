package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"preship/adb"
	"preship/cmd/preship/internal/devices"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
)

type connectOptions struct {
	pair string
	code string
}

// connection is `preship connect --json`.
type connection struct {
	Paired  string       `json:"paired,omitempty"` // the address that was paired with
	GUID    string       `json:"guid,omitempty"`   // the handset's name for the pairing, if adb prints it
	Handset *devices.Row `json:"handset,omitempty"`
}

func newConnectCmd(e *env, g *globals) *cobra.Command {
	var opts connectOptions
	cmd := &cobra.Command{
		Use:   "connect [HOST[:PORT]]",
		Short: "Connect to a handset over the network, and pair with it first",
		Long: "Connects over the network instead of a cable, on the same network. A cable is faster: prefer one for a backup.\n\n" +
			"On Android 11 and later open developer options, \"Wireless debugging\", \"Pair device with pairing code\". Pair once\n" +
			"with the address and the code shown there. Then connect to the address on the page \"Wireless debugging\", which\n" +
			"has another port. After \"adb tcpip 5555\" over a cable the address needs no port and no pairing.\n\n" +
			"Without an address it lists the handsets that announce themselves. The exit code is 4 if the handset was not\n" +
			"reached or waits for its owner.",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			addr := ""
			if len(args) == 1 {
				addr = args[0]
			}
			return runConnect(cmd.Context(), e, g, addr, opts)
		},
	}
	cmd.Flags().StringVar(&opts.pair, "pair", "", "pair first, at the HOST:PORT that the handset shows with its code")
	cmd.Flags().StringVar(&opts.code, "code", "", "the six digits that the handset shows (default: asked for)")
	for _, flag := range []string{"pair", "code"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions) // it fails only for a flag that is not there
	}
	return cmd
}

func newDisconnectCmd(e *env, g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "disconnect HOST[:PORT]",
		Short: "Disconnect a handset on the network",
		Args:  cobra.ExactArgs(1),
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return onNetwork(serials(cmd.Context(), g))
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runDisconnect(cmd.Context(), e, g, args[0]) },
	}
}

// onNetwork leaves the serials that are addresses. A completion has its
// description behind a tab.
func onNetwork(found []string, d cobra.ShellCompDirective) ([]string, cobra.ShellCompDirective) {
	return slices.DeleteFunc(found, func(c string) bool {
		serial, _, _ := strings.Cut(c, "\t")
		addr, err := adb.DeviceAddr(serial)
		return err != nil || addr != serial
	}), d
}

func runConnect(ctx context.Context, e *env, g *globals, addr string, opts connectOptions) error {
	if opts.code != "" && opts.pair == "" {
		return job.Usage(message.Say("usage.connect.code"))
	}
	for flag, given := range map[string]string{"--pair": opts.pair, "": addr} {
		if _, err := adb.DeviceAddr(given); given != "" && err != nil {
			return wrongFlag(flag, err)
		}
	}
	client, err := g.server(ctx, e)
	if err != nil {
		return err
	}
	if addr == "" && opts.pair == "" {
		return runAnnounced(ctx, e, g, client)
	}
	var done connection
	if opts.pair != "" {
		if done.GUID, err = pairWith(ctx, e, g, client, opts); err != nil {
			return err
		}
		done.Paired, _ = adb.DeviceAddr(opts.pair) // looked at above
	}
	code := exitReady
	if addr != "" {
		row, err := connectTo(ctx, client, addr)
		if err != nil {
			return err
		}
		done.Handset = &row
		if row.Next != "" {
			code = exitNoHandset
		}
	}
	if err := e.printConnection(g, done); err != nil {
		return err
	}
	return outcome(code)
}

// pairWith pairs by the code given, or asked for. The code goes nowhere but to
// the adb server.
func pairWith(ctx context.Context, e *env, g *globals, client *adb.Client, opts connectOptions) (guid string, err error) {
	code := opts.code
	if code == "" {
		if code, err = e.ask(ctx, g, "--code", e.Words(message.Say("connect.code"))); err != nil {
			return "", err
		}
	}
	return client.Pair(ctx, opts.pair, code)
}

// connectTo connects, and looks how the handset is now listed: a server says
// "connected" of one that still waits for its owner too.
func connectTo(ctx context.Context, client *adb.Client, addr string) (devices.Row, error) {
	serial, err := adb.DeviceAddr(addr)
	if err != nil {
		return devices.Row{}, err
	}
	if err := client.Connect(ctx, addr); err != nil && !errors.Is(err, adb.ErrUnauthorized) {
		return devices.Row{}, err
	}
	infos, err := client.Devices(ctx)
	if err != nil {
		return devices.Row{}, err
	}
	for _, i := range infos {
		if i.Serial == serial {
			return devices.RowOf(i), nil
		}
	}
	return devices.Row{}, message.Error(message.Join(message.Colon, message.AsIs(serial), message.Say("connect.error.gone-again")), adb.ErrUnreachable)
}

func (e *env) printConnection(g *globals, done connection) error {
	if g.json {
		return e.PrintJSON(done)
	}
	if done.Paired != "" {
		e.Print(message.Say("connect.paired", "address", done.Paired))
	}
	switch h := done.Handset; {
	case h == nil:
		e.Sayf("  %s", message.Say("connect.next"))
		e.Sayf("  preship connect HOST:PORT")
	case h.Next == "":
		e.Printf("%s", h.Serial)
		e.Sayf("  %s", message.Say("connect.connected", "serial", h.Serial))
	default:
		e.Printf("%s", h.Serial)
		e.Sayf("  %s", message.Say("connect.state", "state", h.State, "next", h.Next))
		for _, line := range h.Then {
			e.Sayf("  %s", line)
		}
	}
	return nil
}

func runDisconnect(ctx context.Context, e *env, g *globals, addr string) error {
	serial, err := adb.DeviceAddr(addr)
	if err != nil {
		return wrongFlag("", err)
	}
	client, err := g.client(false) // a server that must be started has nothing to let go of
	if err != nil {
		return err
	}
	switch err := client.Disconnect(ctx, addr); {
	case errors.Is(err, adb.ErrNoDevice):
		e.Warn(message.Say("connect.not-connected", "serial", serial))
		e.Sayf("  %s", message.Say("connect.list"))
		return outcome(exitNoHandset)
	case err != nil:
		return err
	}
	if g.json {
		return e.PrintJSON(map[string]string{"disconnected": serial})
	}
	e.Print(message.Say("connect.disconnected", "serial", serial))
	return nil
}

// announcedRow is one entry of `preship connect --json` without an address.
type announcedRow struct {
	Name    string `json:"name"`
	Service string `json:"service"`
	Addr    string `json:"addr"`
	Next    string `json:"next"` // the command to run next; "" for any other error
}

// announcements says what to do about what a handset announces.
var announcements = map[string]string{
	adb.ServicePairing: "preship connect --pair %s",
	adb.ServiceConnect: "preship connect %s",
	adb.ServiceADB:     "preship connect %s",
}

// runAnnounced lists the handsets that the adb server hears on the network.
func runAnnounced(ctx context.Context, e *env, g *globals, client *adb.Client) error {
	list, err := client.Announced(ctx)
	if errors.Is(err, adb.ErrNoAnnouncements) {
		return job.Usage(message.Say("usage.connect.address", "error", message.Of(err)))
	}
	if err != nil {
		return err
	}
	rows := make([]announcedRow, 0, len(list))
	for _, a := range list {
		row := announcedRow{a.Name, a.Service, a.Addr, ""}
		if format, ok := announcements[a.Service]; ok {
			row.Next = fmt.Sprintf(format, a.Addr)
		}
		rows = append(rows, row)
	}
	if err := e.printAnnounced(g, rows); err != nil {
		return err
	}
	if len(rows) == 0 {
		return message.Error(message.Say("connect.error.no-announcement"), adb.ErrUnreachable)
	}
	return nil
}

func (e *env) printAnnounced(g *globals, rows []announcedRow) error {
	if g.json {
		return e.PrintJSON(rows)
	}
	var cells [][]any
	for _, r := range rows {
		cells = append(cells, []any{r.Name, r.Addr, r.Next})
	}
	e.Table(cells)
	return nil
}
