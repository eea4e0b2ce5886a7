package page

import (
	"bytes"
	"image"
	"path"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"preship/report/picture"
)

// flow writes texts of any length down a page and onto the next. Nothing is cut.
type flow struct {
	*sheet
	left, right float64 // the widths at both sides that are taken
}

const (
	flowBottom = pageHeight - 23 // above the foot of the page
	flowPoints = 9.0
	flowStep   = flowPoints * 0.46
	flowName   = 44.0 // width of the names of facts
)

// turn begins a page.
func (f *flow) turn() {
	f.pdf.AddPage()
	f.y = pageMargin
	f.ink(black)
}

// need begins a page where this height is not free.
func (f *flow) need(height float64) {
	if f.y+height > flowBottom {
		f.turn()
	}
}

// room is the width that is free.
func (f *flow) room() float64 { return textWidth - f.left - f.right }

// wrapped breaks a text into lines, also where it says so itself.
func (f *flow) wrapped(points, width float64, text string) (lines []string) {
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if part = strings.TrimSpace(part); part != "" {
			lines = append(lines, f.lines(part, points, width, len(part)+1)...)
		}
	}
	return lines
}

// text writes a paragraph.
func (f *flow) text(points float64, bold bool, text string) {
	step := points * 0.46
	for _, line := range f.wrapped(points, f.room(), text) {
		f.need(step)
		f.y += step
		f.write(pageMargin+f.left, f.y, points, bold, line)
	}
	f.y += step * 0.25
}

// head writes the title of a section, with room for a line below it.
func (f *flow) head(text string) {
	f.need(22)
	f.heading(text)
}

// named is a value and its name.
type named struct{ name, value string }

// facts writes names and values, two on a line where both are short.
func (f *flow) facts(list []named) {
	list = slices.DeleteFunc(slices.Clone(list), func(n named) bool { return strings.TrimSpace(n.value) == "" })
	short := func(n named) bool {
		return f.width(flowPoints, n.name) < flowName-2 && f.width(flowPoints, n.value) < textWidth/2-flowName-2
	}
	for len(list) > 0 {
		if len(list) == 1 || !short(list[0]) || !short(list[1]) {
			f.fact(list[0].name, list[0].value)
			list = list[1:]
			continue
		}
		f.need(flowStep)
		y := f.y
		f.fact(list[0].name, list[0].value)
		f.y, f.left = y, textWidth/2
		f.fact(list[1].name, list[1].value)
		f.left, list = 0, list[2:]
	}
}

// fact writes a name and its value side by side. A fact without a value is left out.
func (f *flow) fact(name, value string) {
	if strings.TrimSpace(value) != "" {
		f.columns(name, value, flowName, false)
	}
}

// blank is fact, with a line for the pen in place of a missing value.
func (f *flow) blank(name, value string) {
	if strings.TrimSpace(value) != "" {
		f.columns(name, value, flowName, false)
		return
	}
	names := f.wrapped(flowPoints, flowName-2, name)
	f.need(max(float64(len(names)), 1)*flowStep + 4)
	f.y += 2
	f.ink(soft)
	for i, line := range names {
		f.write(pageMargin+f.left, f.y+flowStep*float64(i+1), flowPoints, false, line)
	}
	f.y += flowStep*max(float64(len(names)), 1) + 1
	f.rule(pageMargin+f.left+flowName, f.room()-flowName)
	f.y++
}

// mark writes a word in the ink of the sheet, and its subject beside it.
func (f *flow) mark(word, text string) { f.columns(word, text, 22, true) }

// columns writes two texts side by side. The left one is in the ink of the sheet if it is
// marked, else soft.
func (f *flow) columns(left, right string, width float64, marked bool) {
	r, g, b := f.pdf.GetTextColor()
	ink := soft
	if marked {
		ink = colour{r, g, b}
	}
	names, values := f.wrapped(flowPoints, width-2, left), f.wrapped(flowPoints, f.room()-width, right)
	f.need(flowStep * float64(min(max(len(names), len(values)), 3)))
	for i := range max(len(names), len(values)) {
		f.need(flowStep)
		f.y += flowStep
		if i < len(names) {
			f.ink(ink)
			f.write(pageMargin+f.left, f.y, flowPoints, marked, names[i])
		}
		f.ink(black)
		if i < len(values) {
			f.write(pageMargin+f.left+width, f.y, flowPoints, false, values[i])
		}
	}
	f.y += flowStep * 0.25
}

// item writes a line with a box to tick.
func (f *flow) item(text string) {
	const box = 3.0
	for i, line := range f.wrapped(flowPoints, textWidth-6, text) {
		f.need(flowStep)
		f.y += flowStep
		if i == 0 {
			f.pdf.SetLineWidth(0.3)
			f.pdf.Rect(pageMargin+0.5, f.y-box+0.3, box, box, "D")
		}
		f.write(pageMargin+6, f.y, flowPoints, false, line)
	}
	f.y += flowStep * 0.25
}

// shot is a picture and its caption.
type shot struct {
	file, caption string

	jpg  []byte
	size image.Point
}

// readShots reads the pictures of a document, and returns the files that are none.
//
// The writer of PDFs orders pictures by their width, and those of one width at random. So
// each gets its own width, else equal reports would give other bytes.
func readShots(list []shot, read func(file string) ([]byte, error)) (shown []shot, lost []string) {
	taken := map[int]bool{}
	for i, s := range list {
		b, err := read(s.file)
		for side := shotPixels - 10*i; err == nil && (s.jpg == nil || taken[s.size.X]) && side > 0; side = max(s.size.X, s.size.Y) - 1 {
			s.jpg, s.size, err = picture.Print(b, side)
		}
		if err != nil || taken[s.size.X] {
			lost = append(lost, s.file)
			continue
		}
		taken[s.size.X] = true
		shown = append(shown, s)
	}
	return shown, lost
}

const (
	shotWidth  = (textWidth - 6) / 2
	shotHeight = 76.0
	shotPixels = 1000 // of the longer side of the first picture: 300 an inch
)

// pair draws up to two pictures side by side.
func (f *flow) pair(shots []shot) {
	f.need(shotHeight + 12)
	f.y += 2
	for i, s := range shots {
		x := pageMargin + float64(i)*(shotWidth+6)
		options := fpdf.ImageOptions{ImageType: "JPG"}
		f.pdf.RegisterImageOptionsReader(s.file, options, bytes.NewReader(s.jpg))
		scale := min(shotWidth/float64(s.size.X), shotHeight/float64(s.size.Y))
		w, h := float64(s.size.X)*scale, float64(s.size.Y)*scale
		f.pdf.ImageOptions(s.file, x, f.y+shotHeight-h, w, h, false, options, 0, "")
		f.pdf.SetLineWidth(0.2)
		f.ink(line)
		f.pdf.Rect(x, f.y+shotHeight-h, w, h, "D")
		f.ink(black)
		for n, line := range f.lines(s.caption+" · "+path.Base(s.file), 8, shotWidth, 3) {
			f.write(x, f.y+shotHeight+3.5*float64(n+1), 8, false, line)
		}
	}
	f.y += shotHeight + 9
}
