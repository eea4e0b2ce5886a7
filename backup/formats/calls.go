package formats

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

// CallsCSV returns the call log as a table for a spreadsheet.
func CallsCSV(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"when", "kind", "number", "name", "seconds", "place"}}
	for _, r := range rows {
		kind, ok := callTypes[r.Text("type")]
		if !ok {
			kind = r.Text("type")
		}
		lines = append(lines, []string{ByDate(time.Millisecond)(r), cell(kind), cell(r.Text("number")), cell(r.Text("name")), cell(r.Text("duration")), cell(r.Text("geocoded_location"))})
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
