package intake

import (
	"slices"
	"strings"
)

// SourceAttested is the source of an IMEI that a person read off.
const SourceAttested = "attested"

// imeisOn returns the numbers in a field of the form: one, or both of a handset with
// two slots, with a separator between them. It returns nil for any other text.
func imeisOn(text string) []string {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/|+ \t\r\n", r) })
	if len(numbers) > 2 || slices.ContainsFunc(numbers, func(n string) bool { return !imeiDigits.MatchString(n) }) {
		return nil
	}
	return numbers
}

// standIns are placeholders of handsets whose IMEI was never written.
var standIns = []string{"004999010640000", "123456789012345", "123456789012347", "012345678912345", "358240051111110"}

// noIMEI reports whether 15 digits are no IMEI: one digit repeated, a placeholder,
// the number of a test handset, or a wrong check digit.
func noIMEI(number string) bool {
	return strings.Count(number, number[:1]) == len(number) || slices.Contains(standIns, number) ||
		strings.HasPrefix(number, "00") || !luhn(number)
}

// luhn reports whether the last of some digits is the check digit of the others.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// sameSerial compares serial numbers as printed and as stored: a box may leave
// out the slash, or print only the part after it.
func sameSerial(printed, stored string) bool {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(" -/.\t\r\n", r) {
				return -1
			}
			return r
		}, strings.ToUpper(s))
	}
	printed = strings.TrimPrefix(strings.TrimPrefix(plain(printed), "S/N:"), "SN:")
	_, tail, slash := strings.Cut(stored, "/")
	return printed != "" && (printed == plain(stored) || slash && printed == plain(tail))
}
