package dump

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"preship/report/pattern"
)

// noRows is what the content command prints for no rows, and also for a
// provider that hands back nothing.
const noRows = "No result found."

// maxRows bounds the answer to a row count, in bytes: a million rows.
const maxRows = 32 << 20

var idRow = pattern.New(`^Row: (\d{1,9}) _id=(\d{1,19})$`)

// ParseContentCount counts the rows of a [RowIDs]  Rows are numbered
// without a gap from 0. A count of 0 says that the provider showed no rows; a
// provider that hides its rows answers the same.
// The error is ErrNoHeading, ErrMalformed, ErrTruncated or ErrTooLarge.
func ParseRowIDs(b []byte) (int, error) {
	if len(b) > maxRows {
		return 0, fmt.Errorf("rows: %w: %d bytes", ErrTooLarge, len(b))
	}
	n := 0
	for line := range bytes.Lines(b) {
		line := bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if n == 0 && string(line) == noRows {
			return 0, onlyLine(b)
		}
		row := idRow().FindSubmatch(line)
		if row == nil || string(row[1]) != strconv.Itoa(n) {
			return 0, fmt.Errorf("rows: %w: row %d is %q", ErrMalformed, n, shape(string(line)))
		}
		n++
	}
	if n == 0 {
		return 0, fmt.Errorf("rows: %w: neither rows nor %q", ErrNoHeading, noRows)
	}
	if !bytes.HasSuffix(b, []byte("\n")) {
		return 0, fmt.Errorf("rows: %w in row %d", ErrTruncated, n-1)
	}
	return n, nil
}

func onlyLine(b []byte) error {
	if strings.TrimSpace(string(b)) != noRows {
		return fmt.Errorf("rows: %w: text after %q", ErrMalformed, noRows)
	}
	return nil
}

// ParseRowValue reads the value of the only column of the only row. A row
// whose end is not there is refused: the rest of a number is another number.
// The error is ErrNoHeading, ErrMalformed or ErrTruncated.
func ParseRowValue(b []byte, column string) (string, error) {
	lines := nonEmptyLines(b)
	if len(lines) == 0 || strings.TrimSpace(lines[0]) == noRows {
		return "", fmt.Errorf("content: %w: no row", ErrNoHeading)
	}
	value, ok := strings.CutPrefix(lines[0], "Row: 0 "+column+"=")
	if !ok || len(lines) != 1 {
		return "", fmt.Errorf("content: %w: %q", ErrMalformed, shape(lines[0]))
	}
	if !bytes.HasSuffix(b, []byte("\n")) {
		return "", fmt.Errorf("content: %w in the row", ErrTruncated)
	}
	return value, nil
}
