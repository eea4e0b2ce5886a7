package adbtest

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// dateLayouts are the sequences of date +FORMAT that package time has a layout
// for.
var dateLayouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'h': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'Z': "MST", 'z': "-0700", 'F': "2006-01-02", 'T': "15:04:05", 'D': "01/02/06", 'x': "01/02/06", 'X': "15:04:05", 'e': "_2", 'R': "15:04",
	'I': "03", 'p': "PM", 'j': "002", 'r': "03:04:05 PM", 'c': "Mon Jan _2 15:04:05 2006", 'n': "\n", 't': "\t",
}

// dateNumbers are those it has none for.
var dateNumbers = map[byte]func(t time.Time) string{
	's': func(t time.Time) string { return number(t.Unix()) },
	'N': func(t time.Time) string { return fmt.Sprintf("%09d", t.Nanosecond()) },
	'k': func(t time.Time) string { return fmt.Sprintf("%2d", t.Hour()) },
	'l': func(t time.Time) string { return fmt.Sprintf("%2d", (t.Hour()+11)%12+1) },
	'u': func(t time.Time) string { return fmt.Sprint((int(t.Weekday())+6)%7 + 1) },
	'w': func(t time.Time) string { return fmt.Sprint(int(t.Weekday())) },
	'U': func(t time.Time) string { return fmt.Sprintf("%02d", (t.YearDay()+6-int(t.Weekday()))/7) },
	'V': func(t time.Time) string { _, week := t.ISOWeek(); return fmt.Sprintf("%02d", week) },
	'G': func(t time.Time) string { year, _ := t.ISOWeek(); return fmt.Sprint(year) },
	'C': func(t time.Time) string { return fmt.Sprintf("%02d", t.Year()/100) },
}

func formatDate(format string, at time.Time) string {
	return expandFormat(format, func(verb string) (string, int) {
		if of, ok := dateNumbers[verb[0]]; ok {
			return of(at), 1
		}
		if layout, ok := dateLayouts[verb[0]]; ok {
			return strings.TrimPrefix(at.Format("."+layout), "."), 1
		}
		return "%" + verb[:1], 1
	})
}

// isoDates are the arguments of -I.
var isoDates = map[string]string{
	"date": "2006-01-02", "hours": "2006-01-02T15-07:00", "minutes": "2006-01-02T15:04-07:00", "seconds": "2006-01-02T15:04:05-07:00",
	"ns": "2006-01-02T15:04:05,000000000-07:00",
}

// runDate tells the time; setting it is not for the shell.
func runDate(_ context.Context, p *process) int {
	opts, args, ok := p.options("d:D:I:r:us:")
	if !ok {
		return 1
	}
	at := p.h.now()
	if opts.has('d') {
		if at, ok = p.date(opts['d']); !ok {
			return p.fail("bad date %s", opts['d'])
		}
	}
	if opts.has('r') {
		i, err := p.h.tree.stat(p.abs(opts['r']))
		if err != nil {
			return p.fail("%s: %s", opts['r'], errnoOf(err))
		}
		at = i.mtime
	}
	at = p.local(at)
	if opts.has('u') {
		at = at.UTC()
	}
	iso := isoDates[opts['I']]
	switch {
	case iso != "":
		p.printf("%s\n", at.Format(iso))
	case opts.has('I'):
		return p.fail("bad -I: %s", opts['I'])
	case len(args) == 0:
		p.printf("%s\n", at.Format("Mon Jan _2 15:04:05 MST 2006"))
	case strings.HasPrefix(args[0], "+"):
		p.printf("%s\n", formatDate(args[0][1:], at))
	default:
		if _, ok := p.stamp(args[0]); !ok {
			return p.fail("bad date %s", args[0])
		}
		return p.fail("cannot set date: %s", ePERM)
	}
	return 0
}
