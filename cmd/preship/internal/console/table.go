package console

import (
	"fmt"
	"strings"
)

// leastColumn is the least width in columns that the last cell of a row is wrapped to.
const leastColumn = 24

// Table writes rows to standard output, with the columns under each other: two spaces
// apart, and a wide character takes two columns. A cell is a sentence or anything that
// fmt prints, and is escaped. On a terminal that is too narrow the last cell is wrapped, or
// else the cells of a row stand below each other.
func (c *Console) Table(rows [][]any) {
	c.clearLine()
	cells := make([][]string, len(rows))
	var widths []int
	for i, row := range rows {
		for j, cell := range row {
			text := c.sprintf("%v", []any{cell})
			cells[i] = append(cells[i], text)
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], Columns(text))
		}
	}
	before := 0 // the columns before the last
	for _, w := range widths[:max(0, len(widths)-1)] {
		before += w + 2
	}
	limit, last := 0, len(widths)-1
	if c.OutTTY && last > 0 && c.Width() > 0 && before+widths[last] > c.Width() {
		limit = c.Width()
	}
	for _, row := range cells {
		if limit > 0 && before+leastColumn > limit {
			c.stack(row, limit)
			continue
		}
		if limit > 0 && len(row) == len(widths) {
			text := strings.Split(Wrap(row[last], limit-before), "\n")
			for i := range text[1:] {
				text[i+1] = strings.Repeat(" ", before) + strings.TrimSpace(text[i+1])
			}
			row[last] = strings.Join(text, "\n")
		}
		var b strings.Builder
		for j, text := range row {
			b.WriteString(text)
			if j < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[j]-Columns(text)+2))
			}
		}
		fmt.Fprintln(c.Out, strings.TrimRight(b.String(), " "))
	}
}

// stack writes the cells of a row below each other.
func (c *Console) stack(row []string, width int) {
	indent := ""
	for _, text := range row {
		if text != "" {
			fmt.Fprintln(c.Out, Wrap(indent+text, width))
			indent = "  "
		}
	}
}
