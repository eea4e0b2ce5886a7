package adbtest

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// runFind is toybox find: the tests and actions people use, in the order given,
// joined by -a, -o, ! and parentheses.
func runFind(ctx context.Context, p *process) int {
	f := &finder{p: p, maxDepth: -1}
	args := p.args[1:]
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
		err = errBadArg
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
	code     int
}

// found is what a test looks at.
type found struct {
	info
	path  string
	below string // path without the root it was found under
}

// errBadArg is what toybox says of a word it does not know: it means to name it.
var errBadArg = errors.New("bad arg '(null)'")

type test func(ctx context.Context, f *finder, at found) bool

func (f *finder) denied(name string, err error) {
	f.p.complain("%s: %s", name, errnoOf(err))
	f.code = 1
}

// visit tests one file and goes below it. It is false once the output is closed
// or ctx done.
func (f *finder) visit(ctx context.Context, name string, i info, depth int) bool {
	f.prune = false
	at := found{i, name, strings.TrimPrefix(strings.TrimPrefix(name, f.root), "/")}
	if !f.post {
		f.evaluate(ctx, at, depth)
	}
	if i.isDir() && !f.prune && (f.maxDepth < 0 || depth < f.maxDepth) {
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
	return ctx.Err() == nil && f.p.stdout.err == nil
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
		f.acts = f.acts || strings.HasPrefix(arg, "-print") || arg == "-delete" || arg == "-quit"
		f.post = f.post || arg == "-delete" || arg == "-depth"
		return t, nil
	}
	if arg == "-exec" || arg == "-ok" {
		f.acts = true
		return f.parseExec()
	}
	read, ok := findTests[arg]
	if !ok {
		return nil, errBadArg
	}
	if arg == "-printf" && f.p.h.sdk() < 30 { // toybox 0.8.1 brought it
		return nil, errBadArg
	}
	value, ok := f.next()
	if !ok {
		return nil, fmt.Errorf("'%s' needs 1 arg", arg)
	}
	f.acts = f.acts || arg == "-printf"
	return read(f, value)
}

func (f *finder) parseExec() (test, error) {
	var line []string
	for {
		arg, ok := f.next()
		if !ok {
			return nil, fmt.Errorf("-exec without ;")
		}
		if arg == ";" || arg == "+" && len(line) > 0 && line[len(line)-1] == "{}" {
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

// findActions are the words that take no value.
var findActions = map[string]test{
	"-print":  func(_ context.Context, f *finder, at found) bool { f.print(at.path + "\n"); return true },
	"-print0": func(_ context.Context, f *finder, at found) bool { f.print(at.path + "\x00"); return true },
	"-true":   func(context.Context, *finder, found) bool { return true },
	"-false":  func(context.Context, *finder, found) bool { return false },
	"-depth":  func(context.Context, *finder, found) bool { return true },
	"-xdev":   func(context.Context, *finder, found) bool { return true },
	"-prune":  func(_ context.Context, f *finder, _ found) bool { f.prune = true; return true },
	"-empty": func(_ context.Context, f *finder, at found) bool {
		if !at.isDir() {
			return at.isRegular() && at.size == 0
		}
		kids, err := f.p.h.tree.readDir(f.p.abs(at.path))
		return err == nil && len(kids) == 0
	},
	"-delete": func(_ context.Context, f *finder, at found) bool {
		if err := f.p.h.tree.remove(f.p.abs(at.path)); err != nil {
			f.denied(at.path, err)
			return false
		}
		return true
	},
}

// findTests are the words that take one value. The errors are toybox's.
var findTests = map[string]func(f *finder, value string) (test, error){
	"-name": func(_ *finder, v string) (test, error) {
		return func(_ context.Context, _ *finder, at found) bool { return matches(v, path.Base(at.path)) }, nil
	},
	"-iname": func(_ *finder, v string) (test, error) {
		return func(_ context.Context, _ *finder, at found) bool {
			return matches(strings.ToLower(v), strings.ToLower(path.Base(at.path)))
		}, nil
	},
	"-path": func(_ *finder, v string) (test, error) {
		return func(_ context.Context, _ *finder, at found) bool { return matches(v, at.path) }, nil
	},
	"-type": func(_ *finder, v string) (test, error) {
		kinds := map[string]uint32{"f": modeFile, "d": modeDir, "l": modeLink, "p": modeFIFO, "c": modeChar}
		kind, ok := kinds[v]
		if !ok {
			return nil, fmt.Errorf("bad -type '%s'", v)
		}
		return func(_ context.Context, _ *finder, at found) bool { return at.mode&modeType == kind }, nil
	},
	"-maxdepth": func(f *finder, v string) (test, error) { return always, atoi(v, &f.maxDepth) },
	"-mindepth": func(f *finder, v string) (test, error) { return always, atoi(v, &f.minDepth) },
	"-size":     findSize,
	"-newer": func(f *finder, v string) (test, error) {
		i, err := f.p.h.tree.stat(f.p.abs(v))
		if err != nil {
			return nil, fmt.Errorf("%s: %s", v, errnoOf(err).Error())
		}
		return func(_ context.Context, _ *finder, at found) bool { return at.mtime.After(i.mtime) }, nil
	},
	"-printf": func(_ *finder, v string) (test, error) {
		if _, bad := formatFound(v, found{}); bad != "" {
			return nil, fmt.Errorf("bad -printf %%%s", bad)
		}
		return func(_ context.Context, f *finder, at found) bool {
			out, _ := formatFound(v, at)
			f.print(out)
			return true
		}, nil
	},
}

func always(context.Context, *finder, found) bool { return true }

func atoi(v string, n *int) (err error) {
	if *n, err = strconv.Atoi(v); err != nil || *n < 0 {
		return fmt.Errorf("not integer: %s", v)
	}
	return nil
}

// findSize reads +N, -N or N with a unit: c bytes, k, M, G; none is blocks of
// 512 bytes.
func findSize(_ *finder, v string) (test, error) {
	sign, rest := byte(0), v
	if v != "" && (v[0] == '+' || v[0] == '-') {
		sign, rest = v[0], v[1:]
	}
	unit := int64(512)
	for suffix, n := range map[string]int64{"c": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if cut, ok := strings.CutSuffix(rest, suffix); ok {
			rest, unit = cut, n
		}
	}
	want, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%s not [+-]N", v)
	}
	return func(_ context.Context, _ *finder, at found) bool {
		has := (at.size + unit - 1) / unit
		switch sign {
		case '+':
			return has > want
		case '-':
			return has < want
		}
		return has == want
	}, nil
}
