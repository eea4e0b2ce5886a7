package toybox

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"strings"

	"preship/adb/adbtest/vfs"
)

// maxTextLine bounds a line that is searched.
const maxTextLine = 4 << 20

// runGrep prints the lines that match a basic regular expression: the options
// are -i, -q and -v.
func runGrep(ctx context.Context, p *Process) int {
	opts, args, ok := p.Options("iqv")
	if !ok {
		return 2
	}
	if len(args) == 0 {
		p.complain("no REGEX")
		return 2
	}
	pattern := basicPattern(args[0])
	if opts.has('i') {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		p.complain("bad regex '%s': Invalid regular expression", args[0])
		return 2
	}
	hits := 0
	code := p.eachInput(ctx, args[1:], func(name string, r io.Reader) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxTextLine)
		for lines.Scan() {
			if re.Match(lines.Bytes()) == opts.has('v') {
				continue
			}
			hits++
			switch {
			case opts.has('q'):
			case len(args) > 2:
				p.Printf("%s:%s\n", name, lines.Bytes())
			default:
				p.Printf("%s\n", lines.Bytes())
			}
		}
		if err := lines.Err(); err != nil { // unlike a file that cannot be opened
			p.complain("%s: %s", name, vfs.ErrnoOf(err))
		}
		return nil
	})
	switch {
	case code != 0:
		return 2
	case hits == 0:
		return 1
	}
	return 0
}

// basicPattern turns a basic regular expression into one of package regexp:
// groups and counts are written with a backslash in the one and without in the
// other, and the other signs are plain text. Word ends are \< and \>.
func basicPattern(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case strings.IndexByte("(){}", s[i]) >= 0:
				b.WriteByte(s[i])
			case s[i] == '<' || s[i] == '>':
				b.WriteString(`\b`)
			default:
				b.WriteString(regexp.QuoteMeta(s[i : i+1]))
			}
		case strings.IndexByte("(){}|+?", s[i]) >= 0:
			b.WriteString(`\` + s[i:i+1])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
