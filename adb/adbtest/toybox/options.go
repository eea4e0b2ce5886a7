package toybox

import "strings"

// Letters are the parsed options of a command: each letter given, with its
// argument if it takes one.
type Letters map[byte]string

func (o Letters) has(letter byte) bool { _, ok := o[letter]; return ok }

// any reports whether one of the letters was given.
func (o Letters) any(letters string) bool {
	for _, letter := range []byte(letters) {
		if o.has(letter) {
			return true
		}
	}
	return false
}

// Options parses the arguments as toybox does: letters may be joined, "--" ends them, and
// options may come after arguments unless spec begins with "+". A letter
// followed by ":" in spec takes an argument. Unknown options are complained of.
func (p *Process) Options(spec string) (opts Letters, rest []string, ok bool) {
	spec, posix := strings.CutPrefix(spec, "+")
	o := &optionParser{p: p, spec: spec, args: p.Args[1:], opts: Letters{}}
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
		case arg[1] == '-':
			return nil, nil, o.unknown(arg[2:])
		case !o.letters(arg[1:]):
			return nil, nil, false
		}
	}
	return o.opts, rest, true
}

type optionParser struct {
	p    *Process
	spec string
	args []string // not looked at yet
	opts Letters
}

func (o *optionParser) letters(arg string) bool {
	for i := range len(arg) {
		at := strings.IndexByte(o.spec, arg[i])
		if at < 0 || arg[i] == ':' {
			return o.unknown(arg[i:])
		}
		if at+1 < len(o.spec) && o.spec[at+1] == ':' {
			return o.argument(arg[i], arg[i+1:])
		}
		o.opts[arg[i]] = ""
	}
	return true
}

func (o *optionParser) unknown(rest string) bool {
	o.p.complain("Unknown option '%s' (see \"%s --help\")", rest, o.p.Args[0])
	return false
}

// argument keeps an option's argument: the rest of its word, or the next word.
func (o *optionParser) argument(letter byte, value string) bool {
	if value == "" {
		if len(o.args) == 0 {
			o.p.complain("Missing argument to -%c (see \"%s --help\")", letter, o.p.Args[0])
			return false
		}
		value, o.args = o.args[0], o.args[1:]
	}
	o.opts[letter] = value
	return true
}

// needs complains, in toybox's words, when there are fewer than n arguments.
func (p *Process) needs(args []string, n int) bool {
	if len(args) >= n {
		return true
	}
	s := ""
	if n > 1 {
		s = "s"
	}
	p.complain("Needs %d argument%s (see \"%s --help\")", n, s, p.Args[0])
	return false
}
