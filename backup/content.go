package backup

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"preship/adb/handset"
)

// errRows: rows that the content command printed cannot be told apart, or are
// not those it counted a moment ago.
var errRows = errors.New("rows do not match the count")

var (
	idLine  = regexp.MustCompile(`(?m)^Row: \d+ _id=(\d+)\s*$`)
	integer = regexp.MustCompile(`^-?\d{1,19}$`)
)

// null is how the content command prints a missing value, and also the text NULL.
const null = "NULL"

// parseIDs reads the answer to a query for _id alone, which cannot be mistaken:
// a number has no newline. Its length is the count everything else is held to.
func parseIDs(a handset.Answer) ([]string, error) {
	n, err := handset.ParseContentCount(a)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, n)
	seen := make(map[string]bool, n)
	for _, m := range idLine.FindAllSubmatch(a.Stdout, -1) {
		id := string(m[1])
		if seen[id] {
			return nil, fmt.Errorf("%w: _id %s twice", errRows, id)
		}
		seen[id] = true
		ids = append(ids, id)
	}
	if len(ids) != n {
		return nil, fmt.Errorf("%w: %d of %d rows have an _id", errRows, len(ids), n)
	}
	return ids, nil
}

// parseNumbers reads the answer to a query for _id and columns of numbers, one
// line a row. Anything but a number or NULL is an error: the column is to be
// asked for as text then.
func parseNumbers(out []byte, columns, ids []string) (map[string]map[string]*string, error) {
	values := make(map[string]map[string]*string, len(ids))
	known := set(ids)
	n := 0
	for line := range bytes.Lines(out) {
		text := strings.TrimRight(string(line), "\r\n")
		rest, ok := strings.CutPrefix(text, "Row: "+strconv.Itoa(n)+" _id=")
		fields := strings.Split(rest, ", ")
		if !ok || len(fields) != len(columns)+1 || !known[fields[0]] || values[fields[0]] != nil {
			return nil, fmt.Errorf("%w: row %d is %.60q", errRows, n, text)
		}
		row := make(map[string]*string, len(columns))
		for k, column := range columns {
			value, ok := strings.CutPrefix(fields[k+1], column+"=")
			switch {
			case ok && value == null:
				row[column] = nil
			case ok && integer.MatchString(value):
				row[column] = &value
			default:
				return nil, fmt.Errorf("%w: %s of row %d is no number", errRows, column, n)
			}
		}
		values[fields[0]] = row
		n++
	}
	if n != len(ids) {
		return nil, fmt.Errorf("%w: %d rows and not %d", errRows, n, len(ids))
	}
	return values, nil
}

// boundary is a place in an answer where a row may begin.
type boundary struct {
	start, value int // of "Row:", and of what the row holds
	id           string
}

// parseText reads the answer to a query for _id and one column of text, which
// may hold newlines and whatever looks like a row. A row begins where its own
// index and a known _id stand; where that is so in two places, those rows are
// doubtful, no value is given for them, and they are to be asked for one by one.
func parseText(out []byte, column string, ids []string) (values map[string]string, doubtful []string, err error) {
	if len(ids) == 0 || !bytes.HasSuffix(out, []byte("\n")) {
		return nil, nil, fmt.Errorf("%w: the last row has no end", errRows)
	}
	found := boundaries(out, column, ids)
	values = make(map[string]string, len(ids))
	last := -1
	for n, places := range found {
		if len(places) == 0 {
			return nil, nil, fmt.Errorf("%w: no row %d", errRows, n)
		}
		if len(places) > 1 {
			continue
		}
		b, end := places[0], len(out)-1
		if b.start <= last {
			return nil, nil, fmt.Errorf("%w: row %d is out of order", errRows, n)
		}
		last = b.start
		if n+1 < len(found) {
			if len(found[n+1]) != 1 {
				continue
			}
			end = found[n+1][0].start - 1
		}
		if _, twice := values[b.id]; twice || end < b.value {
			return nil, nil, fmt.Errorf("%w: row %d ends before it begins", errRows, n)
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

// boundaries finds, for each index, the places where its row may begin.
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

// parseOnly reads the answer to a query for one row: all of it is the value.
func parseOnly(out []byte, column, id string) (string, error) {
	value, ok := strings.CutPrefix(string(out), "Row: 0 _id="+id+", "+column+"=")
	if !ok || !strings.HasSuffix(value, "\n") {
		return "", fmt.Errorf("%w: the row with _id %s", errRows, id)
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
