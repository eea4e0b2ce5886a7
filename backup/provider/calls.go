package provider

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"time"
)

var callsTable = table{
	file: "calls", uri: "content://call_log/calls", what: group{"calls", "backup.rows.calls"}, name: byDate(time.Millisecond),
	numbers: []string{"date", "duration", "type", "presentation", "new", "features"},
	texts:   []string{"number", "name", "countryiso", "geocoded_location", "subscription_id"},
}

// callTypes has the numbers of Android's CallLog.Calls.
var callTypes = map[string]string{
	"1": "incoming", "2": "outgoing", "3": "missed", "4": "voicemail", "5": "rejected", "6": "blocked", "7": "answered elsewhere",
}

// calls saves the call log.
func (k *Keeper) calls(ctx context.Context, out *outcome) error {
	rows, err := k.rows(ctx, &callsTable, out)
	if err != nil {
		return err
	}
	k.count("calls", len(rows))
	table, err := callsCSV(rows)
	if err != nil {
		return err
	}
	return k.writeMade(out, "calls.csv", table)
}

func callsCSV(rows []row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"when", "kind", "number", "name", "seconds", "place"}}
	for _, r := range rows {
		kind, ok := callTypes[r.text("type")]
		if !ok {
			kind = r.text("type")
		}
		lines = append(lines, []string{callsTable.named(r), cell(kind), cell(r.text("number")), cell(r.text("name")), cell(r.text("duration")), cell(r.text("geocoded_location"))})
	}
	err := w.WriteAll(lines)
	return b.Bytes(), err
}

// cell returns a text that no spreadsheet takes for a formula. A telephone number may begin
// with a plus.
func cell(s string) string {
	if s == "" || strings.Trim(strings.TrimPrefix(s, "+"), "0123456789 ") == "" {
		return s
	}
	if strings.ContainsRune("=+-@\t\r\n|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
