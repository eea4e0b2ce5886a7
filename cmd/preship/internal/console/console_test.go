package console

import (
	"strings"
	"testing"

	"preship/report/message"
)

// A sentence is written in the language of the console, wherever it stands.
func TestSay(t *testing.T) {
	t.Parallel()
	s := message.Say("text.files", "count", 2)
	for _, tt := range []struct{ language, want string }{
		{"", "2 files\n"},
		{"es", "2 archivos\n"},
		{"zh", "2 个文件\n"},
	} {
		var out, err strings.Builder
		c := &Console{Out: &out, Err: &err, Language: tt.language}
		c.Say(s)
		c.Sayf("%s", s)
		c.Warn(s)
		c.Print(s)
		if want := tt.want + tt.want + "preship: " + tt.want; err.String() != want || out.String() != tt.want {
			t.Errorf("%q: %q and %q, want %q and %q", tt.language, err.String(), out.String(), want, tt.want)
		}
	}
	var err strings.Builder
	(&Console{Err: &err}).Say(message.AsIs("a\x1bb"))
	if want := "a\\u001bb\n"; err.String() != want {
		t.Errorf("control character: %q, want %q", err.String(), want)
	}
}
