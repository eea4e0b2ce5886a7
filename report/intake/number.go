package intake

import (
	"slices"
	"strings"

	"preship/report/imei"
)

// imeisOn returns the numbers in a field of the form: one, or both of a handset with
// two slots, with a separator between them. It returns nil for any other text.
func imeisOn(text string) []string {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/|+ \t\r\n", r) })
	if len(numbers) > 2 || slices.ContainsFunc(numbers, func(n string) bool { return !imeiDigits().MatchString(n) }) {
		return nil
	}
	return numbers
}

// noIMEI reports whether 15 digits are no IMEI: a placeholder, the number of a test
// handset, or a wrong check digit.
func noIMEI(number string) bool {
	form, _, _ := imei.Read(number)
	return form != imei.Full || !imei.LuhnOK(number)
}
