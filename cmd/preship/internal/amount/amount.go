// Package amount writes counts, sizes and times as they stand inside a longer
// sentence.
package amount

import (
	"strconv"
	"time"

	"preship/report/message"
)

// Bytes returns a number of bytes as file managers write it: "1.2 GB".
func Bytes(n int64) message.Sentence {
	if n < 1000 {
		return message.Say("amount.bytes", "bytes", Digits(n))
	}
	units := []string{"kB", "MB", "GB", "TB"}
	tenths := (n + 50) / 100
	for tenths >= 10_000 && len(units) > 1 {
		n, units = n/1000, units[1:]
		tenths = (n + 50) / 100
	}
	return message.Say("amount.decimal", "whole", Digits(tenths/10), "tenths", Digits(tenths%10), "unit", units[0])
}

// Digits returns a number for a place where it is not read with a word, such as 3/12.
func Digits(n int64) string { return strconv.FormatInt(n, 10) }

// Span returns a length of time: "15 minutes".
func Span(d time.Duration) message.Sentence {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return message.Say("amount.minutes", "count", int64(d/time.Minute))
	case d >= time.Second && d%time.Second == 0:
		return message.Say("amount.seconds", "count", int64(d/time.Second))
	}
	return message.AsIs(d.String())
}
