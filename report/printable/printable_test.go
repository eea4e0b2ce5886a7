package printable

import (
	"testing"
	"unicode"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":               "plain",
		"two\nlines\tand":     "two lines and",
		"\x1b[31mred":         "\ufffd[31mred",
		"\u009b31mred":        "\ufffd31mred",
		"abc\u202egpj.exe":    "abc\ufffdgpj.exe",
		"zero\u200bwidth":     "zero\ufffdwidth",
		"mark\ufeff":          "mark\ufffd",
		"word\u2060joiner":    "word\ufffdjoiner",
		"soft\u00adhyphen":    "soft\ufffdhyphen",
		"left\u200eto right":  "left\ufffdto right",
		"filler\u3164":        "filler\ufffd",
		"tag\U000e0041":       "tag\ufffd",
		"line\u2028break":     "line\ufffdbreak",
		"bad\xff":             "bad\ufffd",
		"sign \u0600 seen":    "sign \u0600 seen",
		"红米 Note 10":          "红米 Note 10",
		"👩\u200d👧 stay whole": "👩\u200d👧 stay whole",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Unsafe answers without the tables for ASCII. The tables say the same.
func TestUnsafeOfASCII(t *testing.T) {
	t.Parallel()
	for r := range rune(unicode.MaxASCII + 1) {
		if got, want := Unsafe(r), unicode.In(r, acting...); got != want {
			t.Errorf("%q: %t, want %t", r, got, want)
		}
	}
}

func TestCell(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", "=1+1": "'=1+1", "@x": "'@x", "-": "'-", "868732053538038": "'868732053538038", "868732053538038 868732053538046": "'868732053538038 868732053538046",
		"20261129": "20261129", "a\nb": "a b", "": "",
	} {
		if got := Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
	}
}
