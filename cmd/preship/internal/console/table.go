package console

import (
	"fmt"
	"io"
	"strings"
)

// leastColumn is the least width in columns that the last cell of a row is wrapped to.
const leastColumn = 24

// Table writes rows to standard output, with the columns under each other: two spaces
// apart, and a wide character takes two columns. A cell is a sentence or anything that
// fmt prints, and is escaped. On a terminal that is too narrow the last cell is wrapped. If
// there is no room for that, the cells after the first are written beside it or below it: as
// many in a line as fit, and the last in lines of its own.
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
			stack(c.Out, row, widths[0]+2, limit)
			continue
		}
		if limit > 0 && len(row) == len(widths) {
			row[last] = hang("", before, limit, row[last])
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

// stack writes the first cell of a row, and the others in lines that begin at the column
// second.
func stack(to io.Writer, row []string, second, width int) {
	head := row[0] + strings.Repeat(" ", second-Columns(row[0]))
	if second+leastColumn > width {
		fmt.Fprintln(to, Wrap(row[0], width))
		head, second = "  ", 2
	}
	var lines []string
	for i, text := range row[1:] {
		last := len(lines) - 1
		switch {
		case text == "":
		case last >= 0 && i < len(row)-2 && second+Columns(lines[last])+2+Columns(text) <= width:
			lines[last] += "  " + text
		default:
			lines = append(lines, text)
		}
	}
	for _, line := range lines {
		fmt.Fprintln(to, hang(head, second, width, line))
		head = strings.Repeat(" ", second)
	}
}
