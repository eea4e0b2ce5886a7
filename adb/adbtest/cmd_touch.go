package adbtest

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// touchLayouts are the forms of a date that touch -d takes.
var touchLayouts = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05.999999999", "2006-01-02"}

func (p *process) date(s string) (time.Time, bool) {
	if sec, ok := strings.CutPrefix(s, "@"); ok {
		whole, fraction, _ := strings.Cut(sec, ".")
		n, err := strconv.ParseInt(whole, 10, 64)
		nanos, err2 := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		return time.Unix(n, nanos), err == nil && err2 == nil
	}
	if t, err := time.ParseInLocation("15:04", s, p.h.zone()); err == nil {
		now := p.local(p.h.now())
		return time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, p.h.zone()), true
	}
	for _, layout := range touchLayouts {
		if t, err := time.ParseInLocation(layout, s, p.h.zone()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// stampLayouts are the forms of touch -t, by their length.
var stampLayouts = map[int]string{8: "01021504", 10: "0601021504", 12: "200601021504"}

// stamp reads the argument of touch -t.
func (p *process) stamp(s string) (time.Time, bool) {
	digits, seconds, _ := strings.Cut(s, ".")
	at, err := time.ParseInLocation(stampLayouts[len(digits)], digits, p.h.zone())
	if err != nil || stampLayouts[len(digits)] == "" {
		return time.Time{}, false
	}
	if len(digits) == 8 {
		at = at.AddDate(p.local(p.h.now()).Year(), 0, 0)
	}
	n, err := strconv.Atoi("0" + seconds)
	return at.Add(time.Duration(n) * time.Second), err == nil && n < 61
}

// touchTime is the time touch sets; ok is false once it has complained.
func (p *process) touchTime(opts options) (at time.Time, ok bool) {
	at, ok = p.h.now(), true
	for letter, read := range map[byte]func(string) (time.Time, bool){'d': p.date, 't': p.stamp} {
		if !opts.has(letter) {
			continue
		}
		if at, ok = read(opts[letter]); !ok {
			p.complain("bad date %s", opts[letter])
			return at, false
		}
	}
	if opts.has('r') {
		i, err := p.h.tree.stat(p.abs(opts['r']))
		if err != nil {
			p.complain("Can't stat %s: %s", opts['r'], errnoOf(err))
			return at, false
		}
		at = i.mtime
	}
	return at, true
}

func runTouch(_ context.Context, p *process) int {
	opts, args, ok := p.options("acmd:t:r:h")
	if !ok || !p.needs(args, 1) {
		return 1
	}
	at, ok := p.touchTime(opts)
	if !ok {
		return 1
	}
	code := 0
	for _, arg := range args {
		if err := p.touch(arg, at, opts); err != nil && !opts.has('c') {
			code = p.fail("'%s': %s", arg, errnoOf(err))
		}
	}
	return code
}

func (p *process) touch(name string, at time.Time, opts options) error {
	full, follow := p.abs(name), !opts.has('h')
	i, err := p.h.tree.statAs(full, follow)
	if err != nil {
		if errnoOf(err) != eNOENT || opts.any("ch") {
			return err
		}
		w, err := p.h.tree.create(full, p.sh.umask.file())
		if err != nil {
			return err
		}
		_ = w.Close()
	}
	atime, mtime := at, at
	if opts.has('m') && !opts.has('a') {
		atime = i.atime
	}
	if opts.has('a') && !opts.has('m') {
		mtime = i.mtime
	}
	return p.h.tree.chtimesAs(full, atime, mtime, follow)
}
