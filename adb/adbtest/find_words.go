package adbtest

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
	"-quit": func(_ context.Context, f *finder, _ found) bool { f.quit = true; return f.acts },
	"-executable": func(_ context.Context, f *finder, at found) bool {
		return f.p.h.tree.may(f.p.abs(at.path), wantExec) == nil
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
		var wanted []uint32
		for one := range strings.SplitSeq(v, ",") {
			kind, ok := map[string]uint32{"f": modeFile, "d": modeDir, "l": modeLink, "p": modeFIFO, "c": modeChar}[one]
			if !ok {
				return nil, fmt.Errorf("bad -type '%s'", v)
			}
			wanted = append(wanted, kind)
		}
		return func(_ context.Context, _ *finder, at found) bool { return slices.Contains(wanted, at.mode&modeType) }, nil
	},
	"-maxdepth": func(f *finder, v string) (test, error) { return always, atoi(v, &f.maxDepth) },
	"-mindepth": func(f *finder, v string) (test, error) { return always, atoi(v, &f.minDepth) },
	"-size":     findSize,
	"-perm":     findPerm,
	"-links":    findNumber(func(_ *finder, at found) int64 { return int64(at.nlink) }),
	"-inum":     findNumber(func(_ *finder, at found) int64 { return int64(at.ino) }),
	"-mtime":    findNumber(func(f *finder, at found) int64 { return f.age(at.mtime, 24*time.Hour) }),
	"-mmin":     findNumber(func(f *finder, at found) int64 { return f.age(at.mtime, time.Minute) }),
	"-ctime":    findNumber(func(f *finder, at found) int64 { return f.age(at.ctime, 24*time.Hour) }),
	"-cmin":     findNumber(func(f *finder, at found) int64 { return f.age(at.ctime, time.Minute) }),
	"-atime":    findNumber(func(f *finder, at found) int64 { return f.age(at.atime, 24*time.Hour) }),
	"-amin":     findNumber(func(f *finder, at found) int64 { return f.age(at.atime, time.Minute) }),
	"-user": func(_ *finder, v string) (test, error) {
		id, ok := idOf(v)
		if !ok {
			return nil, fmt.Errorf("bad user '%s'", v)
		}
		return func(_ context.Context, _ *finder, at found) bool { return at.uid == id }, nil
	},
	"-group": func(_ *finder, v string) (test, error) {
		id, ok := idOf(v)
		if !ok {
			return nil, fmt.Errorf("bad group '%s'", v)
		}
		return func(_ context.Context, _ *finder, at found) bool { return at.gid == id }, nil
	},
	"-lname": func(_ *finder, v string) (test, error) {
		return func(_ context.Context, _ *finder, at found) bool { return at.isLink() && matches(v, at.target) }, nil
	},
	"-samefile": func(f *finder, v string) (test, error) {
		i, err := f.p.h.tree.stat(f.p.abs(v))
		if err != nil {
			return nil, fmt.Errorf("%s: %s", v, errnoOf(err).Error())
		}
		return func(_ context.Context, _ *finder, at found) bool { return at.ino == i.ino && at.dev == i.dev }, nil
	},
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

// findSign splits +N and -N.
func findSign(v string) (sign byte, rest string) {
	if v != "" && (v[0] == '+' || v[0] == '-') {
		return v[0], v[1:]
	}
	return 0, v
}

// compares says whether a number is as +N, -N or N asks.
func compares(has int64, sign byte, want int64) bool {
	switch sign {
	case '+':
		return has > want
	case '-':
		return has < want
	}
	return has == want
}

// age is how many whole units ago something was.
func (f *finder) age(t time.Time, unit time.Duration) int64 { return int64(f.p.h.now().Sub(t) / unit) }

func findNumber(of func(f *finder, at found) int64) func(f *finder, v string) (test, error) {
	return func(_ *finder, v string) (test, error) {
		sign, rest := findSign(v)
		want, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s not [+-]N", v)
		}
		return func(_ context.Context, f *finder, at found) bool { return compares(of(f, at), sign, want) }, nil
	}
}

// findPerm reads MODE: exactly, -MODE: all of these bits, /MODE: any of them.
func findPerm(_ *finder, v string) (test, error) {
	sign, rest := byte(0), v
	if v != "" && (v[0] == '-' || v[0] == '/') {
		sign, rest = v[0], v[1:]
	}
	want, ok := changeMode(rest, 0, false, 0)
	if !ok {
		return nil, fmt.Errorf("bad mode '%s'", rest)
	}
	return func(_ context.Context, _ *finder, at found) bool {
		has := at.mode & modePerms
		switch sign {
		case '-':
			return has&want == want
		case '/':
			return has&want != 0 || want == 0
		}
		return has == want
	}, nil
}

// findSize reads +N, -N or N with a unit: c bytes, k, M, G; none is blocks of
// 512 bytes.
func findSize(_ *finder, v string) (test, error) {
	sign, rest := findSign(v)
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
		return compares((at.size+unit-1)/unit, sign, want)
	}, nil
}
