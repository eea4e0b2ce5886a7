package toybox

import (
	"context"
	"fmt"
	"io"
	"strconv"
)

// wcCounts are lines, words and bytes.
type wcCounts [3]int64

func runWc(ctx context.Context, p *Process) int {
	opts, files, ok := p.Options("lwc")
	if !ok {
		return 1
	}
	var total wcCounts
	code := p.eachInput(ctx, files, func(name string, r io.Reader) error {
		n, err := countAll(r)
		for i := range total {
			total[i] += n[i]
		}
		if err == nil {
			p.Printf("%s\n", wcLine(n, name, opts, len(files)))
		}
		return err
	})
	if len(files) > 1 {
		p.Printf("%s\n", wcLine(total, "total", opts, len(files)))
	}
	return code
}

// wcLine returns one line of wc. Only the numbers of a single file, and a single
// number of standard input, are not aligned.
func wcLine(n wcCounts, name string, opts Letters, files int) string {
	var cells []string
	for i, letter := range []byte("lwc") {
		if opts.has(letter) || !opts.any("lwc") {
			cells = append(cells, strconv.FormatInt(n[i], 10))
		}
	}
	line := ""
	for i, cell := range cells {
		if i > 0 {
			line += " "
		}
		if files > 1 || files == 0 && len(cells) > 1 {
			cell = fmt.Sprintf("%7s", cell)
		}
		line += cell
	}
	if name != "-" {
		line += " " + name
	}
	return line
}

func countAll(r io.Reader) (n wcCounts, err error) {
	buf := make([]byte, copyBuffer)
	word := false
	for {
		got, err := r.Read(buf)
		for _, c := range buf[:got] {
			space := c == ' ' || c >= '\t' && c <= '\r'
			if !space && !word {
				n[1]++
			}
			word = !space
			if c == '\n' {
				n[0]++
			}
		}
		n[2] += int64(got)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
