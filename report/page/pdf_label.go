package page

import "preship/report"

// The label fits a roll 62 mm wide, the commonest of label printers.
const labelWidth, labelHeight, labelMargin = 62.0, 100.0, 3.0

// bare is the ticket without what a label has no room for.
func bare(t *report.Ticket) *report.Ticket {
	if t == nil {
		return nil
	}
	short := *t
	short.Photos = nil
	return &short
}

// Label makes label.pdf: what a desk scans before it opens the box. It
// holds no name and no address.
func Label(r *report.Report, token string) ([]byte, error) {
	code, err := newSquare(token)
	if err != nil {
		return nil, err
	}
	codes, err := barcodes(r)
	if err != nil {
		return nil, err
	}
	return draw(r, labelWidth, labelHeight, func(s *sheet) error {
		s.label(r, code, codes)
		return nil
	})
}

func (s *sheet) label(r *report.Report, code square, codes []barcode) {
	const width = labelWidth - 2*labelMargin
	s.pdf.AddPage()
	s.ink(black) // label printers know no other colour
	s.y = labelMargin
	s.paragraph(labelMargin, width, 17, true, 1, s.lang.say(r.Verdict.Word()))
	if r.Emulated {
		s.paragraph(labelMargin, width, 12, true, 1, s.t("page.emulated"))
	}
	s.paragraph(labelMargin, width, 9, false, 1, s.lang.say(r.Handset.DisplayName()))
	s.paragraph(labelMargin, width, 9, false, 1, r.ID)
	for _, f := range ticketFacts(bare(r.Ticket)) {
		s.paragraph(labelMargin, width, 9, true, 1, s.lang.say(f.Name)+" "+f.Value)
	}
	s.y++
	if len(codes) > 0 {
		const module = 0.38 // 154 modules with their quiet zones
		s.bars(codes[0].modules, (labelWidth-module*float64(codes[0].Width))/2+module*quietZone, s.y, module, 12)
		s.y += 12
		s.paragraph(labelMargin, width, 9, false, 1, "IMEI "+codes[0].Text)
	} else if r.Handset != nil && r.Handset.SN != nil {
		s.paragraph(labelMargin, width, 9, false, 1, s.t("page.fact.sn")+" "+r.Handset.SN.Value)
	}
	size := min(labelWidth-2*labelMargin, labelHeight-labelMargin-s.y, 42)
	s.code(code, (labelWidth-size)/2, labelHeight-labelMargin-size, size)
	s.emulated(labelWidth, labelHeight, 0.24, 0.48) // not over the code: such printers have no shades
}
