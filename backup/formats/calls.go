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

// byteOrderMark makes a spreadsheet read a table as UTF-8.
const byteOrderMark = "\ufeff"

// CallsCSV returns the call log as a table for a spreadsheet. Its times are those of a zone.
func CallsCSV(rows []Row, zone *time.Location) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	lines := [][]string{{"when", "UTC offset", "kind", "number", "name", "seconds", "place", "SIM"}}
	for _, r := range rows {
		kind, ok := callTypes[r.Text("type")]
		if !ok {
			kind = r.Text("type")
		}
		when, offset := r.Text("date"), ""
		if at, ok := r.date(time.Millisecond); ok {
			when, offset = at.In(zone).Format(time.DateTime), at.In(zone).Format("-07:00")
		}
		line := []string{when, offset}
		for _, text := range []string{kind, r.Text("number"), r.Text("name"), r.Text("duration"), r.Text("geocoded_location"), r.Text("subscription_id")} {
			line = append(line, cell(text))
		}
		line[0] = cell(line[0])
		lines = append(lines, line)
	}
	err := w.WriteAll(lines)
	return b.Bytes(), err
}

// cell returns a text that no spreadsheet takes for a formula. A telephone number may begin
// with a plus.
func cell(s string) string {
	if s == "" || strings.Trim(strings.TrimPrefix(s, "+"), "0123456789 -:") == "" && s[0] != '-' {
		return s
	}
	if strings.ContainsRune("=+-@\t\r\n|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
