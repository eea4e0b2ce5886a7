package console

import "testing"

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
		{"wide characters take two columns", "  红米红米 红米红米 红米红米 three", 24, "  红米红米 红米红米\n    红米红米 three"},
		{"a long Chinese text breaks between characters", "  保存全部共享存储空间，并把每个文件", 24, "  保存全部共享存储空间，\n    并把每个文件"},
		{"a short Chinese sentence behind a space breaks too", "  打开 USB 调试，这样证明最有力。", 28, "  打开 USB 调试，这样证明最\n    有力。"},
		{"an accent takes none", "  e\u0301e\u0301e\u0301 one two three four", 24, "  e\u0301e\u0301e\u0301 one two three four"},
		{"a number stays with its unit", "  one two three free: 30 GB", 26, "  one two three free:\n    30 GB"},
		{"a number stays with its unit in Chinese", "  可用空间：可用空间30 GB。", 26, "  可用空间：可用空间\n    30 GB。"},
		{"a number stays with its unit among Chinese", "  需保存：61 个文件，3.1 MB。可用空间：19.6 GB。复制约需 1 秒。", 45, "  需保存：61 个文件，3.1 MB。可用空间：\n    19.6 GB。复制约需 1 秒。"},
		{"too narrow", "  one two three four five six seven", 10, "  one two three four five six seven"},
	}
	for _, tt := range tests {
		if got := Wrap(tt.in, tt.width); got != tt.want {
			t.Errorf("%s: Wrap(%q, %d) = %q, want %q", tt.name, tt.in, tt.width, got, tt.want)
		}
	}
}

func TestRowsOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		width int
		want  int
	}{{"", 10, 1}, {"0123456789", 10, 1}, {"0123456789a", 10, 2}, {"\x1b[32m0123456789\x1b[0m", 10, 1}, {"a\nb", 10, 2}, {"红米红米红", 10, 1}, {"红米红米红米", 10, 2}, {"0123456789a", 0, 1}} {
		if got := rowsOf(tt.text, tt.width); got != tt.want {
			t.Errorf("rowsOf(%q, %d) = %d, want %d", tt.text, tt.width, got, tt.want)
		}
	}
}
