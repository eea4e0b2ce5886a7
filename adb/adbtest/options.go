package adbtest

import "strings"

// options are the parsed options of a command: each letter given, with its
// argument if it takes one.
type options map[byte]string

func (o options) has(letter byte) bool { _, ok := o[letter]; return ok }

// any says whether one of the letters was given.
func (o options) any(letters string) bool {
	for _, letter := range []byte(letters) {
		if o.has(letter) {
			return true
		}
	}
	return false
}

// options parses as toybox does: letters may be joined, "--" ends them, and
// options may come after arguments unless spec begins with "+". A letter
// followed by ":" in spec takes an argument; by "*" it takes one each time, and
// they are joined by newlines. long holds "name=letter" pairs; a letter that is
// a control character has no short form. Unknown options are complained of.
func (p *process) options(spec string, long ...string) (opts options, rest []string, ok bool) {
	spec, posix := strings.CutPrefix(spec, "+")
	o := &optionParser{p: p, spec: spec, long: long, args: p.args[1:], opts: options{}}
	for len(o.args) > 0 {
		arg := o.args[0]
		o.args = o.args[1:]
		switch {
		case arg == "--":
			return o.opts, append(rest, o.args...), true
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
			if posix {
				return o.opts, append(rest, o.args...), true
			}
		case strings.HasPrefix(arg, "--"):
			ok = o.longOption(arg[2:])
		default:
			ok = o.letters(arg[1:])
		}
		if !ok && strings.HasPrefix(arg, "-") && len(arg) > 1 {
			return nil, nil, false
		}
	}
	return o.opts, rest, true
}

type optionParser struct {
	p    *process
	spec string
	long []string
	args []string // not looked at yet
	opts options
}

// kind is what follows a letter in the spec: ':', '*' or 0.
func (o *optionParser) kind(at int) byte {
	if at+1 < len(o.spec) && (o.spec[at+1] == ':' || o.spec[at+1] == '*') {
		return o.spec[at+1]
	}
	return 0
}

func (o *optionParser) letters(arg string) bool {
	for i := range len(arg) {
		at := strings.IndexByte(o.spec, arg[i])
		if at < 0 || arg[i] < ' ' || arg[i] == ':' || arg[i] == '*' {
			return o.unknown(arg[i:])
		}
		if o.kind(at) != 0 {
			return o.argument(at, arg[i+1:], i+1 < len(arg), "-"+arg[i:i+1])
		}
		o.opts[arg[i]] = ""
	}
	return true
}

func (o *optionParser) longOption(arg string) bool {
	name, value, given := strings.Cut(arg, "=")
	for _, row := range o.long {
		known, letter, _ := strings.Cut(row, "=")
		if known != name {
			continue
		}
		if at := strings.Index(o.spec, letter); o.kind(at) != 0 {
			return o.argument(at, value, given, "--"+name)
		}
		o.opts[letter[0]] = value
		return true
	}
	return o.unknown(arg)
}

// argument keeps an option's argument: the rest of its word, or the next word.
func (o *optionParser) argument(at int, value string, given bool, name string) bool {
	letter := o.spec[at]
	if !given {
		if len(o.args) == 0 {
			o.p.complain("Missing argument to %s (see \"%s --help\")", name, o.p.args[0])
			return false
		}
		value, o.args = o.args[0], o.args[1:]
	}
	if old, again := o.opts[letter]; again && o.kind(at) == '*' {
		value = old + "\n" + value
	}
	o.opts[letter] = value
	return true
}

func (o *optionParser) unknown(rest string) bool {
	o.p.complain("Unknown option '%s' (see \"%s --help\")", rest, o.p.args[0])
	return false
}

// needs complains, in toybox's words, when there are fewer than n arguments.
func (p *process) needs(args []string, n int) bool {
	if len(args) >= n {
		return true
	}
	s := ""
	if n > 1 {
		s = "s"
	}
	p.complain("Needs %d argument%s (see \"%s --help\")", n, s, p.args[0])
	return false
}
