package handset

import "strings"

// plain reports whether a shell leaves c alone wherever it is in a word.
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("_./:@%+=,-", c) >= 0
}

// quote returns arg as one word of a POSIX shell.
func quote(arg string) string {
	if arg == "" {
		return "''"
	}
	for i := range len(arg) {
		if !plain(arg[i]) {
			return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
	}
	return arg
}

// firstWord takes the first shell word off line, both as written and unquoted.
// It is not ok when the word is not written the way quote writes it: a line
// that needs a cleverer reading was not made by this package.
func firstWord(line string) (word, arg string, ok bool) {
	var b strings.Builder
	rest := line
	for rest != "" && rest[0] != ' ' {
		switch {
		case strings.HasPrefix(rest, `\'`):
			b.WriteByte('\'')
			rest = rest[2:]
		case rest[0] == '\'':
			end := strings.IndexByte(rest[1:], '\'')
			if end < 0 {
				return "", "", false
			}
			b.WriteString(rest[1 : 1+end])
			rest = rest[end+2:]
		case plain(rest[0]):
			b.WriteByte(rest[0])
			rest = rest[1:]
		default:
			return "", "", false
		}
	}
	word, arg = line[:len(line)-len(rest)], b.String()
	return word, arg, word != "" && quote(arg) == word
}
