// Package amount writes counts, sizes and times in English words, as they stand
// inside a longer text.
package amount

import (
	"fmt"
	"time"
)

// Count returns "1 file" or "2 files".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Size writes a number of bytes as file managers do: "1.2 GB".
func Size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	units := []string{"kB", "MB", "GB", "TB"}
	f := float64(n) / 1000
	for f >= 1000 && len(units) > 1 {
		f, units = f/1000, units[1:]
	}
	return fmt.Sprintf("%.1f %s", f, units[0])
}

// Time writes a length of time: "15 minutes".
func Time(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return Count(int(d/time.Minute), "minute")
	case d >= time.Second && d%time.Second == 0:
		return Count(int(d/time.Second), "second")
	}
	return d.String()
}
