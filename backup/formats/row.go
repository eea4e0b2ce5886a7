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

// number returns a column as a number, 0 for any other text.
func (r Row) number(column string) int64 {
	n, _ := strconv.ParseInt(r.Text(column), 10, 64)
	return n
}

// date returns the date of a row, which counts in units since 1970; ok is false if it is no
// number or no date of this era.
func (r Row) date(unit time.Duration) (at time.Time, ok bool) {
	n, err := strconv.ParseInt(r.Text("date"), 10, 64)
	const last = 253402300799 // the end of the year 9999, in seconds
	if err != nil || n < 0 || n > last*int64(time.Second/unit) {
		return time.Time{}, false
	}
	return time.UnixMilli(n * int64(unit/time.Millisecond)), true
}

// Moment returns a time as text, from milliseconds since 1970.
func Moment(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05 UTC") }
