package register

import (
	"fmt"
	"strconv"
	"time"

	"preship/report/imei"
	"preship/report/message"
)

// ErrNumber: the text is neither an IMEI nor the end of one.
var ErrNumber = message.Error(message.Say("cases.error.number"), nil)

// ErrSince: the text is neither a date nor a span of time.
var ErrSince = message.Error(message.Say("cases.error.since"), nil)

// ParseIMEI reads an IMEI as people and scanners write it, with spaces, dashes,
// slashes and line ends. Six digits or more are taken for the end of one; of the
// 16 of an IMEISV, which ends in the version of the software, the first 14 count.
func ParseIMEI(s string) (string, error) {
	digits := imei.Plain(s)
	if !imei.Digits(digits) || len(digits) < 6 || len(digits) > 16 {
		return "", ErrNumber
	}
	if len(digits) == 16 {
		digits = digits[:14] + string(imei.CheckDigit(digits[:14]))
	}
	return digits, nil
}

// maxSpan keeps a span within what a calendar can count: a hundred years.
const maxSpan = 100 * 365 * 24 * time.Hour

// ParseSince reads a point in time before now: a date, which begins
// in the time zone of now, or a span before now.
func ParseSince(s string, now time.Time) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil && day.Year() >= 1970 {
		return day, nil
	}
	span, err := ParseSpan(s)
	if err != nil {
		return time.Time{}, err
	}
	return now.Add(-span), nil
}

// ParseSpan reads a whole number of hours, days or weeks, such as 30d. A bare 0
// is no time.
func ParseSpan(s string) (time.Duration, error) {
	if s == "0" {
		return 0, nil
	}
	units := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if len(s) < 2 {
		return 0, fmt.Errorf("%q: %w", s, ErrSince)
	}
	unit, ok := units[s[len(s)-1]]
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	if !ok || err != nil || time.Duration(n) > maxSpan/unit {
		return 0, fmt.Errorf("%q: %w", s, ErrSince)
	}
	return time.Duration(n) * unit, nil
}
