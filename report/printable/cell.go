package printable

import "strings"

// Cell returns a text as a cell of a spreadsheet: printable, and with an apostrophe before
// what a spreadsheet would run as a formula or round as a number, such as an IMEI.
func Cell(s string) string {
	s = Text(s)
	if s != "" && (strings.ContainsRune("=+-@|", rune(s[0])) || len(s) > 11 && strings.Trim(s, "0123456789 ") == "") {
		return "'" + s
	}
	return s
}
