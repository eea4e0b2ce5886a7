package main

import "testing"

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
		{"invalid utf-8", "a\xffb", `a\xffb`},
		{"delete", "a\x7fb", `a\u007fb`},
	}
	for _, tt := range tests {
		if got := escape(tt.in); got != tt.want {
			t.Errorf("%s: escape(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b]0;title\x07", "\xc2\x9b2J", "\u2066x", "\xf0\x9f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range escape(s) {
			if unsafeRune(r) {
				t.Fatalf("escape(%q) lets %U through", s, r)
			}
		}
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		in    string
		width int
		want  string
	}{
		{"off a terminal", "  a b c", 0, "  a b c"},
		{"fits", "  one two", 40, "  one two"},
		{"breaks at a space", "  one two three four five six seven", 24, "  one two three four\n    five six seven"},
		{"a long word stays whole", "  see /a/very/long/path/that/does/not/fit/anywhere now", 24, "  see\n    /a/very/long/path/that/does/not/fit/anywhere\n    now"},
		{"colours take no room", "  \x1b[32mone\x1b[0m two three four five", 24, "  \x1b[32mone\x1b[0m two three four\n    five"},
		{"too narrow", "  one two three four five six seven", 10, "  one two three four five six seven"},
	}
	for _, tt := range tests {
		if got := wrap(tt.in, tt.width); got != tt.want {
			t.Errorf("%s: wrap(%q, %d) = %q, want %q", tt.name, tt.in, tt.width, got, tt.want)
		}
	}
}
