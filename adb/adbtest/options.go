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
// followed by ":" in spec takes an argument. Unknown options are complained of.
func (p *process) options(spec string) (opts options, rest []string, ok bool) {
	spec, posix := strings.CutPrefix(spec, "+")
	o := &optionParser{p: p, spec: spec, args: p.args[1:], opts: options{}}
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
	p    *process
	spec string
	args []string // not looked at yet
	opts options
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
	o.p.complain("Unknown option '%s' (see \"%s --help\")", rest, o.p.args[0])
	return false
}

// argument keeps an option's argument: the rest of its word, or the next word.
func (o *optionParser) argument(letter byte, value string) bool {
	if value == "" {
		if len(o.args) == 0 {
			o.p.complain("Missing argument to -%c (see \"%s --help\")", letter, o.p.args[0])
			return false
		}
		value, o.args = o.args[0], o.args[1:]
	}
	o.opts[letter] = value
	return true
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
