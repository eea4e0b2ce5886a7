package console

import (
	"path/filepath"
	"runtime"
	"strings"
)

// Quote returns a path as an argument of a command that a person may copy: a folder's
// name must not become a command of its own.
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
