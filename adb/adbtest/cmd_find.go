package adbtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// runFind is toybox find: the tests and actions people use, in the order given,
// joined by -a, -o, ! and parentheses.
func runFind(ctx context.Context, p *process) int {
	f := &finder{p: p, maxDepth: -1}
	args := p.args[1:]
	for len(args) > 0 && (args[0] == "-H" || args[0] == "-L") {
		f.follow, args = args[0] == "-L", args[1:]
	}
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" && args[0] != "(" {
		roots, args = append(roots, args[0]), args[1:]
	}
	if len(roots) == 0 {
		roots = []string{"."}
	}
	f.args = args
	expr, err := f.parseOr()
	if err == nil && len(f.args) > 0 {
		err = f.badArg()
	}
	if err != nil {
		return p.fail("%s", err)
	}
	f.expr = expr
	for _, root := range roots {
		i, err := p.h.tree.lstat(p.abs(root))
		if err != nil {
			p.complain("'%s': %s", root, errnoOf(err))
			f.code = 1
			continue
		}
		f.root = root
		if !f.visit(ctx, root, i, 0) {
			break
		}
	}
	for _, run := range f.atEnd {
		run(ctx)
	}
	return f.code
}

// finder is one run of find.
type finder struct {
	p        *process
	args     []string // of the expression, not parsed yet
	expr     test
	root     string
	acts     bool // an action was given, so that -print is not implied
	minDepth int
	maxDepth int
	post     bool // -depth
	prune    bool // set by -prune for the folder just tested
	quit     bool // set by -quit
	follow   bool // -L
	atEnd    []func(context.Context)
	code     int
}

// found is what a test looks at.
type found struct {
	info
	path  string
	below string // path without the root it was found under
}

// badArg is what toybox says of a word it does not know: it means to name it,
// and names the next.
func (f *finder) badArg() error {
	name := "(null)"
	if len(f.args) > 0 {
		name = f.args[0]
	}
	return fmt.Errorf("bad arg '%s'", name)
}

type test func(ctx context.Context, f *finder, at found) bool

func (f *finder) denied(name string, err error) {
	f.p.complain("%s: %s", name, errnoOf(err))
	f.code = 1
}

// visit tests one file and goes below it. It is false once the output is closed
// or ctx done.
func (f *finder) visit(ctx context.Context, name string, i info, depth int) bool {
	f.prune = false
	if led, err := f.p.h.tree.stat(f.p.abs(name)); f.follow && i.isLink() && err == nil {
		i = led
	}
	at := found{i, name, strings.TrimPrefix(strings.TrimPrefix(name, f.root), "/")}
	if !f.post {
		f.evaluate(ctx, at, depth)
	}
	if i.isDir() && !f.prune && !f.quit && (f.maxDepth < 0 || depth < f.maxDepth) {
		kids, err := f.p.h.tree.readDir(f.p.abs(name))
		if err != nil {
			f.denied(name, err)
		}
		for _, kid := range kids {
			if !f.visit(ctx, strings.TrimSuffix(name, "/")+"/"+kid.name, kid, depth+1) {
				return false
			}
		}
	}
	if f.post {
		f.evaluate(ctx, at, depth)
	}
	return ctx.Err() == nil && f.p.stdout.err == nil && !f.quit
}

func (f *finder) evaluate(ctx context.Context, at found, depth int) {
	if depth < f.minDepth {
		return
	}
	if f.expr(ctx, f, at) && !f.acts {
		f.print(at.path + "\n")
	}
}

func (f *finder) print(s string) {
	if _, err := f.p.stdout.WriteString(s); err != nil {
		f.p.stdout.err = err
	}
}

func (f *finder) next() (string, bool) {
	if len(f.args) == 0 {
		return "", false
	}
	arg := f.args[0]
	f.args = f.args[1:]
	return arg, true
}

func (f *finder) parseOr() (test, error) {
	left, err := f.parseAnd()
	for err == nil && len(f.args) > 0 && (f.args[0] == "-o" || f.args[0] == "-or") {
		f.next()
		var right test
		right, err = f.parseAnd()
		l := left
		left = func(ctx context.Context, f *finder, at found) bool { return l(ctx, f, at) || right(ctx, f, at) }
	}
	return left, err
}

func (f *finder) parseAnd() (test, error) {
	left := test(func(context.Context, *finder, found) bool { return true })
	for len(f.args) > 0 && f.args[0] != "-o" && f.args[0] != "-or" && f.args[0] != ")" {
		if f.args[0] == "-a" || f.args[0] == "-and" {
			f.next()
			continue
		}
		right, err := f.parseOne()
		if err != nil {
			return nil, err
		}
		l := left
		left = func(ctx context.Context, f *finder, at found) bool { return l(ctx, f, at) && right(ctx, f, at) }
	}
	return left, nil
}

func (f *finder) parseOne() (test, error) {
	arg, _ := f.next()
	switch arg {
	case "!", "-not":
		if len(f.args) == 0 {
			return nil, fmt.Errorf("'%s' needs 1 arg", arg)
		}
		inner, err := f.parseOne()
		return func(ctx context.Context, f *finder, at found) bool { return !inner(ctx, f, at) }, err
	case "(":
		inner, err := f.parseOr()
		if end, _ := f.next(); err == nil && end != ")" {
			err = fmt.Errorf("need )")
		}
		return inner, err
	}
	if t, ok := findActions[arg]; ok {
		f.acts = f.acts || strings.HasPrefix(arg, "-print")
		f.post = f.post || arg == "-delete" || arg == "-depth"
		return t, nil
	}
	if arg == "-exec" || arg == "-ok" {
		f.acts = true
		return f.parseExec(arg)
	}
	read, ok := findTests[arg]
	if !ok {
		return nil, f.badArg()
	}
	if arg == "-printf" && f.p.h.sdk() < 30 { // toybox 0.8.1 brought it
		return nil, f.badArg()
	}
	value, ok := f.next()
	if !ok {
		return nil, fmt.Errorf("'%s' needs 1 arg", arg)
	}
	f.acts = f.acts || arg == "-printf"
	return read(f, value)
}

// parseExec reads a command up to ";" or "{} +".
func (f *finder) parseExec(name string) (test, error) {
	var line []string
	for {
		arg, ok := f.next()
		if !ok {
			return nil, fmt.Errorf("'%s' needs 1 arg", strings.TrimPrefix(name, "-"))
		}
		if arg == "+" && len(line) > 0 && line[len(line)-1] == "{}" {
			return f.gather(line[:len(line)-1]), nil
		}
		if arg == ";" {
			break
		}
		line = append(line, arg)
	}
	return func(ctx context.Context, f *finder, at found) bool {
		args := make([]string, len(line))
		for i, arg := range line {
			args[i] = strings.ReplaceAll(arg, "{}", at.path)
		}
		return len(args) > 0 && f.p.sub(ctx, args, strings.NewReader("")) == 0
	}, nil
}

// gather runs the command on as many names at once as fit.
func (f *finder) gather(line []string) test {
	var names []string
	size := 0
	run := func(ctx context.Context) {
		if len(names) > 0 && len(line) > 0 && f.p.sub(ctx, append(slices.Clone(line), names...), strings.NewReader("")) != 0 {
			f.code = 1
		}
		names, size = nil, 0
	}
	f.atEnd = append(f.atEnd, run)
	return func(ctx context.Context, _ *finder, at found) bool {
		names = append(names, at.path)
		if size += len(at.path) + 1; size > xargsBytes {
			run(ctx)
		}
		return true
	}
}
