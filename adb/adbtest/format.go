package adbtest

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a handset has its own zone files, whatever the computer has
)

// zone is the handset's time zone.
func (h *Handset) zone() *time.Location {
	if loc, err := time.LoadLocation(h.prop("persist.sys.timezone")); err == nil {
		return loc
	}
	return time.UTC
}

// unescape reads backslash sequences as printf and echo do.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if at := strings.IndexByte("abefnrtv\\", s[i]); at >= 0 {
			b.WriteByte("\a\b\x1b\f\n\r\t\v\\"[at])
			continue
		}
		if s[i] < '0' || s[i] > '7' {
			b.WriteString(s[i-1 : i+1])
			continue
		}
		j := i
		for j < len(s) && j < i+3+b2i(s[i] == '0') && s[j] >= '0' && s[j] <= '7' {
			j++
		}
		n, _ := strconv.ParseUint(s[i:j], 8, 16)
		b.WriteByte(byte(n))
		i = j - 1
	}
	return b.String()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// formatFound expands find -printf with what toybox 0.8.9 knows; ok is the
// sequence it does not. %T@ has toybox's fault: the nanoseconds are printed
// without their leading zeros.
func formatFound(format string, at found) (out, bad string) {
	out = expandFormat(unescape(format), func(verb string) (string, int) {
		if strings.HasPrefix(verb, "T@") {
			return fmt.Sprintf("%d.%d", at.mtime.Unix(), at.mtime.Nanosecond()), 2
		}
		value, ok := findFields[verb[0]]
		if !ok {
			if bad == "" {
				bad = verb[:1]
			}
			return "", 1
		}
		return value(at), 1
	})
	return out, bad
}

// findFields are the sequences of find -printf.
var findFields = map[byte]func(at found) string{
	'f': func(at found) string { return path.Base(at.path) },
	'p': func(at found) string { return at.path },
	'P': func(at found) string { return at.below },
	's': func(at found) string { return strconv.FormatInt(at.size, 10) },
	'i': func(at found) string { return strconv.FormatUint(at.ino, 10) },
	'm': func(at found) string { return strconv.FormatUint(uint64(at.mode&modePerms), 8) },
	'M': func(at found) string { return at.modeString() },
	'l': func(at found) string { return at.target },
	'u': func(at found) string { return idName(at.uid) },
	'g': func(at found) string { return idName(at.gid) },
	'U': func(at found) string { return strconv.FormatUint(uint64(at.uid), 10) },
	'G': func(at found) string { return strconv.FormatUint(uint64(at.gid), 10) },
}

// expandFormat replaces the % sequences of a format: verb gets what follows the sign
// and says how many bytes of it it took, 0 for a sequence it does not know,
// which is printed as it is.
func expandFormat(format string, verb func(string) (string, int)) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(format, "%")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if after == "" || after[0] == '%' {
			b.WriteByte('%')
			format = strings.TrimPrefix(after, "%")
			continue
		}
		s, n := verb(after)
		if n == 0 {
			b.WriteByte('%')
		}
		b.WriteString(s)
		format = after[n:]
	}
}

// blocks is how many blocks of 512 bytes a file takes.
func blocks(i info) int64 {
	if i.isLink() || i.isFIFO() {
		return 0
	}
	return (i.size + 4095) / 4096 * 8
}
