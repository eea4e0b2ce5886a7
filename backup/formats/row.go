package formats

import (
	"strconv"
	"time"
)

// Row holds the columns of one row of a table, nil for NULL. It lacks columns that the
// handset does not have.
type Row map[string]*string

// Text returns a value, "" if it is missing.
func (r Row) Text(column string) string {
	if v := r[column]; v != nil {
		return *v
	}
	return ""
}

// ByDate returns a function that names a message by its date, which counts in units.
func ByDate(unit time.Duration) func(Row) string {
	return func(r Row) string {
		n, err := strconv.ParseInt(r.Text("date"), 10, 64)
		if err != nil {
			return "date unknown"
		}
		return Moment(n * int64(unit/time.Millisecond))
	}
}

// Moment returns a time as text, from milliseconds since 1970.
func Moment(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 UTC") }
