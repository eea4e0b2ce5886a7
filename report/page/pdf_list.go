package page

import (
	"fmt"
	"iter"
	"time"

	"preship/report"
	"preship/report/printable"
)

// List is a table for people, on as many pages as it takes.
type List struct {
	Language string // of the words that are passed in; empty is the default
	Title    string
	Notes    []string // below the title, a line each
	Heads    []string
	Widths   []float64 // of the columns, by their share of the page
	Rows     int       // how many rows there are
	At       time.Time // when the list was made
}

const (
	listPoints = 7.5
	listRow    = 5.4 // millimetres
	listTop    = pageMargin + 6
	listEnd    = pageWidth - pageMargin - 4 // the page is landscape
	listRoom   = pageHeight - 2*pageMargin
	listGap    = 2.0 // between columns
)

// ListPDF draws a list on pages that lie on their side. A text that is too long for its
// column ends in an ellipsis. rows may be asked for more than once, and gives each time the
// same rows, each as long as the heads.
func ListPDF(l List, rows iter.Seq[[]string]) ([]byte, error) {
	return drawIn(langNamed(l.Language), &report.Report{Finished: l.At}, pageHeight, pageWidth, func(s *sheet) error {
		s.pdf.SetTitle(s.font.spell(l.Title), true)
		d := lister{sheet: s, l: l, pages: l.pages()}
		d.begin()
		for row := range rows {
			d.row(row)
		}
		return s.pdf.Error()
	})
}

// pages returns how many pages the rows take.
func (l List) pages() int {
	first, other := l.fits(l.top()), l.fits(listTop)
	if l.Rows <= first {
		return 1
	}
	return 1 + (l.Rows-first+other-1)/other
}

// top returns where the heads stand on the first page.
func (l List) top() float64 { return listTop + 5 + 4.5*float64(len(l.Notes)) }

// fits returns how many rows are below heads at this height.
func (l List) fits(top float64) int { return int((listEnd - top) / listRow) }

// lister draws the rows of a list from page to page.
type lister struct {
	*sheet
	l           List
	page, pages int
	left        int // rows that fit on this page yet
}

// begin draws the title and the heads of the first page.
func (d *lister) begin() {
	d.pdf.AddPage()
	d.ink(black)
	d.write(pageMargin, pageMargin+2, 13, true, printable.Clip(d.l.Title, 120))
	d.y = pageMargin + 3
	for _, note := range d.l.Notes {
		d.y += 4.5
		d.ink(soft)
		for _, text := range d.lines(note, 8.5, listRoom, 1) {
			d.write(pageMargin, d.y, 8.5, false, text)
		}
	}
	d.heads(d.l.top())
}

// heads draws the heads of the columns and the foot of the page.
func (d *lister) heads(top float64) {
	d.page++
	d.ink(soft)
	number := fmt.Sprintf("%d / %d", d.page, d.pages)
	d.write(pageHeight-pageMargin-d.width(listPoints, number), pageWidth-pageMargin+2, listPoints, false, number)
	d.y = top
	d.ink(black)
	d.pdf.SetFont("sans", "", listPoints)
	d.cells(d.l.Heads, true)
	d.pdf.SetLineWidth(0.15)
	d.pdf.SetDrawColor(line.r, line.g, line.b)
	d.left = d.l.fits(top)
}

func (d *lister) row(cells []string) {
	if d.left == 0 {
		d.pdf.AddPage()
		d.heads(listTop)
	}
	d.left--
	d.y += listRow
	d.cells(cells, false)
}

// cells draws one row with its rule below.
func (d *lister) cells(cells []string, bold bool) {
	all := 0.0
	for _, w := range d.l.Widths {
		all += w
	}
	x := float64(pageMargin)
	for i, text := range cells {
		width := d.l.Widths[i] / all * listRoom
		if text = d.font.spell(printable.Text(text)); d.pdf.GetStringWidth(text) > width-listGap {
			text = d.lines(text, listPoints, width-listGap, 1)[0]
		}
		if bold {
			d.write(x, d.y, listPoints, bold, text)
		} else {
			d.pdf.Text(x, d.y, text) // the font stays: each time it is set takes as much as the text
		}
		x += width
	}
	d.pdf.Line(pageMargin, d.y+1.4, pageMargin+listRoom, d.y+1.4)
}
