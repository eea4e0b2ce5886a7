package query

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/pattern"
)

// ErrRows means that the printed rows cannot be separated, or do not match the count.
var ErrRows = message.Error(message.Say("error.rows"), nil)

// badRows returns an error that is [ErrRows], with the fault.
func badRows(what message.Sentence) error {
	return message.Kind(message.Join(message.Colon, message.Say("error.rows"), what.Map(manifest.Display)), ErrRows)
}

// Changing is the error for a table that changed while it was read. It is [ErrRows].
func Changing(uri string) error { return badRows(message.Say("backup.rows.changing", "uri", uri)) }

var (
	idLine  = pattern.New(`(?m)^Row: \d+ _id=(\d+)\s*$`)
	integer = pattern.New(`^-?\d{1,19}$`)
)

// Null is printed for a missing value, and also for the text NULL.
const Null = "NULL"

// ParseIDs reads the answer to a query for _id alone, which is unambiguous because a
// number has no newline. Other answers are compared with this count.
func ParseIDs(a handset.Answer) ([]string, error) {
	n, err := handset.ParseContentCount(a)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, n)
	seen := make(map[string]bool, n)
	for _, m := range idLine().FindAllSubmatch(a.Stdout, -1) {
		id := string(m[1])
		if seen[id] {
			return nil, badRows(message.Say("backup.rows.twice", "id", id))
		}
		seen[id] = true
		ids = append(ids, id)
	}
	if len(ids) != n {
		return nil, badRows(message.Say("backup.rows.without-id", "found", strconv.Itoa(len(ids)), "total", strconv.Itoa(n)))
	}
	return ids, nil
}

// ParseNumbers reads the answer to a query for _id and columns of numbers, one line a
// row. The error is [ErrRows] for any other value; the caller then reads the column as
// text. A NULL is nil.
func ParseNumbers(out []byte, columns, ids []string) (map[string]map[string]*string, error) {
	values := make(map[string]map[string]*string, len(ids))
	known := set(ids)
	n := 0
	for line := range bytes.Lines(out) {
		text := strings.TrimRight(string(line), "\r\n")
		rest, ok := strings.CutPrefix(text, "Row: "+strconv.Itoa(n)+" _id=")
		fields := strings.Split(rest, ", ")
		if !ok || len(fields) != len(columns)+1 || !known[fields[0]] || values[fields[0]] != nil {
			return nil, badRows(message.Say("backup.rows.invalid", "row", strconv.Itoa(n), "text", fmt.Sprintf("%.60q", text)))
		}
		row := make(map[string]*string, len(columns))
		for k, column := range columns {
			value, ok := strings.CutPrefix(fields[k+1], column+"=")
			switch {
			case ok && value == Null:
				row[column] = nil
			case ok && integer().MatchString(value):
				row[column] = &value
			default:
				return nil, badRows(message.Say("backup.rows.no-number", "column", column, "row", strconv.Itoa(n)))
			}
		}
		values[fields[0]] = row
		n++
	}
	if n != len(ids) {
		return nil, badRows(message.Say("backup.rows.other-number", "found", strconv.Itoa(n), "total", strconv.Itoa(len(ids))))
	}
	return values, nil
}

// boundary is a position in an answer where a row may begin.
type boundary struct {
	start, value int // offsets of "Row:" and of the value
	id           string
}

// ParseText reads the answer to a query for _id and one column of text. A value may
// hold newlines and text that looks like a row. A row begins at its index with a known
// _id. If that is so at two positions, the rows concerned are doubtful: they get no
// value, and the caller asks for each by itself.
func ParseText(out []byte, column string, ids []string) (values map[string]string, doubtful []string, err error) {
	if len(ids) == 0 || !bytes.HasSuffix(out, []byte("\n")) {
		return nil, nil, badRows(message.Say("backup.rows.no-end"))
	}
	found := boundaries(out, column, ids)
	values = make(map[string]string, len(ids))
	last := -1
	for n, places := range found {
		if len(places) == 0 {
			return nil, nil, badRows(message.Say("backup.rows.lacking", "row", strconv.Itoa(n)))
		}
		if len(places) > 1 {
			continue
		}
		b, end := places[0], len(out)-1
		if b.start <= last {
			return nil, nil, badRows(message.Say("backup.rows.order", "row", strconv.Itoa(n)))
		}
		last = b.start
		if n+1 < len(found) {
			if len(found[n+1]) != 1 {
				continue
			}
			end = found[n+1][0].start - 1
		}
		if _, twice := values[b.id]; twice || end < b.value {
			return nil, nil, badRows(message.Say("backup.rows.order", "row", strconv.Itoa(n)))
		}
		values[b.id] = string(out[b.value:end])
	}
	for _, id := range ids {
		if _, ok := values[id]; !ok {
			doubtful = append(doubtful, id)
		}
	}
	return values, doubtful, nil
}

// boundaries finds, for each index, the positions where its row may begin.
func boundaries(out []byte, column string, ids []string) [][]boundary {
	row := regexp.MustCompile(`(?m)^Row: (\d{1,9}) _id=(\d{1,19}), ` + regexp.QuoteMeta(column) + `=`)
	known := set(ids)
	found := make([][]boundary, len(ids))
	for _, at := range row.FindAllSubmatchIndex(out, -1) {
		index := string(out[at[2]:at[3]])
		id := string(out[at[4]:at[5]])
		n, err := strconv.Atoi(index)
		if err != nil || n >= len(found) || strconv.Itoa(n) != index || !known[id] {
			continue
		}
		found[n] = append(found[n], boundary{at[0], at[1], id})
	}
	return found
}

// ParseOnly reads the answer to a query for one row: the rest of it is the value.
func ParseOnly(out []byte, column, id string) (string, error) {
	value, ok := strings.CutPrefix(string(out), "Row: 0 _id="+id+", "+column+"=")
	if !ok || !strings.HasSuffix(value, "\n") {
		return "", badRows(message.Say("backup.rows.of-id", "id", id))
	}
	return strings.TrimSuffix(value, "\n"), nil
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}

// IsInteger reports whether s is a number without a fraction.
func IsInteger(s string) bool { return integer().MatchString(s) }

// ContactsURI is the table of contacts.
const ContactsURI = "content://com.android.contacts/contacts"
