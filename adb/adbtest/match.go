package adbtest

// matches is fnmatch(3) without flags: * and ? match any byte, also a slash and
// a leading dot. Names are bytes.
func matches(pattern, name string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for i := 0; i <= len(name); i++ {
				if matches(pattern[1:], name[i:]) {
					return true
				}
			}
			return false
		case '[':
			ok, rest := inSet(pattern, name)
			if !ok {
				return false
			}
			pattern, name = rest, name[1:]
			continue
		case '\\':
			if len(pattern) > 1 {
				pattern = pattern[1:]
			}
			if name == "" || name[0] != pattern[0] {
				return false
			}
		case '?':
			if name == "" {
				return false
			}
		default:
			if name == "" || name[0] != pattern[0] {
				return false
			}
		}
		pattern, name = pattern[1:], name[1:]
	}
	return name == ""
}

// inSet matches the first byte of name against the set that pattern begins
// with, and returns what follows the set. A set without an end is a plain "[".
func inSet(pattern, name string) (ok bool, rest string) {
	i, negated, first := 1, false, true
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		negated = true
		i++
	}
	hit := false
	for ; i < len(pattern) && (first || pattern[i] != ']'); i++ {
		first = false
		low, high := pattern[i], pattern[i]
		if i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			high = pattern[i+2]
			i += 2
		}
		hit = hit || name != "" && low <= name[0] && name[0] <= high
	}
	if i >= len(pattern) {
		return name != "" && name[0] == '[', pattern[1:]
	}
	return name != "" && hit != negated, pattern[i+1:]
}
