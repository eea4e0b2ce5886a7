package verify

import (
	"fmt"
	"regexp"
	"strings"

	"preship/adb/handset/dump"
)

// Claims is what papers say about the handset, as typed or scanned.
type Claims struct {
	// IMEI are numbers a person read off the handset itself (*#06#); they stand
	// in for what the handset does not tell over the cable.
	IMEI                  []string
	Box, Sticker, Receipt []string // IMEIs printed there
	SN                    string   // serial number printed on the box
}

// scanned takes off what scanners and people put between digits: spaces,
// dashes, slashes, and the carriage return that ends a barcode.
var scanned = strings.NewReplacer(" ", "", "-", "", "/", "", ".", "", "\t", "", "\r", "", "\n", "", "\u00a0", "")

// Prefixes: "]C1" is how a scanner names the kind of barcode it read (ISO/IEC
// 15424), "IMEI2:" and "S/N:" are how boxes label their numbers.
var (
	symbology = regexp.MustCompile(`^\][A-Za-z][0-9A-Za-z]`)
	label     = regexp.MustCompile(`(?i)^(?:IMEI|S/?N) *(?:[12]? *[:=]|[12] +)? *`)
)

func unlabelled(s string) string {
	s = symbology.ReplaceAllString(strings.TrimSpace(s), "")
	return label.ReplaceAllString(s, "")
}

// claimedIMEIs returns the numbers in a typed or scanned text: one, or two
// with something between them, as a box prints them side by side.
func claimedIMEIs(s string) ([]string, error) {
	n, err := claimedIMEI(s)
	if err == nil {
		return []string{n}, nil
	}
	for _, between := range []string{"/", ",", ";", "|", "+", "\n", " "} {
		var all []string
		parts := strings.Split(strings.TrimSpace(s), between)
		for _, part := range parts {
			if n, err := claimedIMEI(part); err == nil {
				all = append(all, n)
			}
		}
		if len(parts) == len(all) {
			return all, nil
		}
	}
	return nil, err
}

// claimedIMEI returns the digits of a claimed IMEI: 15, or 14 without the check
// digit, or the first 14 of an IMEISV of 16, which ends in a software version.
func claimedIMEI(s string) (string, error) {
	n := scanned.Replace(unlabelled(s))
	if len(n) < 14 || len(n) > 16 || strings.Trim(n, "0123456789") != "" {
		return "", fmt.Errorf("%q is not an IMEI of 15 digits", dump.Printable([]byte(s), 40))
	}
	if len(n) == 16 {
		n = n[:14]
	}
	return n, nil
}

// sameIMEI compares two IMEIs of which one may lack its check digit.
func sameIMEI(a, b string) bool {
	n := min(len(a), len(b))
	return n >= 14 && a[:n] == b[:n]
}

// sameSN compares serial numbers as printed and as stored: a box may leave out
// the slash, or print only the part after it.
func sameSN(claimed, known string) bool {
	a, b := strings.ToUpper(scanned.Replace(unlabelled(claimed))), strings.ToUpper(scanned.Replace(known))
	_, tail, slash := strings.Cut(strings.ToUpper(known), "/")
	return a != "" && (a == b || slash && a == tail)
}
