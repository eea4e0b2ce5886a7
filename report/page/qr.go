package page

import (
	"fmt"
	"html/template"
	"strings"
	"sync/atomic"

	"preship/report/page/qrcode"
)

// qrQuiet is the white border a reader needs, in modules.
const qrQuiet = 4

// square is a QR code as rows of dark modules, without its border.
type square [][]bool

// newSquare encodes at level M: a corner of a label may be scratched.
func newSquare(text string) (square, error) {
	if last := lastSquare.Load(); last != nil && last.text == text {
		return last.square, nil
	}
	rows, err := qrcode.Encode(text)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	lastSquare.Store(&labelled{text, rows})
	return rows, nil
}

// lastSquare is the square that was made last: the three pages of a report show the same.
var lastSquare atomic.Pointer[labelled]

type labelled struct {
	text   string
	square square
}

// runs calls fn for each horizontal run of dark modules.
func (s square) runs(fn func(x, y, width int)) {
	for y, row := range s {
		runs(row, func(x, width int) { fn(x, y, width) })
	}
}

// qrImage is a QR code for the page.
type qrImage struct {
	Text string
	Size int           // of the viewBox, in modules
	Path template.HTML // the d of an SVG path
}

func (s square) image(text string) *qrImage {
	var path strings.Builder
	s.runs(func(x, y, w int) {
		fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", qrQuiet+x, qrQuiet+y, w, w)
	})
	return &qrImage{Text: text, Size: len(s) + 2*qrQuiet, Path: template.HTML(path.String())} // made of numbers only
}
