package page

import (
	"fmt"
	"testing"
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
		{"all in one column", [][]checkLine{heading, check(1), check(2)}, 5, "4 0 0"},
		{"goes on in the other", [][]checkLine{heading, check(2), check(2)}, 4, "3 2 0"},
		{"a step's name does not end a column", [][]checkLine{check(3), heading, check(1)}, 4, "3 2 0"},
		{"more than there is room for", [][]checkLine{check(2), check(2), check(2), check(1)}, 2, "2 2 2"},
		{"no room at all", [][]checkLine{heading, check(1)}, 0, "0 0 1"},
	} {
		columns, left := place(tt.blocks, tt.rows)
		if got := fmt.Sprint(len(columns[0]), len(columns[1]), left); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
