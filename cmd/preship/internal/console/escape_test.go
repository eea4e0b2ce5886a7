package console

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"preship/report/printable"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "Redmi Note 10", "Redmi Note 10"},
		{"cjk and emoji", "机主 😀", "机主 😀"},
		{"escape sequence", "a\x1b[31mb", `a\u001b[31mb`},
		{"newline", "a\nb", `a\nb`},
		{"carriage return", "a\rb", `a\u000db`},
		{"tab", "a\tb", `a\tb`},
		{"c1 control", "a\u009b31m", `a\u009b31m`},
		{"direction override", "a\u202eb", `a\u202eb`},
		{"zero width", "a\u200bb", `a\u200bb`},
		{"Arabic letter mark", "a\u061cb", `a\u061cb`},
		{"emoji of several", "👩\u200d👧", "👩\u200d👧"},
		{"invalid utf-8", "a\xffb", `a\xffb`},
		{"delete", "a\x7fb", `a\u007fb`},
	}
	for _, tt := range tests {
		if got := Escape(tt.in); got != tt.want {
			t.Errorf("%s: Escape(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b]0;title\x07", "\xc2\x9b2J", "\u2066x", "\xf0\x9f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range Escape(s) {
			if printable.Unsafe(r) {
				t.Fatalf("Escape(%q) lets %U through", s, r)
			}
		}
	})
}

// TestPrintJSONList: the same as the array in one piece.
func TestPrintJSONList(t *testing.T) {
	t.Parallel()
	type item struct {
		Name string   `json:"name"`
		List []string `json:"list"`
	}
	for _, items := range [][]item{{}, {{"a", nil}}, {{"\u202eb", []string{"x", "y"}}, {"c", []string{}}}} {
		var got, want bytes.Buffer
		if err := PrintJSONList(&Console{Out: &got}, slices.Values(items)); err != nil {
			t.Fatal(err)
		}
		if err := (&Console{Out: &want}).PrintJSON(items); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%q, want %q", got.String(), want.String())
		}
	}
	if err := PrintJSONList(&Console{Out: failing{}}, slices.Values([]item{{"a", nil}})); err == nil {
		t.Error("a full disk gives no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
