package toybox

import (
	"context"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
)

// changeMode applies a mode of chmod: octal, or clauses such as u+rwx,o-w.
func changeMode(spec string, mode uint32) (uint32, bool) {
	if n, err := strconv.ParseUint(spec, 8, 16); err == nil {
		return uint32(n), n <= vfs.ModePerms
	}
	for clause := range strings.SplitSeq(spec, ",") {
		letters := strings.TrimLeft(clause, "augo")
		who := clause[:len(clause)-len(letters)]
		if letters == "" || strings.Trim(letters[1:], "rwx") != "" {
			return mode, false
		}
		var bits, classes uint32
		for _, letter := range []byte(letters[1:]) {
			bits |= map[byte]uint32{'r': 0o444, 'w': 0o222, 'x': 0o111}[letter]
		}
		for letter, class := range map[string]uint32{"u": 0o700, "g": 0o070, "o": 0o007} {
			if who == "" || strings.ContainsAny(who, "a"+letter) {
				classes |= class
			}
		}
		switch letters[0] {
		case '+':
			mode |= bits & classes
		case '-':
			mode &^= bits & classes
		case '=':
			mode = mode&^classes | bits&classes
		default:
			return mode, false
		}
	}
	return mode, true
}

// runChmod is toybox chmod, one file or folder at a time. It takes no options,
// since a mode may begin with a dash.
func runChmod(_ context.Context, p *Process) int {
	args := p.Args[1:]
	if len(args) < 2 {
		return p.Fail("Need 2 arguments (see \"chmod --help\")")
	}
	if rest, dash := strings.CutPrefix(args[0], "-"); dash && strings.Trim(rest, "rwx") != "" {
		return p.Fail("Unknown option '%s' (see \"chmod --help\")", rest)
	}
	if _, ok := changeMode(args[0], 0); !ok {
		return p.Fail("bad mode '%s'", args[0])
	}
	code := 0
	for _, name := range args[1:] {
		i, err := p.sys.Tree().Stat(p.Abs(name))
		if err != nil {
			code = p.Fail("%s: %s", name, vfs.ErrnoOf(err))
			continue
		}
		mode, _ := changeMode(args[0], i.Mode&vfs.ModePerms)
		if err := p.sys.Tree().Chmod(p.Abs(name), mode); err != nil {
			code = p.Fail("chmod '%s' to %04o: %s", name, mode, vfs.ErrnoOf(err))
		}
	}
	return code
}
