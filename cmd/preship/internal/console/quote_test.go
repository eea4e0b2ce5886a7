package console

import (
	"os"
	"strings"
	"testing"
)

func TestCommandOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ folder, text, want string }{
		{"job", "Run preship backup again on this case.", "preship backup --case job"},
		{"job", "请运行 preship verify。", "preship verify --case job"},
		{"job", "Then run preship reset --way settings.", "preship reset --way settings --case job"},
		{"job", "use preship backup list with this folder", ""},
		{"job", "try the secret key: preship backup verify DIR", ""},
		{"", "Run preship verify.", ""},
		{"job", "Charge the handset to 30 %.", ""},
	} {
		if got := commandOn(tt.folder, tt.text); got != tt.want {
			t.Errorf("%q on %q: %q, want %q", tt.text, tt.folder, got, tt.want)
		}
	}
}

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
