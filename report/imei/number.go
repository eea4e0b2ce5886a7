package imei

import (
	"strconv"
	"strings"

	"preship/report/message"
	"preship/report/printable"
)

// Emulator is the IMEI of every Android emulator. It identifies no handset.
const Emulator = "358240051111110"

// placeholders are numbers of modems without an IMEI.
var placeholders = map[string]message.ID{
	"004999010640000": "identity.number.unprogrammed", // micro5k's device-info rejects it
	"123456789012345": "identity.number.placeholder",
	"123456789012347": "identity.number.placeholder",
	"012345678912345": "identity.number.placeholder",
	Emulator:          "identity.number.emulator",
}

// Form is the form of a number where an IMEI is expected.
type Form int

const (
	Other             Form = iota // no number that identifies a handset
	Full                          // 15 digits
	WithVersion                   // 16 digits: an IMEISV, with a software version in place of the check digit
	WithoutCheckDigit             // 14 digits
)

// Read returns the form of a number, and the number without spaces around it. The number
// of an IMEISV and of one without a check digit is its first 14 digits. Read does not add
// the check digit, because some handsets have a wrong one. Unless the form is [Full], why
// describes the number, as in "has 13 digits".
func Read(raw string) (form Form, number string, why message.Sentence) {
	s := strings.TrimSpace(raw)
	switch {
	case s == "":
		return Other, "", message.Say("identity.number.empty")
	case !Digits(s):
		return Other, "", message.Say("identity.number.not-number", "value", strconv.Quote(printable.Clip(printable.Text(s), 40)))
	case strings.Count(s, s[:1]) == len(s):
		return Other, "", message.Say("identity.number.repeated")
	case placeholders[s] != "":
		return Other, "", message.Say(placeholders[s])
	case strings.HasPrefix(s, "00"):
		return Other, "", message.Say("identity.number.test")
	case strings.HasPrefix(s, "99") && len(s) == 14:
		return Other, "", message.Say("identity.number.meid")
	}
	switch len(s) {
	case 15:
		return Full, s, message.Sentence{}
	case 16:
		return WithVersion, s[:14], message.Say("identity.number.version", "number", s[:14])
	case 14:
		return WithoutCheckDigit, s, message.Say("identity.number.no-check")
	}
	return Other, "", message.Say("identity.number.digits", "number", strconv.Itoa(len(s)))
}

// LuhnOK reports whether the last digit of number is its Luhn check digit. It returns
// false for anything but ASCII digits. Some real handsets have an IMEI that fails it (2
// of 38 phones in the dumps), so it is a warning and not a refusal.
func LuhnOK(number string) bool {
	return len(number) > 1 && Digits(number) && number[len(number)-1] == CheckDigit(number[:len(number)-1])
}

// CheckDigit returns the Luhn check digit for body, which has only digits.
func CheckDigit(body string) byte {
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

// IsMEID reports whether s is a MEID: 14 digits beginning with 99, or 14 hexadecimal
// digits beginning with A to F.
func IsMEID(s string) bool {
	if len(s) != 14 {
		return false
	}
	if Digits(s) {
		return strings.HasPrefix(s, "99")
	}
	hex := strings.ToUpper(s)
	return hex[0] >= 'A' && hex[0] <= 'F' && strings.Trim(hex, "0123456789ABCDEF") == ""
}

// Digits reports whether s is one or more ASCII digits.
func Digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
