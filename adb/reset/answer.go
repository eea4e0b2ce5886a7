package reset

import (
	"fmt"
	"strconv"
	"strings"

	"preship/adb/handset/dump"
	"preship/report/message"
)

// Errors that say what became of the format.
var (
	// ErrFormatFailed: the recovery tried and could not.
	ErrFormatFailed = message.Error(message.Say("error.format-failed"), nil)
	// ErrFormatDisabled: the recovery refuses to format.
	ErrFormatDisabled = message.Error(message.Say("error.format-refused"), nil)
	// ErrFormatUnknown: no answer, or an unknown one. The data
	// may be gone or may be whole.
	ErrFormatUnknown = message.Error(message.Say("error.format-unknown"), nil)
)

// maxAnswer bounds a recovery service's answer, in bytes; real ones have one short line.
const maxAnswer = 4 << 10

// formatAnswers are the only answers to format-data: there are, in the words
// of the vendor's recovery source, each with its meaning. nil is success.
var formatAnswers = map[string]error{
	"Format_data_success.":            nil,
	"Format_data_failed.":             ErrFormatFailed,
	"Format_data_is_already_disable.": ErrFormatDisabled,
}

// readFormat returns the recovery's answer, safe to keep and show, and its
// meaning. Anything but the exact words of success is an error.
func readFormat(b []byte) (answer string, err error) {
	answer = dump.Printable(trimLine(b), 200)
	meaning, known := formatAnswers[string(trimLine(b))]
	switch {
	case answer == "":
		return "", fmt.Errorf("%w: %w", ErrFormatUnknown, message.Error(message.Say("guide.error.answered.nothing"), nil))
	case !known:
		return answer, fmt.Errorf("%w: %w", ErrFormatUnknown, message.Error(message.Say("guide.error.answered", "text", strconv.Quote(answer)), nil))
	}
	return answer, meaning
}

// trimLine takes off the one line end the recovery writes, LF or CRLF.
func trimLine(b []byte) []byte {
	return []byte(strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"))
}

// answerLines splits the answer to a get service. Some recoveries answer twice
// when a property is missing, so one question may have several lines.
func answerLines(b []byte) []string {
	var lines []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, dump.Printable([]byte(line), 100))
		}
	}
	return lines
}
