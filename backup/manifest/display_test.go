package manifest

import "testing"

func TestDisplay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Fotos 2024/é.jpg":   "Fotos 2024/é.jpg",
		"a\x1b[31m":          `a\x1b[31m`,
		"\xff.jpg":           `\xff.jpg`,
		"a\u202eb":           `a\u202eb`,
		"\xffa\u3164b\u115f": `\xffa\u3164b\u115f`, // Hangul fillers: letters that nobody sees
		"\u200d is a joiner": "\u200d is a joiner",
	} {
		got := Display(in)
		if HasControl(got) {
			t.Errorf("%+q is shown as %+q", in, got)
		}
		if got != want {
			t.Errorf("%+q is shown as %+q, want %+q", in, got, want)
		}
	}
}
