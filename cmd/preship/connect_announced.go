package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"preship/adb"
	"preship/cmd/preship/internal/console"
)

// announcedRow is one entry of `preship connect --json` without an address.
type announcedRow struct {
	Name    string `json:"name"`
	Service string `json:"service"`
	Addr    string `json:"addr"`
	Next    string `json:"next"` // the command that goes on from it; "" for what is none of ours
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
		return usagef("name the handset's address: %v", err)
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
		return fmt.Errorf("no handset announces itself: %w", adb.ErrUnreachable)
	}
	return nil
}

func (e *env) printAnnounced(g *globals, rows []announcedRow) error {
	if g.json {
		return e.PrintJSON(rows)
	}
	w := tabwriter.NewWriter(e.Out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, console.Sprintf("%s\t%s\t%s", r.Name, r.Addr, r.Next))
	}
	return w.Flush()
}
