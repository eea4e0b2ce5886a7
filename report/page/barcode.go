package page

import (
	"fmt"
	"html/template"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/code128"

	"preship/report"
)

// barcode is a number a desk's scanner reads off the page.
type barcode struct {
	Text   string
	Width  int           // of the viewBox, in modules
	Height int           // of the bars, in modules
	Path   template.HTML // of the bars

	modules []bool // dark ones are true; without the quiet zones
}

const (
	barHeight = 34 // modules: tall enough for a scanner held askew
	quietZone = 10 // modules of white before and after the bars, the least Code 128 allows
)

// barcodes makes a Code 128 of each IMEI. An emulated handset gets no code:
// its number must not be booked in anywhere.
func barcodes(r *report.Report) (codes []barcode, err error) {
	if r.Handset == nil || r.Emulated {
		return nil, nil
	}
	for _, i := range r.Handset.IMEI {
		if len(i.Value) != 15 || strings.Trim(i.Value, "0123456789") != "" {
			continue // nothing a scanner should be given
		}
		code, err := newBarcode(i.Value)
		if err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return codes, nil
}

func newBarcode(digits string) (barcode, error) {
	code, err := code128.Encode(digits)
	if err != nil {
		return barcode{}, fmt.Errorf("barcode: %w", err)
	}
	modules := make([]bool, code.Bounds().Dx())
	for x := range modules {
		modules[x] = isBar(code.At(x, 0))
	}
	var path strings.Builder
	runs(modules, func(x, w int) {
		fmt.Fprintf(&path, "M%d 0h%dv%dh-%dz", quietZone+x, w, barHeight, w)
	})
	return barcode{
		Text: digits, Width: len(modules) + 2*quietZone, Height: barHeight, modules: modules,
		Path: template.HTML(path.String()), // made of numbers only
	}, nil
}

// runs calls fn for each run of dark modules of a row.
func runs(row []bool, fn func(x, width int)) {
	for x := 0; x < len(row); {
		end := x
		for end < len(row) && row[end] {
			end++
		}
		if end > x {
			fn(x, end-x)
		}
		x = end + 1
	}
}

func isBar(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r == 0
}
