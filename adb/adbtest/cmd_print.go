package adbtest

import (
	"bufio"
	"context"
	"io"
	"path"
	"strings"
	"time"
)

// runEcho is mksh's own echo, which reads backslash sequences unless -E.
func runEcho(_ context.Context, p *process) int {
	args, newline, escapes := p.args[1:], true, true
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		newline = newline && !strings.Contains(args[0], "n")
		escapes = !strings.Contains(args[0], "E")
		args = args[1:]
	}
	s := strings.Join(args, " ")
	if escapes {
		before, _, cut := strings.Cut(s, `\c`)
		s, newline = unescape(before), newline && !cut
	}
	p.printf("%s", s)
	if newline {
		p.printf("\n")
	}
	return 0
}

func runTrue(context.Context, *process) int  { return 0 }
func runFalse(context.Context, *process) int { return 1 }

func runYes(ctx context.Context, p *process) int {
	line := strings.Join(p.args[1:], " ")
	if line == "" {
		line = "y"
	}
	for ctx.Err() == nil {
		if _, err := p.stdout.WriteString(line + "\n"); err != nil {
			return 1
		}
	}
	return 1
}

// runSleep waits; a fraction and the suffixes m, h and d are toybox's.
func runSleep(ctx context.Context, p *process) int {
	if len(p.args) < 2 {
		return p.fail("Needs 1 argument (see \"sleep --help\")")
	}
	var total time.Duration
	for _, arg := range p.args[1:] {
		if !strings.HasSuffix(arg, "m") && !strings.HasSuffix(arg, "h") && !strings.HasSuffix(arg, "s") {
			arg += "s"
		}
		d, err := time.ParseDuration(arg)
		if err != nil || d < 0 {
			return p.fail("Not a number '%s'", strings.TrimSuffix(arg, "s"))
		}
		total += d
	}
	timer := time.NewTimer(total)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return 1
	}
}

func runBasename(_ context.Context, p *process) int {
	if len(p.args) < 2 {
		return p.fail("Needs 1 argument (see \"basename --help\")")
	}
	base := path.Base(p.args[1])
	if len(p.args) > 2 && base != p.args[2] {
		base = strings.TrimSuffix(base, p.args[2])
	}
	p.printf("%s\n", base)
	return 0
}

func runDirname(_ context.Context, p *process) int {
	for _, arg := range p.args[1:] {
		p.printf("%s\n", path.Dir(strings.TrimRight(arg, "/")))
	}
	return 0
}

// runTr replaces or deletes bytes; ranges are understood, classes are not.
func runTr(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+dsc")
	if !ok {
		return 1
	}
	if len(args) == 0 || len(args) < 2 && !opts.has('d') {
		return p.fail("Needs 2 arguments (see \"tr --help\")")
	}
	from := ranges(unescape(args[0]))
	to := ""
	if !opts.has('d') {
		to = ranges(unescape(args[1]))
	}
	return p.eachInput(ctx, nil, func(_ string, r io.Reader) error {
		b := bufio.NewReader(r)
		for {
			c, err := b.ReadByte()
			if err != nil {
				return err
			}
			at := strings.IndexByte(from, c)
			switch {
			case at < 0:
			case to == "":
				continue
			default:
				c = to[min(at, len(to)-1)]
			}
			if err := p.stdout.WriteByte(c); err != nil {
				return err
			}
		}
	})
}

func ranges(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' && s[i] <= s[i+2] {
			for c := int(s[i]); c <= int(s[i+2]); c++ {
				b.WriteByte(byte(c))
			}
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// runTruncate makes files longer or shorter.
func runTruncate(_ context.Context, p *process) int {
	opts, files, ok := p.options("cs:")
	if !ok || !p.needs(files, 1) {
		return 1
	}
	sign, digits := byte(0), opts['s']
	if digits != "" && (digits[0] == '+' || digits[0] == '-') {
		sign, digits = digits[0], digits[1:]
	}
	n, ok := count(digits)
	if !ok {
		return p.fail("not integer: %s", opts['s'])
	}
	code := 0
	for _, name := range files {
		if err := p.h.tree.truncate(p.abs(name), p.sh.umask.file(), func(size int64) int64 {
			switch sign {
			case '+':
				return size + n
			case '-':
				return size - n
			}
			return n
		}); err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
		}
	}
	return code
}
