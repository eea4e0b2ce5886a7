package provider

import (
	"strconv"
	"time"
)

// row holds the columns of one row of a table, nil for NULL. It lacks columns that the
// handset does not have.
type row map[string]*string

// text returns a value, "" if it is missing.
func (r row) text(column string) string {
	if v := r[column]; v != nil {
		return *v
	}
	return ""
}

// byDate returns a function that names a message by its date, which counts in units.
func byDate(unit time.Duration) func(row) string {
	return func(r row) string {
		n, err := strconv.ParseInt(r.text("date"), 10, 64)
		if err != nil {
			return "date unknown"
		}
		return moment(n * int64(unit/time.Millisecond))
	}
}

// moment returns a time as text, from milliseconds since 1970.
func moment(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 UTC") }
