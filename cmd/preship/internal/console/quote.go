package console

import (
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// ofCase finds a command of this program that works on a case. It is written alike in every
// language; a subcommand, such as that of backup show, names its folder itself.
var ofCase = regexp.MustCompile(`preship (backup|reset|verify)( --way [a-z-]+)?( (?:show|list|open|restore|verify)\b)?`)

// commandOn returns the first command that a text tells a person to run on a case, with the
// folder of the case, ready to paste; empty if there is none or the folder is empty.
func commandOn(folder, text string) string {
	m := ofCase.FindStringSubmatch(text)
	if m == nil || m[3] != "" || folder == "" {
		return ""
	}
	return "preship " + m[1] + m[2] + " --case " + Quote(folder)
}

// Quote returns a path as an argument of a command that a person may copy: a folder's
// name must not become its own command.
func Quote(path string) string {
	plain := func(r rune) bool {
		return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("._-/:", r) || r == filepath.Separator
	}
	switch {
	case path != "" && !strings.ContainsFunc(path, func(r rune) bool { return !plain(r) }):
		return path
	case runtime.GOOS == "windows": // where no name holds a quotation mark
		return `"` + path + `"`
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
