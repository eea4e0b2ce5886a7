package adbtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
)

// envKey is where env keeps what it changed for the command it runs.
type envKey struct{}

// environment is what a command finds exported, sorted by name.
func environment(ctx context.Context) []string {
	if changed, ok := ctx.Value(envKey{}).([]string); ok {
		return changed
	}
	var list []string
	interp.HandlerCtx(ctx).Env.Each(func(name string, v expand.Variable) bool {
		if v.Exported && v.IsSet() {
			list = append(list, name+"="+v.String())
		}
		return true
	})
	slices.Sort(list)
	return slices.CompactFunc(list, func(a, b string) bool { return variable(a) == variable(b) })
}

func variable(entry string) string {
	name, _, _ := strings.Cut(entry, "=")
	return name
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(entry string) bool { return variable(entry) == name })
}

// runEnv prints the environment, or runs a command in another.
func runEnv(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+0iu*")
	if !ok {
		return 125
	}
	list := environment(ctx)
	if opts.has('i') {
		list = nil
	}
	for name := range strings.SplitSeq(opts['u'], "\n") {
		list = without(list, name)
	}
	for len(args) > 0 && strings.Contains(args[0], "=") {
		list = append(without(list, variable(args[0])), args[0])
		args = args[1:]
	}
	if len(args) > 0 {
		if list == nil {
			list = []string{}
		}
		return p.sub(context.WithValue(ctx, envKey{}, list), args, p.stdin)
	}
	end := "\n"
	if opts.has('0') {
		end = "\x00"
	}
	for _, entry := range list {
		p.printf("%s%s", entry, end)
	}
	return 0
}

func runPrintenv(ctx context.Context, p *process) int {
	_, args, ok := p.options("0")
	if !ok {
		return 1
	}
	list := environment(ctx)
	code := 0
	for _, name := range args {
		i := slices.IndexFunc(list, func(entry string) bool { return variable(entry) == name })
		if i < 0 {
			code = 1
			continue
		}
		p.printf("%s\n", strings.TrimPrefix(list[i], name+"="))
	}
	if len(args) == 0 {
		p.printf("%s\n", strings.Join(list, "\n"))
	}
	return code
}

// runSeq counts.
func runSeq(ctx context.Context, p *process) int {
	args, sep := p.args[1:], "\n"
	if len(args) > 1 && args[0] == "-s" {
		sep, args = args[1], args[2:]
	}
	if !p.needs(args, 1) {
		return 1
	}
	numbers := []float64{1, 1, 0}
	digits := 0
	for i, arg := range args[:min(len(args), 3)] {
		n, err := strconv.ParseFloat(arg, 64)
		if err != nil {
			return p.fail("bad number '%s'", arg)
		}
		if _, fraction, ok := strings.Cut(arg, "."); ok && i < 2 {
			digits = max(digits, len(fraction))
		}
		switch {
		case i == len(args)-1:
			numbers[2] = n
		default:
			numbers[i] = n
		}
	}
	first, step, last := numbers[0], numbers[1], numbers[2]
	for n := int64(0); step != 0 && ctx.Err() == nil; n++ {
		at := first + float64(n)*step
		if step > 0 && at > last || step < 0 && at < last {
			if n > 0 {
				p.printf("\n")
			}
			return 0
		}
		if n > 0 {
			p.printf("%s", sep)
		}
		if _, err := fmt.Fprintf(p.stdout, "%.*f", digits, at); err != nil {
			return 1
		}
	}
	return 1
}
