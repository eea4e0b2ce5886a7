package toybox

import (
	"strings"

	"preship/adb/adbtest/vfs"
)

// expandFormat replaces the % sequences of a format: verb gets the text after
// the sign and returns the replacement and the number of bytes it took.
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
		b.WriteString(s)
		format = after[n:]
	}
}

// blocks is how many blocks of 512 bytes a file takes.
func blocks(i vfs.Info) int64 {
	if i.IsLink() {
		return 0
	}
	return (i.Size + 4095) / 4096 * 8
}
