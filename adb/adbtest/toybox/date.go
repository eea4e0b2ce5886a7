package toybox

import (
	"context"
	"strconv"
	"strings"
	"time"

	"preship/adb/adbtest/vfs"
)

// dateLayouts are the sequences of date +FORMAT, besides %s.
var dateLayouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'Z': "MST", 'z': "-0700", 'F': "2006-01-02", 'T': "15:04:05",
}

// runDate prints the handset's time. Setting it needs more than the shell may.
func runDate(_ context.Context, p *Process) int {
	opts, args, ok := p.Options("u")
	if !ok {
		return 1
	}
	at := p.sys.Now()
	if opts.has('u') {
		at = at.UTC()
	}
	switch {
	case len(args) == 0:
		p.Printf("%s\n", at.Format("Mon Jan _2 15:04:05 MST 2006"))
	case strings.HasPrefix(args[0], "+"):
		p.Printf("%s\n", formatDate(args[0][1:], at))
	case strings.Trim(args[0], "0123456789.") != "":
		return p.Fail("bad date %s", args[0])
	default:
		return p.Fail("cannot set date: %s", vfs.EPERM)
	}
	return 0
}

func formatDate(format string, at time.Time) string {
	return expandFormat(format, func(verb string) (string, int) {
		if verb[0] == 's' {
			return strconv.FormatInt(at.Unix(), 10), 1
		}
		if layout, ok := dateLayouts[verb[0]]; ok {
			return at.Format(layout), 1
		}
		return "%" + verb[:1], 1
	})
}
