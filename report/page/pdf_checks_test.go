package page

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"preship/report/casetest"
)

func TestPlaceChecks(t *testing.T) {
	t.Parallel()
	heading := []checkLine{{heading: true}}
	check := func(n int) []checkLine { return make([]checkLine, n) }
	for _, tt := range []struct {
		name   string
		blocks [][]checkLine
		rows   int
		want   string
	}{
		{"even columns", [][]checkLine{heading, check(1), check(2)}, 5, "2 2 0"},
		{"no more rows than there are", [][]checkLine{heading, check(2), check(2)}, 4, "3 2 0"},
		{"a step's name does not end a column", [][]checkLine{check(3), heading, check(1)}, 4, "3 2 0"},
		{"the rest goes to the next page", [][]checkLine{check(2), check(2), check(2), check(1)}, 2, "2 2 2"},
		{"a step's name does not end a page", [][]checkLine{check(2), check(1), heading, check(1)}, 2, "2 1 2"},
		{"no room at all", [][]checkLine{heading, check(1)}, 0, "0 0 2"},
	} {
		columns, rest := place(tt.blocks, tt.rows)
		if got := fmt.Sprint(len(columns[0]), len(columns[1]), len(rest)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A line of Chinese does not begin with a closing mark or end with an opening one.
func TestLinesKeepMarks(t *testing.T) {
	t.Parallel()
	r := casetest.Report(t, nil)
	s, err := newSheet(&r, langNamed("zh"), wholeFace(t), pageWidth, pageHeight)
	if err != nil {
		t.Fatal(err)
	}
	const text = "手机在不登录账号的情况下完成设置，并（再次）经过“检查”。手机没有列出账号。"
	for width := 10.0; width < 80; width++ {
		lines := s.lines(text, checkPoints, width, 99)
		if strings.Join(lines, "") != text {
			t.Fatalf("lines %q lose a part of the text", lines)
		}
		for _, l := range lines {
			begin, _ := utf8.DecodeRuneInString(l)
			end, _ := utf8.DecodeLastRuneInString(l)
			if strings.ContainsRune(closing, begin) || strings.ContainsRune(opening, end) {
				t.Errorf("width %v: line %q", width, l)
			}
		}
	}
}
