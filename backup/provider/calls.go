package provider

import (
	"context"
	"io"
	"time"

	"preship/backup/formats"
)

var callsTable = table{
	file: "calls", uri: "content://call_log/calls", what: group{"calls", "backup.rows.calls"}, name: formats.ByDate(time.Millisecond),
	numbers: []string{"date", "duration", "type", "presentation", "new", "features"},
	texts:   []string{"number", "name", "countryiso", "geocoded_location", "subscription_id"},
}

// calls saves the call log.
func (k *Keeper) calls(ctx context.Context, out *outcome) error {
	rows, err := k.rows(ctx, &callsTable, out)
	if err != nil {
		return err
	}
	k.count("calls", len(rows))
	table, err := formats.CallsCSV(rows, k.zone)
	if err != nil {
		return err
	}
	if err := k.writeMadeBy(out, "calls.json", func(w io.Writer) error { return formats.CallsJSON(w, rows) }); err != nil {
		return err
	}
	if err := k.writeMadeBy(out, "calls.xml", func(w io.Writer) error { return formats.CallsBackup(w, rows, k.zone) }); err != nil {
		return err
	}
	return k.writeMade(out, "calls.csv", table)
}
