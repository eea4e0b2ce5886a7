package handset

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// noRows is what the content command prints for no rows, and also for a
// provider that hands back nothing at all.
const noRows = "No result found."

// maxRows bounds the answer to a row count, in bytes: a million rows.
const maxRows = 32 << 20

var idRow = regexp.MustCompile(`^Row: (\d{1,9}) _id=(\d{1,19})$`)

// ParseContentCount counts the rows of a [RowIDs] answer. Rows are numbered
// without a gap from 0. A count of 0 says that the provider showed no rows; a
// provider that hides its rows answers the same.
// The error is ErrRefused, ErrNoHeading, ErrMalformed or ErrTooLarge.
func ParseContentCount(a Answer) (int, error) {
	if err := contentRefusal(a); err != nil {
		return 0, err
	}
	if len(a.Stdout) > maxRows {
		return 0, fmt.Errorf("rows: %w: %d bytes", ErrTooLarge, len(a.Stdout))
	}
	n := 0
	for line := range bytes.Lines(a.Stdout) {
		line := bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if n == 0 && string(line) == noRows {
			return 0, onlyLine(a.Stdout)
		}
		row := idRow.FindSubmatch(line)
		if row == nil || string(row[1]) != strconv.Itoa(n) {
			return 0, fmt.Errorf("rows: %w: row %d is %q", ErrMalformed, n, shape(string(line)))
		}
		n++
	}
	if n == 0 {
		return 0, fmt.Errorf("rows: %w: neither rows nor %q", ErrNoHeading, noRows)
	}
	if !bytes.HasSuffix(a.Stdout, []byte("\n")) {
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

// contentRefusal returns the refusal in an answer of the content command, which
// exits 0 also when it was refused (it catches the SecurityException).
func contentRefusal(a Answer) error {
	for _, b := range [][]byte{a.Stderr, a.Stdout} {
		for _, sign := range []string{"Error while accessing provider:", "Could not find provider", "Exception:"} {
			if at := bytes.Index(b[:min(len(b), 4096)], []byte(sign)); at >= 0 {
				return fmt.Errorf("content: %w: %s", ErrRefused, Printable(b[at:min(len(b), at+300)], 200))
			}
		}
	}
	if a.Exit > 0 {
		return fmt.Errorf("content: %w (exit status %d)", ErrRefused, a.Exit)
	}
	return nil
}

// ParseContentValue reads the value of the only column of the only row. A row
// whose end is not there is refused: the rest of a number is another number.
// The error is ErrRefused, ErrNoHeading, ErrMalformed or ErrTruncated.
func ParseContentValue(a Answer, column string) (string, error) {
	if err := contentRefusal(a); err != nil {
		return "", err
	}
	lines := nonEmptyLines(a.Stdout)
	if len(lines) == 0 || strings.TrimSpace(lines[0]) == noRows {
		return "", fmt.Errorf("content: %w: no row", ErrNoHeading)
	}
	value, ok := strings.CutPrefix(lines[0], "Row: 0 "+column+"=")
	if !ok || len(lines) != 1 {
		return "", fmt.Errorf("content: %w: %q", ErrMalformed, shape(lines[0]))
	}
	if !bytes.HasSuffix(a.Stdout, []byte("\n")) {
		return "", fmt.Errorf("content: %w in the row", ErrTruncated)
	}
	return value, nil
}
