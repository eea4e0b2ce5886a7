package dump

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"preship/report/message"
)

// Properties are the system properties of a handset.
type Properties map[string]string

// ParseProperties parses what getprop prints, also from a capture that a
// Windows shell re-encoded (UTF-16 with or without a byte-order mark, CRLF) or
// that was copied from a console's window, whose lines end in spaces.
// Values may hold newlines and brackets; text outside a record is
// skipped. A key that appears twice with different values is left out: no
// handset prints that, so neither value is reliable. A record without an end has
// the value [Damaged], unless it is the last one: then the answer is cut off.
// The error is ErrNoProperties, ErrTruncated or ErrTooLarge.
func ParseProperties(b []byte) (Properties, error) {
	if len(b) > 2*maxAnswer {
		return nil, fmt.Errorf("properties: %w: %d bytes", ErrTooLarge, len(b))
	}
	props := Properties{}
	twice := map[string]bool{}
	records := slices.DeleteFunc(Records(b), func(r Record) bool { return !r.Whole && r.Key == "" })
	for i, r := range records {
		if !r.Whole {
			r.Value = Damaged
		}
		if !r.Whole && i == len(records)-1 {
			return nil, fmt.Errorf("properties: %w inside the value of %q", ErrTruncated, Printable([]byte(r.Key), 80))
		}
		if old, seen := props[r.Key]; seen && old != r.Value {
			twice[r.Key] = true
		}
		props[r.Key] = r.Value
	}
	if len(props) == 0 {
		return nil, fmt.Errorf("properties: %w", ErrNoProperties)
	}
	for key := range twice {
		delete(props, key)
	}
	return props, nil
}

// Damaged is the value of a key whose record has no end. It is no text, so that
// [Properties.Text] refuses it.
const Damaged = "\x00"

// Record is one "[key]: [value]" of what getprop prints.
type Record struct {
	Key, Value string
	Whole      bool // false for a record without an end, and with an empty Key for a line outside any record
}

// Records returns the records of what getprop prints, and the lines outside them
// that are not empty.
func Records(b []byte) []Record {
	var records []Record
	lines := strings.Split(Text(b), "\n")
	for i := 0; i < len(lines); {
		key, first, ok := recordStart(lines[i])
		if !ok {
			if strings.TrimSpace(lines[i]) != "" {
				records = append(records, Record{})
			}
			i++
			continue
		}
		value, next, ok := recordValue(lines, i, first)
		records = append(records, Record{Key: key, Value: value, Whole: ok})
		i = next
	}
	return records
}

// recordStart splits "[key]: [value…".
func recordStart(line string) (key, value string, ok bool) {
	rest, ok := strings.CutPrefix(line, "[")
	if !ok {
		return "", "", false
	}
	key, value, ok = strings.Cut(rest, "]: [")
	if !ok || key == "" || strings.ContainsAny(key, "[] \t") {
		return "", "", false
	}
	return key, value, true
}

// recordValue collects the value that begins as first in lines[i]. It ends with
// the last "]" at the end of a line before the next record, because a value may
// have lines of its own that end so. next is the line after the record.
func recordValue(lines []string, i int, first string) (value string, next int, ok bool) {
	end := -1
	if endsValue(first) {
		end = i
	}
	next = i + 1
	for ; next < len(lines); next++ {
		if _, _, another := recordStart(lines[next]); another {
			break
		}
		if endsValue(lines[next]) {
			end = next
		}
	}
	if end < 0 {
		return "", next, false
	}
	all := append([]string{first}, lines[i+1:end+1]...)
	return strings.TrimSuffix(strings.TrimRight(strings.Join(all, "\n"), padding), "]"), next, true
}

// padding is what copying from a console's window leaves at the ends of lines.
const padding = " \t"

func endsValue(line string) bool { return strings.HasSuffix(strings.TrimRight(line, padding), "]") }

// Text returns b as UTF-8 with LF line ends. Bytes that are no text stay unchanged.
func Text(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		b = fromUTF16(b[2:], 0)
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		b = fromUTF16(b[2:], 1)
	case len(b) > 3 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		b = fromUTF16(b, 0)
	case len(b) > 3 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		b = fromUTF16(b, 1)
	default:
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	}
	s := strings.ReplaceAll(string(b), "\r\r\n", "\n")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSuffix(s, "\r")
}

// fromUTF16 decodes pairs of bytes; low is the index of a pair's low byte.
func fromUTF16(b []byte, low int) []byte {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, uint16(b[low])|uint16(b[1-low])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

// Text returns the value of key fit to be shown, or why it is not known.
func (p Properties) Text(key string) (value string, why message.Sentence) {
	raw, ok := p[key]
	v := strings.TrimSpace(raw)
	switch {
	case !ok:
		return "", message.Say("identity.why.missing", "name", key)
	case v == "":
		return "", message.Say("identity.why.empty", "name", key)
	case strings.EqualFold(v, "unknown") || strings.EqualFold(v, "unknow") || v == "null":
		return "", message.Say("identity.why.says", "name", key, "value", v)
	case v == Damaged:
		return "", message.Say("identity.why.cut", "name", key)
	case len(v) > 256:
		return "", message.Say("identity.why.long", "name", key)
	case Printable([]byte(v), 256) != v:
		return "", message.Say("identity.why.no-text", "name", key)
	}
	return v, message.Sentence{}
}
