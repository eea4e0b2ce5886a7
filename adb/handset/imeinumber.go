package handset

import (
	"fmt"
	"strings"

	"preship/adb/handset/dump"
)

// LuhnOK reports whether the last digit of number is its Luhn check digit. It
// is false for anything but ASCII digits. Real handsets exist whose IMEI fails
// it (2 of 38 phones in the dumps), so it is a warning, not a refusal.
func LuhnOK(number string) bool {
	return len(number) > 1 && digits(number) && number[len(number)-1] == checkDigit(number[:len(number)-1])
}

// checkDigit returns the Luhn check digit for body, which holds digits only.
func checkDigit(body string) byte {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// placeholders are numbers that stand where no IMEI was ever written.
var placeholders = map[string]string{
	"004999010640000": "the number of an unprogrammed modem", // micro5k's device-info rejects it
	"123456789012345": "a placeholder",
	"123456789012347": "a placeholder",
	"012345678912345": "a placeholder",
	"358240051111110": "the Android emulator's number",
}

// numberKind is what a number in an IMEI's place is.
type numberKind int

const (
	notNumber   numberKind = iota
	fullIMEI               // 15 digits
	withVersion            // 16 digits: an IMEISV, a software version in the check digit's place
	withoutEnd             // 14 digits: the check digit is missing
)

// readNumber classifies raw. why is the reason if it is not
// a full IMEI. For an IMEISV and a 14-digit number the body is their first 14
// digits; the full number is not derived, because a handset whose own number
// fails Luhn would be given a wrong one.
func readNumber(raw string) (kind numberKind, number, why string) {
	s := strings.TrimSpace(raw)
	switch {
	case s == "":
		return notNumber, "", "is empty"
	case !digits(s):
		return notNumber, "", fmt.Sprintf("holds %q, not a number", dump.Printable([]byte(s), 40))
	case strings.Count(s, s[:1]) == len(s):
		return notNumber, "", "is one digit repeated"
	case placeholders[s] != "":
		return notNumber, "", "is " + placeholders[s]
	case strings.HasPrefix(s, "00"):
		return notNumber, "", "begins with 00, which is for test handsets"
	case strings.HasPrefix(s, "99") && len(s) == 14:
		return notNumber, "", "is a MEID"
	}
	switch len(s) {
	case 15:
		return fullIMEI, s, ""
	case 16:
		return withVersion, s[:14], "has 16 digits, an IMEISV; the IMEI begins with " + s[:14]
	case 14:
		return withoutEnd, s, "has 14 digits, so its check digit is missing"
	}
	return notNumber, "", fmt.Sprintf("has %d digits", len(s))
}

// validMEID reports whether s is a MEID: 14 digits beginning with 99, or 14
// hexadecimal digits beginning with A to F.
func validMEID(s string) bool {
	if len(s) != 14 {
		return false
	}
	if digits(s) {
		return strings.HasPrefix(s, "99")
	}
	hex := strings.ToUpper(s)
	return hex[0] >= 'A' && hex[0] <= 'F' && strings.Trim(hex, "0123456789ABCDEF") == ""
}
