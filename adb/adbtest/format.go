package adbtest

import (
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
	_ "time/tzdata" // a handset has its own zone files, whatever the computer has
)

// zone is the handset's time zone.
func (h *Handset) zone() *time.Location {
	if loc, err := time.LoadLocation(h.prop("persist.sys.timezone")); err == nil {
		return loc
	}
	return time.UTC
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

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

// Modes of what the commands make: adbd sets no umask, so everybody may write it.
const (
	newFileMode   = 0o666
	newFolderMode = 0o777
)
