package provider

import (
	"bytes"
	"encoding/csv"
	"strings"
	"time"
)

// callTypes has the numbers of Android's CallLog.Calls.
var callTypes = map[string]string{
	"1": "incoming", "2": "outgoing", "3": "missed", "4": "voicemail", "5": "rejected", "6": "blocked", "7": "answered elsewhere",
}

// callsCSV returns the call log as a table for a spreadsheet.
func callsCSV(rows []row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"when", "kind", "number", "name", "seconds", "place"}}
	for _, r := range rows {
		kind, ok := callTypes[r.text("type")]
		if !ok {
			kind = r.text("type")
		}
		lines = append(lines, []string{byDate(time.Millisecond)(r), cell(kind), cell(r.text("number")), cell(r.text("name")), cell(r.text("duration")), cell(r.text("geocoded_location"))})
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
