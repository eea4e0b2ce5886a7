package mask

import (
	"regexp"
	"sync"

	"preship/adb/handset"
	"preship/adb/handset/dump"
)

// Answer returns the answer to a line as it may leave the computer in a report. The
// table rows says what may stay; anything else is left out and counted.
func Answer(line handset.Line, said []byte) []byte {
	if len(said) == 0 {
		return said
	}
	mask, ok := rows[line.Command()]
	if !ok {
		mask = nothingKept
	}
	return mask(line, said)
}

// Line returns a line as it may leave the computer: without the names of the
// owner's apps.
func Line(line handset.Line) string {
	row := line.Command()
	if row != handset.PackagePath && row != handset.PackageTimes {
		return line.String()
	}
	if args := line.Args(); len(args) != 1 || appName(args[0]) != args[0] {
		return row.Must(dump.Masked).String()
	}
	return line.String()
}

// keeping returns a mask that keeps the lines that are wholly of one of these forms. It
// compiles them at the first answer: every command starts with this table.
//
//go:noinline
func keeping(forms ...string) mask {
	compiled := sync.OnceValue(func() []*regexp.Regexp {
		known := make([]*regexp.Regexp, len(forms))
		for i, form := range forms {
			known[i] = regexp.MustCompile(`^(?:` + form + `)$`)
		}
		return known
	})
	return func(_ handset.Line, said []byte) []byte {
		return dump.KeepLines(said, func(line string) (string, bool) {
			for _, form := range compiled() {
				if form.MatchString(line) {
					return line, true
				}
			}
			return "", false
		})
	}
}

// nothingKept returns the mask of rows whose answers are the owner's own data, and
// of a row that the table does not name.
func nothingKept(_ handset.Line, said []byte) []byte {
	return dump.KeepLines(said, func(string) (string, bool) { return "", false })
}
