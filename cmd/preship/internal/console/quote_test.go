package console

import (
	"os"
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"desk/PS-20261122-7K3Q9D": "desk/PS-20261122-7K3Q9D",
		"Jordans phone":           "'Jordans phone'",
		"a'; rm -rf ~; '":         `'a'\''; rm -rf ~; '\'''`,
		"":                        "''",
	} {
		if os.PathSeparator == '\\' {
			want = strings.NewReplacer("'Jordans phone'", `"Jordans phone"`, `'a'\''; rm -rf ~; '\'''`, `"a'; rm -rf ~; '"`, "''", `""`).Replace(want)
		}
		if got := Quote(path); got != want {
			t.Errorf("%q is shown as %s, want %s", path, got, want)
		}
	}
}
