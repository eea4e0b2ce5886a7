package toybox

import "strings"

// Letters are the parsed options of a command: each letter given, with its
// argument if it takes one.
type Letters map[byte]string

func (o Letters) has(letter byte) bool { _, ok := o[letter]; return ok }

// Options parses the arguments as toybox does: letters may be joined, "--" ends them, and
// options may come after arguments unless spec begins with "+". A letter
// followed by ":" in spec takes an argument. Unknown options are complained of.
func (p *Process) Options(spec string) (opts Letters, rest []string, ok bool) {
	spec, posix := strings.CutPrefix(spec, "+")
	opts = Letters{}
	for args := p.Args[1:]; len(args) > 0; {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return opts, append(rest, args...), true
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			if posix {
				return opts, append(rest, args...), true
			}
			continue
		}
		for i := 1; i < len(arg); i++ {
			letter, value := arg[i], arg[i+1:]
			switch at := strings.IndexByte(spec, letter); {
			case at < 0 || letter == ':':
				p.complain("Unknown option '%s' (see \"%s --help\")", strings.TrimPrefix(arg[i:], "-"), p.Args[0])
				return nil, nil, false
			case !strings.HasPrefix(spec[at+1:], ":"):
				opts[letter] = ""
				continue
			}
			if value == "" {
				if len(args) == 0 {
					p.complain("Missing argument to -%c (see \"%s --help\")", letter, p.Args[0])
					return nil, nil, false
				}
				value, args = args[0], args[1:]
			}
			opts[letter] = value
			break
		}
	}
	return opts, rest, true
}

// needs complains, in toybox's words, when there are fewer than n arguments.
func (p *Process) needs(n int) bool {
	if len(p.names) >= n {
		return true
	}
	p.complain("Needs %d argument%s (see \"%s --help\")", n, strings.Repeat("s", min(n-1, 1)), p.Args[0])
	return false
}
