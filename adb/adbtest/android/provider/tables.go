package provider

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/profile"
)

const findDeviceProvider = "com.xiaomi.finddevice.provider"

// providers are the authorities every handset has, with rows or without.
var providers = []string{"call_log", "com.android.calendar", "com.android.contacts", "mms", "mms-sms", "settings", "sms", "user_dictionary"}

// table returns the rows behind a URI, or the exception that the provider throws.
func (c *call) table(uri string) (t table, err string) {
	authority, folder, _ := strings.Cut(uri, "/")
	switch authority {
	case findDeviceProvider:
		return c.findDeviceTable(folder)
	case "user_dictionary": // filled for keyboards alone
		return table{Columns: []string{"_id", "word", "frequency", "locale", "appid", "shortcut"}}, ""
	}
	tables := c.Tables()
	// Of messages, a caller that is not the default app for them sees received and sent ones.
	messages := table(tables["sms"]).only("type", "1", "2")
	message, addresses := strings.CutSuffix(uri, "/addr")
	switch t, ok := tables[uri]; {
	case addresses && authority == "mms":
		return table(tables["mms/addr"]).only("msg_id", path.Base(message)), ""
	case authority == "sms" && messageBoxes[folder] != "":
		return messages.only("type", messageBoxes[folder]), ""
	case ok && uri == "sms":
		return messages, ""
	case ok:
		return table(t), ""
	}
	known := func(other string) bool { return other == authority || strings.HasPrefix(other, authority+"/") }
	if slices.Contains(providers, authority) || slices.ContainsFunc(slices.Collect(maps.Keys(tables)), known) {
		if folder == "" || slices.Contains(emptyTables, uri) {
			return table{Columns: []string{"_id"}}, ""
		}
		return table{}, "java.lang.IllegalArgumentException: Unknown URI content://" + uri
	}
	return table{}, "java.lang.IllegalStateException: Could not find provider: " + authority
}

// messageBoxes are the folders of the provider of messages, by the type of their rows.
var messageBoxes = map[string]string{"inbox": "1", "sent": "2", "draft": "3", "outbox": "4", "failed": "5", "queued": "6"}

// emptyTables are the tables every handset has, when a profile gives no rows.
var emptyTables = []string{
	"call_log/calls", "com.android.calendar/attendees", "com.android.calendar/calendars", "com.android.calendar/events",
	"com.android.calendar/reminders", "com.android.contacts/contacts", "com.android.contacts/data", "com.android.contacts/groups",
	"com.android.contacts/raw_contacts", "mms/part",
}

func (c *call) findDeviceTable(path string) (table, string) {
	status := c.FindDevice()
	if status == "absent" {
		return table{}, "java.lang.IllegalStateException: Could not find provider: " + findDeviceProvider
	}
	values := map[string]string{"isOpen": "0", "isLastStatusOpen": "0", "isLocked": "0", "isLastStatusLocked": "0", "lastSessionUserId": ""}
	if status == "on" {
		values["isOpen"], values["isLastStatusOpen"] = "1", "1"
	}
	value, ok := values[path]
	if !ok {
		return table{}, "java.lang.IllegalArgumentException: Unknown URI content://" + findDeviceProvider + "/" + path
	}
	return table{Columns: []string{path}, Rows: [][]*string{{&value}}}, ""
}

// table is the rows of a content provider. A missing value is a nil pointer.
type table profile.Table

// cell returns the value in a column, "" if it is missing.
func (t table) cell(row []*string, column string) string {
	if at := slices.Index(t.Columns, column); at >= 0 && row[at] != nil {
		return *row[at]
	}
	return ""
}

// only returns the rows that have one of the values in a column.
func (t table) only(column string, values ...string) table {
	return table{t.Columns, slices.DeleteFunc(slices.Clone(t.Rows), func(row []*string) bool { return !slices.Contains(values, t.cell(row, column)) })}
}

// where returns the rows that a condition keeps. What SQLite would not understand
// throws as SQLite does.
func (t table) where(condition string) (table, string) {
	keep, err := t.condition(condition)
	if err != "" {
		return table{}, err
	}
	return table{t.Columns, slices.DeleteFunc(slices.Clone(t.Rows), func(row []*string) bool { return !keep(row) })}, ""
}

// projected returns the columns of a --projection.
func (t table) projected(columns []string) (table, string) {
	out := table{columns, make([][]*string, len(t.Rows))}
	for _, name := range columns {
		at := slices.Index(t.Columns, name)
		if at < 0 {
			return table{}, noColumn(name)
		}
		for n, row := range t.Rows {
			out.Rows[n] = append(out.Rows[n], row[at])
		}
	}
	return out, ""
}

func noColumn(name string) string {
	return fmt.Sprintf("android.database.sqlite.SQLiteException: no such column: %s (code 1 SQLITE_ERROR): , while compiling: SELECT %s", name, name)
}

// compare orders two values as SQLite does: as numbers if both are.
func compare(a, b string) int {
	x, err1 := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err1 == nil && err2 == nil {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}

var term = regexp.MustCompile(`(?i)^\s*(\w+)\s*(?:(is\s+null)|(is\s+not\s+null)|(<=|>=|!=|<>|==|=|<|>)\s*(-?\d+|'(?:[^']|'')*'))\s*$`)

// condition reads terms joined by AND: a column is or is not null, or compares
// with a number or a string. An empty condition keeps every row.
func (t table) condition(where string) (func(row []*string) bool, string) {
	var terms []func([]*string) bool
	for _, part := range splitAnd(where) {
		m := term.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Sprintf("android.database.sqlite.SQLiteException: near \"%s\": syntax error (code 1 SQLITE_ERROR)", strings.TrimSpace(part))
		}
		at := slices.Index(t.Columns, m[1])
		if at < 0 {
			return nil, noColumn(m[1])
		}
		terms = append(terms, comparison(at, m))
	}
	return func(row []*string) bool {
		return !slices.ContainsFunc(terms, func(ok func([]*string) bool) bool { return !ok(row) })
	}, ""
}

func splitAnd(where string) []string {
	if strings.TrimSpace(where) == "" {
		return nil
	}
	return regexp.MustCompile(`(?i)\s+and\s+`).Split(where, -1)
}

func comparison(at int, m []string) func(row []*string) bool {
	switch {
	case m[2] != "":
		return func(row []*string) bool { return row[at] == nil }
	case m[3] != "":
		return func(row []*string) bool { return row[at] != nil }
	}
	want := m[5]
	if strings.HasPrefix(want, "'") {
		want = strings.ReplaceAll(want[1:len(want)-1], "''", "'")
	}
	return func(row []*string) bool {
		return row[at] != nil && slices.Contains(holds[m[4]], compare(*row[at], want))
	}
}

// holds are the orders of two values for which a comparison holds.
var holds = map[string][]int{"<": {-1}, "<=": {-1, 0}, "=": {0}, "==": {0}, "!=": {-1, 1}, "<>": {-1, 1}, ">=": {0, 1}, ">": {1}}
