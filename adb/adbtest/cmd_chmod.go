package adbtest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// changeMode applies a mode of chmod to mode: octal, or clauses such as
// u+rwx,g=u,o-w. What a clause without a letter in front adds obeys the umask.
func changeMode(spec string, mode uint32, dir bool, umask uint32) (uint32, bool) {
	if n, err := strconv.ParseUint(spec, 8, 16); err == nil {
		return uint32(n) & modePerms, n <= modePerms
	}
	for clause := range strings.SplitSeq(spec, ",") {
		who := clause[:len(clause)-len(strings.TrimLeft(clause, "augo"))]
		rest, before := clause[len(who):], mode
		if rest == "" {
			return mode, false
		}
		for rest != "" {
			op := rest[0]
			what := rest[1:]
			if next := strings.IndexAny(what, "+-="); next >= 0 {
				what = what[:next]
			}
			rest = rest[1+len(what):]
			bits, ok := modeBits(what, mode, dir)
			if !ok || strings.IndexByte("+-=", op) < 0 {
				return mode, false
			}
			// A second sign in a clause starts from the mode before it again.
			mode = applyMode(before, op, who, bits, umask)
		}
	}
	return mode, true
}

// modeBits reads the letters behind the sign, as bits of one class and the
// special ones. u, g and o stand for what that class has.
func modeBits(what string, mode uint32, dir bool) (bits uint32, ok bool) {
	for _, letter := range []byte(what) {
		switch letter {
		case 'r', 'w', 'x':
			bits |= map[byte]uint32{'r': 4, 'w': 2, 'x': 1}[letter]
		case 'X':
			bits |= uint32(b2i(dir || mode&0o111 != 0))
		case 's':
			bits |= 0o6000
		case 't':
			bits |= 0o1000
		case 'u':
			bits |= mode >> 6 & 7
		case 'g':
			bits |= mode >> 3 & 7
		case 'o':
			bits |= mode & 7
		default:
			return 0, false
		}
	}
	return bits, true
}

func applyMode(mode uint32, op byte, who string, bits, umask uint32) uint32 {
	var mask uint32 // what the classes named may change
	all := who == "" || strings.Contains(who, "a")
	for _, class := range []struct {
		letter string
		mask   uint32
	}{{"u", 0o4700}, {"g", 0o2070}, {"o", 0o1007}} {
		if all || strings.Contains(who, class.letter) {
			mask |= class.mask
		}
	}
	if strings.ContainsAny(who, "ug") || all {
		mask |= 0o1000
	}
	set := (bits&7*0o111 | bits&0o7000) & mask
	if who == "" {
		set &^= umask
	}
	switch op {
	case '+':
		return mode | set
	case '-':
		return mode &^ set
	}
	return mode&^(mask&0o777) | set
}

// eachFile calls fn with every file named and, if asked, what is below.
func (p *process) eachFile(ctx context.Context, names []string, below bool, fn func(name string, i info) int) int {
	code := 0
	for _, name := range names {
		i, err := p.h.tree.stat(p.abs(name))
		if err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
			continue
		}
		code = max(code, fn(name, i))
		if !below || !i.isDir() || ctx.Err() != nil {
			continue
		}
		kids, err := p.h.tree.readDir(p.abs(name))
		if err != nil {
			code = p.fail("%s: %s", name, errnoOf(err))
		}
		var inner []string
		for _, kid := range kids {
			if !kid.isLink() {
				inner = append(inner, strings.TrimSuffix(name, "/")+"/"+kid.name)
			}
		}
		code = max(code, p.eachFile(ctx, inner, true, fn))
	}
	return code
}

func runChmod(ctx context.Context, p *process) int {
	opts, args, ok := p.chmodArgs()
	if !ok {
		return 1
	}
	if _, ok := changeMode(args[0], 0, false, 0); !ok {
		return p.fail("bad mode '%s'", args[0])
	}
	return p.eachFile(ctx, args[1:], opts.has('R'), func(name string, i info) int {
		mode, _ := changeMode(args[0], i.mode&modePerms, i.isDir(), p.sh.umask.Load())
		err := p.h.tree.chmod(p.abs(name), mode)
		switch {
		case err != nil && !opts.has('f'):
			return p.fail("chmod '%s' to %04o: %s", name, mode, errnoOf(err))
		case err != nil:
			return 1
		case opts.has('v'):
			p.printf("chmod '%s' to %s\n", name, args[0])
		}
		return 0
	})
}

// chmodArgs reads chmod's options; a mode may begin with a dash.
func (p *process) chmodArgs() (options, []string, bool) {
	at := 1
	for at < len(p.args) && strings.HasPrefix(p.args[at], "-") && strings.Trim(p.args[at][1:], "Rvf") == "" {
		at++
	}
	rest := p.args[at:]
	p.args = p.args[:at:at]
	opts, _, ok := p.options("+Rvf")
	if ok && len(rest) > 0 && rest[0] == "--" {
		rest = rest[1:]
	}
	if ok && len(rest) < 2 {
		p.complain("Need 2 arguments (see \"%s --help\")", p.args[0])
		return nil, nil, false
	}
	return opts, rest, ok
}

// runChown is chown and chgrp. The shell can give nothing away, so all it may
// set is what is there already.
func runChown(ctx context.Context, p *process) int {
	opts, args, ok := p.options("+RHLPhvf")
	if !ok {
		return 1
	}
	if len(args) < 2 {
		return p.fail("Need 2 arguments (see \"%s --help\")", p.args[0])
	}
	user, group, _ := strings.Cut(strings.ReplaceAll(args[0], ".", ":"), ":")
	if p.args[0] == "chgrp" {
		user, group = "", args[0]
	}
	uid, okUser := idOf(user)
	gid, okGroup := idOf(group)
	switch {
	case user != "" && !okUser:
		return p.fail("bad user '%s'", user)
	case group != "" && !okGroup:
		return p.fail("bad group '%s'", group)
	}
	return p.eachFile(ctx, args[1:], opts.has('R'), func(name string, i info) int {
		if i.uid == p.h.tree.who().uid && (user == "" || uid == i.uid) && (group == "" || gid == i.gid) {
			return 0
		}
		p.complain("'%s' to '%s': %s", name, fmt.Sprintf("%s:%s", user, group), ePERM)
		return 255
	})
}
