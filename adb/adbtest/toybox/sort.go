package toybox

import (
	"bytes"
	"context"
	"io"
	"slices"
)

// sortRoom bounds the text that sort takes into memory.
const sortRoom = 16 << 20

// runSort prints the lines of its files, or of standard input, in the order of
// their bytes.
func runSort(ctx context.Context, p *Process) int {
	_, files, ok := p.Options("")
	if !ok {
		return 2
	}
	var all [][]byte
	code := p.eachInput(ctx, files, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, sortRoom))
		for line := range bytes.Lines(b) {
			all = append(all, bytes.TrimSuffix(line, []byte("\n")))
		}
		return err
	})
	slices.SortFunc(all, bytes.Compare)
	for _, line := range all {
		p.Printf("%s\n", line)
	}
	if code != 0 {
		return 2
	}
	return 0
}
