package imei

import (
	"fmt"
	"regexp"
	"strings"

	"preship/report/printable"
)

// separators are the characters that people and scanners write between digits. A scanner
// ends a barcode with a carriage return.
var separators = strings.NewReplacer(" ", "", "-", "", "/", "", ".", "", "\t", "", "\r", "", "\n", "", "\u00a0", "")

// Plain returns s without separators: spaces, hyphens, slashes, dots and line ends.
func Plain(s string) string { return separators.Replace(s) }

// Prefixes: "]C1" is the kind of barcode that a scanner read (ISO/IEC 15424); "IMEI2:"
// and "S/N:" are labels on boxes.
var (
	symbology = regexp.MustCompile(`^\][A-Za-z][0-9A-Za-z]`)
	label     = regexp.MustCompile(`(?i)^(?:IMEI|S/?N) *(?:[12]? *[:=]|[12] +)? *`)
)

func unlabelled(s string) string {
	s = symbology.ReplaceAllString(strings.TrimSpace(s), "")
	return label.ReplaceAllString(s, "")
}

// Printed returns the numbers in a typed or scanned text: one, or two with a separator
// between them, as a box has them. A number is the 15 digits of an IMEI, the 14 of one
// without its check digit, or the first 14 of an IMEISV.
func Printed(text string) ([]string, error) {
	n, err := printed(text)
	if err == nil {
		return []string{n}, nil
	}
	for _, between := range []string{"/", ",", ";", "|", "+", "\n", " "} {
		var all []string
		parts := strings.Split(strings.TrimSpace(text), between)
		for _, part := range parts {
			if n, err := printed(part); err == nil {
				all = append(all, n)
			}
		}
		if len(parts) == len(all) {
			return all, nil
		}
	}
	return nil, err
}

func printed(s string) (string, error) {
	n := Plain(unlabelled(s))
	if len(n) < 14 || len(n) > 16 || !Digits(n) {
		return "", fmt.Errorf("%q is not an IMEI of 15 digits", printable.Clip(printable.Text(s), 40))
	}
	if len(n) == 16 {
		n = n[:14]
	}
	return n, nil
}

// Same compares two IMEIs. One of them may lack its check digit.
func Same(a, b string) bool {
	n := min(len(a), len(b))
	return n >= 14 && a[:n] == b[:n]
}

// SameSN compares a serial number on a box with that of the handset. A box may leave out
// the slash, or have only the part after it.
func SameSN(printed, stored string) bool {
	a, b := strings.ToUpper(Plain(unlabelled(printed))), strings.ToUpper(Plain(stored))
	_, tail, slash := strings.Cut(strings.ToUpper(stored), "/")
	return a != "" && (a == b || slash && a == tail)
}
