package handset

import (
	"bytes"
	"fmt"

	"preship/adb/handset/dump"
)

// ParseContentCount counts the rows of a [RowIDs] answer. A count of 0 says that the
// provider showed no rows; a provider that hides its rows answers the same.
// The error is ErrRefused or one of [dump.ParseRowIDs].
func ParseContentCount(a Answer) (int, error) {
	if err := contentRefusal(a); err != nil {
		return 0, err
	}
	return dump.ParseRowIDs(a.Stdout)
}

// ParseContentValue reads the value of the only column of the only row.
// The error is ErrRefused or one of [dump.ParseRowValue].
func ParseContentValue(a Answer, column string) (string, error) {
	if err := contentRefusal(a); err != nil {
		return "", err
	}
	return dump.ParseRowValue(a.Stdout, column)
}

// contentRefusal returns the refusal in an answer of the content command, which
// exits 0 also when it was refused (it catches the SecurityException).
func contentRefusal(a Answer) error {
	for _, b := range [][]byte{a.Stderr, a.Stdout} {
		for _, sign := range []string{"Error while accessing provider:", "Could not find provider", "Exception:"} {
			if at := bytes.Index(b[:min(len(b), 4096)], []byte(sign)); at >= 0 {
				return fmt.Errorf("content: %w: %s", ErrRefused, dump.Printable(b[at:min(len(b), at+300)], 200))
			}
		}
	}
	if a.Exit > 0 {
		return fmt.Errorf("content: %w (exit status %d)", ErrRefused, a.Exit)
	}
	return nil
}
