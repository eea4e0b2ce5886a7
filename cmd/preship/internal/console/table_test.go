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

// On a narrow terminal the last column is wrapped, or the cells after the first share lines
// beside it, the last one in its own.
func TestNarrowTable(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"PS-1", "NOT READY", "3 MB", "resume with: preship prepare --case desk/PS-1"}, {"PS-2", "", "", "-"}}
	for width, want := range map[int]string{
		80: "PS-1  NOT READY  3 MB  resume with: preship prepare --case desk/PS-1\nPS-2                   -\n",
		56: "PS-1  NOT READY  3 MB  resume with: preship prepare\n                       --case desk/PS-1\nPS-2                   -\n",
		36: "PS-1  NOT READY  3 MB\n      resume with: preship prepare\n      --case desk/PS-1\nPS-2  -\n",
		29: "PS-1\n  NOT READY  3 MB\n  resume with: preship\n  prepare --case desk/PS-1\nPS-2\n  -\n",
	} {
		var out strings.Builder
		c := &Console{Out: &out, OutTTY: true, Columns: func() int { return width }}
		c.Table(rows)
		if out.String() != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", width, out.String(), want)
		}
	}
}
