package page

import (
	"bytes"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"preship/report"
	"preship/report/message"
)

// A4 in millimetres, and the margin every printer can keep.
const (
	pageWidth, pageHeight = 210.0, 297.0
	pageMargin            = 14.0
	textWidth             = pageWidth - 2*pageMargin
)

type colour struct{ r, g, b int }

var (
	black      = colour{0, 0, 0}
	soft       = colour{86, 92, 104}
	white      = colour{255, 255, 255}
	line       = colour{190, 194, 201}
	stampInk   = colour{124, 22, 130}
	verdictInk = map[report.Verdict]colour{
		report.VerdictReady: {11, 107, 48}, report.VerdictNotReady: {154, 74, 0}, report.VerdictFailed: {168, 20, 27}, report.VerdictIncomplete: {71, 77, 90},
	}
	statusInk = map[report.Status]colour{
		report.StatusPass: {11, 107, 48}, report.StatusWarn: {138, 82, 0}, report.StatusFail: {179, 21, 28}, report.StatusUnknown: {90, 74, 156}, report.StatusSkipped: {86, 92, 104},
	}
)

// sheet is a PDF being written, from top to bottom. A text of a handset passes through
// text, which spells out the characters that the font cannot show.
type sheet struct {
	pdf   *fpdf.Fpdf
	font  *face
	lang  lang
	y     float64
	stamp bool // EMULATED across each page
}

// draw makes a document in the language of the report.
func draw(r *report.Report, width, height float64, on func(*sheet) error) ([]byte, error) {
	return drawIn(langNamed(r.Language), r, width, height, on)
}

// drawIn makes a document in a language. If on meets characters that the face of the sheet does not find,
// it draws on a new sheet.
func drawIn(l lang, r *report.Report, width, height float64, on func(*sheet) error) ([]byte, error) {
	f, err := westernFont()
	if err != nil {
		return nil, err
	}
	for c := f.face(); ; c.lacks = false {
		s, err := newSheet(r, l, c, width, height)
		if err != nil {
			return nil, err
		}
		if err := on(s); err != nil {
			return nil, err
		}
		if !c.lacks {
			return s.bytes()
		}
	}
}

// newSheet begins a document whose bytes depend only on the drawing:
// its dates are those of the report.
func newSheet(r *report.Report, l lang, c *face, width, height float64) (*sheet, error) {
	ttf, err := c.file()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(r.Finished.UTC())
	pdf.SetModificationDate(r.Finished.UTC())
	pdf.SetProducer("preship", true)
	pdf.SetLang(l.tag)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes("sans", "", ttf)
	s := &sheet{pdf: pdf, font: c, lang: l, stamp: r.Emulated}
	pdf.SetTitle(c.spell(l.say(r.Verdict.Word())+" · "+l.say(r.Handset.DisplayName())+" · "+r.ID), true)
	return s, pdf.Error()
}

func (s *sheet) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// t is a fixed text in the sheet's language.
func (s *sheet) t(id message.ID, args ...any) string { return s.lang.text(id, args...) }

func (s *sheet) ink(c colour) {
	s.pdf.SetTextColor(c.r, c.g, c.b)
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetFillColor(c.r, c.g, c.b)
}

// write puts one line of text with its baseline at y.
func (s *sheet) write(x, y, points float64, bold bool, text string) {
	s.pdf.SetFont("sans", "", points)
	if bold { // the typeface has one weight; a drawn outline makes the other
		s.pdf.SetTextRenderingMode(2)
		s.pdf.SetLineWidth(points * 0.012)
		defer s.pdf.SetTextRenderingMode(0)
	}
	s.pdf.Text(x, y, s.font.spell(text))
}

func (s *sheet) width(points float64, text string) float64 {
	s.pdf.SetFont("sans", "", points)
	return s.pdf.GetStringWidth(s.font.spell(text))
}

