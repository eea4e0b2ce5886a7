package handset

import (
	"bytes"
	"strconv"

	"preship/adb/handset/dump"
	"preship/report/message"
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
				return refusedContent(message.Say("error.refused"), message.AsIs(dump.Printable(b[at:min(len(b), at+300)], 200)))
			}
		}
	}
	if a.Exit > 0 {
		return refusedContent(message.Say("identity.why.exit", "error", message.Say("error.refused"), "status", strconv.Itoa(a.Exit)))
	}
	return nil
}

// refusedContent is [ErrRefused] of the command content.
func refusedContent(why ...message.Sentence) error {
	return message.Kind(message.Join(message.Colon, append([]message.Sentence{message.AsIs("content")}, why...)...), ErrRefused)
}
