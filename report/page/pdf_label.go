package page

import (
	"strings"

	"preship/report"
	"preship/report/intake"
)

// The label fits a roll 62 mm wide, the commonest of label printers.
const labelWidth, labelHeight, labelMargin = 62.0, 100.0, 3.0

// Label makes label.pdf, for the outside of the box: the RMA number, or that of the ticket
// or the case, and the sender, if in is not nil. It shows no model, no IMEI and no verdict:
// who carries the box does not learn that a phone without locks is in it. For a handset
// that may not be posted, the label says that and has no sender.
//
// With a sender the label is personal, like the form.
func Label(r *report.Report, in *intake.Form) ([]byte, error) {
	return draw(r, labelWidth, labelHeight, func(s *sheet) error { return s.label(r, in) })
}

// labelNumber is the number that a desk looks for on a box, and the name of its kind.
func (s *sheet) labelNumber(r *report.Report) (name, number string) {
	switch t := r.Ticket; {
	case t != nil && t.RMA != "":
		return s.t("page.fact.rma"), t.RMA
	case t != nil && t.ID != "":
		return s.t("page.fact.ticket"), t.ID
	}
	return s.t("page.report"), r.ID
}

func (s *sheet) label(r *report.Report, in *intake.Form) error {
	const width = labelWidth - 2*labelMargin
	s.pdf.AddPage()
	s.pdf.SetTitle(s.font.spell(s.t("page.label")), true)
	s.ink(black) // label printers know no other colour
	s.y = labelMargin
	if r.Emulated {
		s.paragraph(labelMargin, width, 12, true, 2, s.t("page.emulated"))
	}
	if r.Verdict != report.VerdictReady {
		s.paragraph(labelMargin, width, 17, true, 4, s.t(verdictLook[r.Verdict].say))
	}
	name, number := s.labelNumber(r)
	s.paragraph(labelMargin, width, 9, false, 1, name)
	points := 17.0
	for points > 12 && s.width(points, number) > width {
		points--
	}
	s.paragraph(labelMargin, width, points, true, 3, number)
	if r.Verdict == report.VerdictReady {
		s.labelBars(r, number)
		s.sender(in, width)
	}
	s.emulated(labelWidth, labelHeight, 0.30, 0.68)
	return nil
}

// labelBars draws the number for a scanner, where it fits on the label and is no number of
// an emulated handset.
func (s *sheet) labelBars(r *report.Report, number string) {
	const finest = 0.25 // the narrowest bar that such a printer prints
	code, err := newBarcode(number)
	if module := min(0.38, (labelWidth-2)/float64(max(code.Width, 1))); err == nil && !r.Emulated && module >= finest {
		s.y++
		s.bars(code.modules, (labelWidth-module*float64(code.Width))/2+module*quietZone, s.y, module, 14)
		s.y += 15
	}
}

// sender writes who posts the box, whole: the name, and the address as far as there is room.
func (s *sheet) sender(in *intake.Form, width float64) {
	if in == nil {
		return
	}
	s.pdf.SetKeywords(paperNumber("label.pdf", in.Salt), true) // see paperNumber
	s.y += 3
	s.rule(labelMargin, width)
	s.y++
	s.paragraph(labelMargin, width, 9, false, 1, s.t("page.label.from"))
	s.paragraph(labelMargin, width, 11, true, 2, in.Customer.Name)
	for line := range strings.SplitSeq(in.Customer.Address, "\n") {
		const step = 11 * 0.46
		if room := int((labelHeight - labelMargin - s.y) / step); room > 0 && strings.TrimSpace(line) != "" {
			s.paragraph(labelMargin, width, 11, false, min(room, 5), strings.TrimSpace(line))
		}
	}
}
