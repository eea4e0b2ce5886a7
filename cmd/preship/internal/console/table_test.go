package console

import (
	"strings"
	"testing"

	"preship/report/message"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := &Console{Out: &out, Language: "zh"}
	c.Table([][]any{
		{message.Say("status.pass"), "a\x1b", 1},
		{"long", "b", ""},
		{message.Say("status.unknown"), Safe("\x1b[1mc\x1b[0m"), 22},
	})
	want := "通过  a\\u001b  1\nlong  b\n未知  \x1b[1mc\x1b[0m        22\n"
	if out.String() != want {
		t.Errorf("table\n%q, want\n%q", out.String(), want)
	}
}
