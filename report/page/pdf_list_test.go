package page

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
)

func listRows(n int, model string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range n {
			if !yield([]string{fmt.Sprintf("PS-%06d", i), model}) {
				return
			}
		}
	}
}

// TestListPDF: the pages that the foot counts are those of the file, whatever the number of
// rows, and equal lists give equal bytes.
func TestListPDF(t *testing.T) {
	t.Parallel()
	l := List{Title: "cases", Notes: []string{"one", "two"}, Heads: []string{"CASE", "HANDSET"}, Widths: []float64{1, 2}, At: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	first, other := l.fits(l.top()), l.fits(listTop)
	for _, tt := range []struct {
		rows, pages int
		model       string
	}{
		{0, 1, ""},
		{first, 1, "Redmi Note 10"},
		{first + 1, 2, strings.Repeat("a very long name ", 40)},
		{first + other, 2, "\x1b[2J\u202e小米"},
		{first + other + 1, 3, "أ"},
	} {
		l.Rows = tt.rows
		b, err := ListPDF(l, listRows(tt.rows, tt.model))
		if err != nil {
			t.Fatalf("%d rows: %v", tt.rows, err)
		}
		if pages := bytes.Count(b, []byte("/Type /Page\n")); pages != tt.pages || l.pages() != tt.pages {
			t.Errorf("%d rows: %d pages, counted as %d, want %d", tt.rows, pages, l.pages(), tt.pages)
		}
		again, err := ListPDF(l, slices.Values(slices.Collect(listRows(tt.rows, tt.model))))
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%d rows: other bytes the second time, %v", tt.rows, err)
		}
	}
}
