package toybox

import (
	"context"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
)

// runEcho is mksh's own echo, which reads backslash sequences unless -E.
func runEcho(_ context.Context, p *Process) int { return p.echo("neE", "E") }

// RunPrint is print of mksh, which reads backslash sequences unless -r.
func RunPrint(p *Process) int { return p.echo("nr-", "r") }

// echo prints the arguments behind the options, which are of these letters. raw is the
// one that keeps backslashes.
func (p *Process) echo(letters, raw string) int {
	args, end, plain := p.Args[1:], "\n", false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], letters) == "" {
		option := args[0]
		args = args[1:]
		if option == "--" {
			break
		}
		if strings.Contains(option, "n") {
			end = ""
		}
		plain = strings.Contains(option, raw) || plain && !strings.Contains(option, "e")
	}
	s := strings.Join(args, " ")
	if !plain {
		s, _, _ = expand.Format(&expand.Config{}, s, nil) // without arguments it has no errors
	}
	p.Printf("%s%s", s, end)
	return 0
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

// seconds reads a number of seconds, which may have a fraction and a unit. It complains
// of a word that is none.
func (p *Process) seconds(word string) (time.Duration, bool) {
	number := word
	if strings.Trim(word, "0123456789.") == "" {
		number += "s"
	}
	d, err := time.ParseDuration(number)
	if err != nil || d < 0 {
		p.complain("Not a number '%s'", word)
		return 0, false
	}
	return d, true
}

func runSleep(ctx context.Context, p *Process) int {
	d, ok := p.seconds(p.names[0])
	if !ok {
		return 1
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
