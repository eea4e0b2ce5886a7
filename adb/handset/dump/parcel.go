package dump

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"

	"preship/report/message"
	"preship/report/pattern"
)

// Errors of [ParseParcelString].
var (
	ErrNullString = message.Error(message.Say("error.dump.null"), nil)
	ErrNoService  = message.Error(message.Say("error.dump.no-service"), nil)
	ErrNotParcel  = message.Error(message.Say("error.dump.no-parcel"), nil)
)

// ParcelException is an exception a service answered in place of a string.
type ParcelException struct {
	Code    int32
	Message string // printable, bounded
}

func (e *ParcelException) Error() string {
	return fmt.Sprintf("service refused (exception %d): %s", e.Code, e.Message)
}

// parcelRow is a row of the dump: offset, up to four words, and a gutter that
// is never decoded, because its dots are ambiguous.
var parcelRow = pattern.New(`^\s*(?:0x([0-9a-f]{8}):)?((?:\s*[0-9a-f]{8})+)\s+'`)

// maxParcel bounds the words of a parcel that holds an identifier or a message.
const maxParcel = 4096

// ParseParcelString decodes the string in what "service call" prints. The words
// are an exception code, the length in UTF-16 units, and the units, two to a
// word, the first one in the low half.
// The error is ErrNullString, ErrNoService, ErrNotParcel or a *ParcelException.
func ParseParcelString(b []byte) (string, error) {
	text := Text(b[:min(len(b), maxAnswer)])
	if strings.Contains(text, "does not exist") && !strings.Contains(text, "Parcel(") {
		return "", fmt.Errorf("%w", ErrNoService)
	}
	words, err := parcelWords(text)
	if err != nil {
		return "", err
	}
	switch code := int32(words[0]); {
	case code < 0:
		message, err := parcelString(words[1:], false)
		if err != nil {
			message = "no message"
		}
		return "", &ParcelException{Code: code, Message: Printable([]byte(message), 200)}
	case code > 0:
		return "", fmt.Errorf("%w: begins with %d", ErrNotParcel, code)
	}
	return parcelString(words[1:], true)
}

// parcelWords reads the words of all rows and checks that the offsets follow each other.
func parcelWords(text string) ([]uint32, error) {
	_, body, ok := strings.Cut(text, "Result: Parcel(")
	if !ok {
		return nil, fmt.Errorf("%w: no \"Result: Parcel(\"", ErrNotParcel)
	}
	var words []uint32
	for line := range strings.Lines(body) {
		row := parcelRow().FindStringSubmatch(line)
		if row == nil {
			if strings.TrimSpace(line) == "" {
				continue
			}
			return nil, fmt.Errorf("%w: row %q", ErrNotParcel, Printable([]byte(line), 60))
		}
		if row[1] != "" && row[1] != fmt.Sprintf("%08x", 4*len(words)) {
			return nil, fmt.Errorf("%w: row at 0x%s, expected 0x%08x", ErrNotParcel, row[1], 4*len(words))
		}
		for _, field := range strings.Fields(row[2]) {
			raw, err := hex.DecodeString(field)
			if err != nil || len(raw) != 4 {
				return nil, fmt.Errorf("%w: word %q", ErrNotParcel, Printable([]byte(field), 20))
			}
			words = append(words, binary.BigEndian.Uint32(raw))
		}
		if len(words) > maxParcel {
			return nil, fmt.Errorf("%w: parcel of more than %d words", ErrTooLarge, maxParcel)
		}
		if strings.HasSuffix(strings.TrimSpace(line), "')") {
			return atLeastTwo(words)
		}
	}
	return nil, fmt.Errorf("%w: no closing bracket", ErrTruncated)
}

func atLeastTwo(words []uint32) ([]uint32, error) {
	if len(words) < 2 {
		return nil, fmt.Errorf("%w: %d words", ErrNotParcel, len(words))
	}
	return words, nil
}

// parcelString decodes length and units. An exact string is followed by its
// terminator and padding only; an exception's message may be followed by more.
func parcelString(words []uint32, exact bool) (string, error) {
	length := int32(words[0])
	if length == -1 {
		return "", fmt.Errorf("%w", ErrNullString)
	}
	if length < 0 || length > 2*maxParcel {
		return "", fmt.Errorf("%w: %d units", ErrNotParcel, length)
	}
	need := (int(length) + 2) / 2 // units and their terminator, padded to words
	if len(words)-1 < (int(length)+1)/2 || exact && len(words)-1 > need {
		return "", fmt.Errorf("%w: %d units in %d words", ErrNotParcel, length, len(words)-1)
	}
	units := make([]uint16, 0, length+1)
	for _, w := range words[1:] {
		units = append(units, uint16(w), uint16(w>>16))
	}
	for _, extra := range units[length:] {
		if exact && extra != 0 {
			return "", fmt.Errorf("%w: text after the end of the string", ErrNotParcel)
		}
	}
	return string(utf16.Decode(units[:length])), nil
}
