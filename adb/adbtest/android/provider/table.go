package provider

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/profile"
)

// table is the rows of a content provider. A missing value is a nil pointer.
type table profile.Table

// cell returns the value in a column, "" if it is missing.
func (t table) cell(row []*string, column string) string {
	if at := slices.Index(t.Columns, column); at >= 0 && row[at] != nil {
		return *row[at]
	}
	return ""
}

// unrestricted leaves out what a caller that is not the default messaging app
// does not see: of messages, all but buffer and sent.
func (t table) unrestricted(uri string) table {
	at := slices.Index(t.Columns, "type")
	if uri != "sms" || at < 0 {
		return t
	}
	out := table{Columns: t.Columns}
	for _, row := range t.Rows {
		if row[at] != nil && (*row[at] == "1" || *row[at] == "2") {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// selected applies --where and --projection. What SQLite would not
// understand throws as SQLite does.
func (t table) selected(q query) (table, string) {
	keep, err := t.condition(q.where)
	if err != "" {
		return table{}, err
	}
	out := table{Columns: t.Columns, Rows: slices.DeleteFunc(slices.Clone(t.Rows), func(row []*string) bool { return !keep(row) })}
	if q.projection == nil {
		return out, ""
	}
	return out.projected(q.projection)
}

func (t table) projected(columns []string) (table, string) {
	at := make([]int, len(columns))
	for i, c := range columns {
		if at[i] = slices.Index(t.Columns, c); at[i] < 0 {
			return table{}, noColumn(c)
		}
	}
	out := table{Columns: columns}
	for _, row := range t.Rows {
		cells := make([]*string, len(at))
		for i, n := range at {
			cells[i] = row[n]
		}
		out.Rows = append(out.Rows, cells)
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
		if row[at] == nil {
			return false
		}
		c := compare(*row[at], want)
		switch m[4] {
		case "<":
			return c < 0
		case ">":
			return c > 0
		case "<=":
			return c <= 0
		case ">=":
			return c >= 0
		case "!=", "<>":
			return c != 0
		}
		return c == 0
	}
}
