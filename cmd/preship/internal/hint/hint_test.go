package hint

import (
	"strings"
	"testing"
	"unicode"
)

func TestRowsAreCalm(t *testing.T) {
	t.Parallel()
	for _, row := range rows {
		if len(row.hint) == 0 {
			t.Errorf("%v: no hint", row.err)
		}
		for _, line := range row.hint {
			if first := []rune(line)[0]; unicode.IsUpper(first) || strings.HasSuffix(line, ".") || strings.Contains(line, "!") {
				t.Errorf("hint for %v: %q should begin lower-case, end without a period and not shout", row.err, line)
			}
		}
	}
}
