package verify

import (
	"fmt"
	"strings"

	"preship/adb/handset"
)

// Claims is what papers say about the handset, as typed or scanned.
type Claims struct {
	// IMEI are numbers a person read off the handset itself (*#06#); they stand
	// in for what the handset does not tell over the cable.
	IMEI                  []string
	Box, Sticker, Receipt []string // IMEIs printed there
	SN                    string   // serial number printed on the box
}

// scanned takes off what scanners and people add to a number: spaces, dashes,
// slashes, and the carriage return that ends a barcode.
var scanned = strings.NewReplacer(" ", "", "-", "", "/", "", ".", "", "\t", "", "\r", "", "\n", "", "\u00a0", "")

// claimedIMEI returns the digits of a claimed IMEI: 15, or 14 without the check
// digit, or 14 of an IMEISV of 16.
func claimedIMEI(s string) (string, error) {
	n := scanned.Replace(s)
	if label, rest, ok := strings.Cut(n, ":"); ok && strings.HasPrefix(strings.ToUpper(label), "IMEI") {
		n = rest
	}
	if len(n) < 14 || len(n) > 16 || strings.Trim(n, "0123456789") != "" {
		return "", fmt.Errorf("%q is not an IMEI of 15 digits", handset.Printable([]byte(s), 40))
	}
	if len(n) == 16 {
		n = n[:14] // an IMEISV ends in a software version, not in a check digit
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
	a, b := strings.ToUpper(scanned.Replace(claimed)), strings.ToUpper(scanned.Replace(known))
	_, tail, slash := strings.Cut(strings.ToUpper(known), "/")
	return a != "" && (a == b || slash && a == tail)
}