// lines breaks a text to a width, between words and between ideographs, and
// inside a word that alone is too wide. What does not fit ends in an ellipsis.
func (s *sheet) lines(text string, points, width float64, most int) (lines []string) {
	rest := []rune(s.font.spell(text))
	for len(rest) > 0 {
		n := s.fit(rest, points, width)
		if len(lines) == most-1 && n < len(rest) {
			n = s.cut(rest, points, width-s.width(points, "…"))
			return append(lines, strings.TrimSpace(string(rest[:n]))+"…")
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		rest = rest[n:]
	}
	return lines
}

// cut says how many characters of a text that is too long are before the
// ellipsis: whole words, unless a third of the line would stay empty.
func (s *sheet) cut(text []rune, points, width float64) int {
	whole, used := s.fit(text, points, width), 0.0
	s.pdf.SetFont("sans", "", points)
	n := 0
	for n < len(text) && used+s.pdf.GetStringWidth(string(text[n])) <= width {
		used += s.pdf.GetStringWidth(string(text[n]))
		n++
	}
	if whole*3 >= n*2 {
		return max(1, whole)
	}
	return max(1, n)
}

// fit returns how many characters fit on one line.
func (s *sheet) fit(text []rune, points, width float64) int {
	s.pdf.SetFont("sans", "", points)
	used, breakAt := 0.0, 0
	for i, r := range text {
		used += s.pdf.GetStringWidth(string(r))
		if used > width && !unicode.IsSpace(r) {
			if breakAt > 0 {
				return breakAt
			}
			return max(1, i)
		}
		if unicode.IsSpace(r) || wide(r) && !strings.ContainsRune(opening, r) && (i+1 == len(text) || !strings.ContainsRune(closing, text[i+1])) {
			breakAt = i + 1
		}
	}
	return len(text)
}

// A Chinese line does not end with an opening mark, and does not begin with a closing one.
const (
	opening = "（“‘《"
	closing = "。，；：、）”’》！？…"
)

// wide reports whether a line may end after a character of a script without spaces.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r > 0x2fff && r < 0xff61 || strings.ContainsRune(closing, r)
}

// paragraph writes a text from y on and moves y below it.
func (s *sheet) paragraph(x, width, points float64, bold bool, most int, text string) {
	step := points * 0.46
	for _, l := range s.lines(text, points, width, most) {
		s.y += step
		s.write(x, s.y, points, bold, l)
	}
	s.y += step * 0.25
}

func (s *sheet) rule(x, width float64) {
	s.ink(line)
	s.pdf.SetLineWidth(0.3)
	s.pdf.Line(x, s.y, x+width, s.y)
	s.ink(black)
}

// bars draws a Code 128; module is the width of one.
func (s *sheet) bars(code []bool, x, y, module, height float64) {
	s.ink(black)
	runs(code, func(at, w int) {
		s.pdf.Rect(x+float64(at)*module, y, float64(w)*module, height, "F")
	})
}

// code draws a QR code with its border; size is that of all of it.
func (s *sheet) code(q square, x, y, size float64) {
	s.ink(white)
	s.pdf.Rect(x, y, size, size, "F")
	s.ink(black)
	module := size / float64(len(q)+2*qrQuiet)
	q.runs(func(cx, cy, w int) {
		s.pdf.Rect(x+float64(qrQuiet+cx)*module, y+float64(qrQuiet+cy)*module, float64(w)*module, module, "F")
	})
}

// emulated stamps the page across, over everything else, at these heights.
func (s *sheet) emulated(width, height float64, at ...float64) {
	if !s.stamp {
		return
	}
	word := s.t("page.emulated")
	points := 100 * width / pageWidth
	s.ink(stampInk)
	s.pdf.SetAlpha(0.16, "Normal")
	for _, part := range at {
		x, y := width/2, height*part
		s.pdf.TransformBegin()
		s.pdf.TransformRotate(28, x, y)
		s.write(x-s.width(points, word)/2, y, points, false, word)
		s.pdf.TransformEnd()
	}
	s.pdf.SetAlpha(1, "Normal")
	s.ink(black)
}

func stampTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
