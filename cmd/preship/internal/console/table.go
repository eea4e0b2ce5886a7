package console

import (
	"fmt"
	"strings"
)

// Table writes rows to standard output, with the columns under each other: two spaces
// apart, and a wide character takes two columns. A cell is a sentence or anything that
// fmt prints, and is escaped.
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
	for _, row := range cells {
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
