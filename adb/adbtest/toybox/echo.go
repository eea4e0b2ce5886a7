package toybox

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// runEcho is mksh's own echo, which reads backslash sequences unless -E.
func runEcho(_ context.Context, p *Process) int {
	args, newline, escapes := p.Args[1:], true, true
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
	p.Printf("%s", s)
	if newline {
		p.Printf("\n")
	}
	return 0
}

// RunPrint is print of mksh, which reads backslash sequences unless -r.
func RunPrint(p *Process) int {
	args, newline, escapes := p.Args[1:], true, true
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		option := args[0]
		args = args[1:]
		if option == "--" {
			break
		}
		if strings.Trim(option[1:], "nr") != "" {
			return p.Fail("%s: unknown option", option)
		}
		newline = newline && !strings.Contains(option, "n")
		escapes = escapes && !strings.Contains(option, "r")
	}
	s := strings.Join(args, " ")
	if escapes {
		before, _, cut := strings.Cut(s, `\c`)
		s, newline = unescape(before), newline && !cut
	}
	if newline {
		s += "\n"
	}
	p.Printf("%s", s)
	return 0
}

// unescape reads the backslash sequences of echo.
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
		digits := 3
		if s[i] == '0' {
			digits = 4
		}
		for j < len(s) && j < i+digits && s[j] >= '0' && s[j] <= '7' {
			j++
		}
		n, _ := strconv.ParseUint(s[i:j], 8, 16)
		b.WriteByte(byte(n))
		i = j - 1
	}
	return b.String()
}

func runTrue(context.Context, *Process) int  { return 0 }
func runFalse(context.Context, *Process) int { return 1 }

func runYes(ctx context.Context, p *Process) int {
	line := strings.Join(p.Args[1:], " ")
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

// runSleep waits for a number of seconds, which may have a fraction.
func runSleep(ctx context.Context, p *Process) int {
	if !p.needs(p.Args[1:], 1) {
		return 1
	}
	d, err := time.ParseDuration(p.Args[1] + "s")
	if err != nil || d < 0 {
		return p.Fail("Not a number '%s'", p.Args[1])
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return 1
	}
}
