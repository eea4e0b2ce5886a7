package provider

import (
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/profile"
)

// bound is one --bind of the content command: column:type:value.
type bound struct {
	column string
	value  *string // nil: null
}

// parseBind reads a --bind. A colon in a value needs no escape.
func parseBind(s string) (bound, string) {
	column, rest, ok := strings.Cut(s, ":")
	kind, value, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || column == "" {
		return bound{}, "Binding not well formed: " + s
	}
	b := bound{column: column, value: &value}
	switch kind {
	case "s":
	case "n":
		b.value = nil
	case "i", "l":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return bound{}, "For input string: \"" + value + "\""
		}
	default:
		return bound{}, "Unsupported type: " + kind
	}
	return b, ""
}

// contentWrite is insert and delete on the tables that a profile holds.
// Nothing is printed when it worked. The provider of messages ignores
// writes of any app but the default messaging app, without an error.
func (c *call) contentWrite(q query) string {
	if authority, _, _ := strings.Cut(q.uri, "/"); authority == "sms" || authority == "mms" {
		return ""
	}
	t, err := c.table(q.uri)
	if err != "" {
		return err
	}
	keep, err := t.condition(q.where)
	if err != "" {
		return err
	}
	for _, b := range q.binds {
		if !slices.Contains(t.Columns, b.column) && len(t.Columns) > 1 {
			return noColumn(b.column)
		}
	}
	c.ChangeTables(func(tables map[string]profile.Table) { tables[q.uri] = profile.Table(t.changed(q, keep)) })
	return ""
}

// changed returns the table after one write. The old one stays as it is: profiles
// share theirs.
func (t table) changed(q query, keep func(row []*string) bool) table {
	out := table{Columns: t.Columns}
	if q.verb == "insert" {
		for _, b := range q.binds {
			if !slices.Contains(out.Columns, b.column) { // a table no profile has rows of
				out.Columns = append(slices.Clip(out.Columns), b.column)
			}
		}
		out.Rows = append(slices.Clip(t.Rows), out.bind(make([]*string, len(out.Columns)), q.binds, t.nextID()))
		return out
	}
	for _, row := range t.Rows {
		if !keep(row) {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// bind sets values in a row, and its number unless one is bound.
func (t table) bind(row []*string, binds []bound, id string) []*string {
	for _, b := range binds {
		if at := slices.Index(t.Columns, b.column); at >= 0 {
			row[at] = b.value
		}
	}
	if at := slices.Index(t.Columns, "_id"); at >= 0 && row[at] == nil {
		row[at] = &id
	}
	return row
}

func (t table) nextID() string {
	next, at := int64(1), slices.Index(t.Columns, "_id")
	for _, row := range t.Rows {
		if at < 0 || row[at] == nil {
			continue
		}
		if n, err := strconv.ParseInt(*row[at], 10, 64); err == nil && n >= next {
			next = n + 1
		}
	}
	return strconv.FormatInt(next, 10)
}
