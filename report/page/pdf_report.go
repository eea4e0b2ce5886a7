package page

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
)

// PDF makes report.pdf: two A4 pages of what report.html says, the first
// for whoever decides, the second with every check, and report.json attached.
// Equal reports give equal bytes.
func PDF(r *report.Report, token string) ([]byte, error) {
	b, err := report.MarshalFile(r)
	if err != nil {
		return nil, err
	}
	code, err := newSquare(token)
	if err != nil {
		return nil, err
	}
	return draw(r, pageWidth, pageHeight, func(s *sheet) error { return s.report(r, b, code) })
}

// report draws the two pages; b is report.json.
func (s *sheet) report(r *report.Report, b []byte, code square) error {
	s.pdf.SetAttachments([]fpdf.Attachment{{Content: b, Filename: "report.json", Description: "the signed report"}})
	s.pdf.AddPage()
	s.y = pageMargin
	s.verdict(r)
	s.reasons(r)
	if err := s.identity(r, code); err != nil {
		return err
	}
	s.saved(r)
	// The reset stands whole on the page that has room for it.
	page, turn := 1, func() {
		s.foot(r, report.Digest(b), 1)
		s.pdf.AddPage()
		s.y = pageMargin
	}
	if s.y+resetHeight > pageBottom {
		page = 2
		turn()
	}
	s.reset(r)
	if page == 1 {
		turn()
	}
	s.checks(r)
	s.foot(r, report.Digest(b), 2)
	return nil
}

const (
	pageBottom    = pageHeight - 29 // the footer begins here
	reasonsBottom = 118.0           // the handset and its codes need the rest of the page
	resetHeight   = 68.0            // with every line it can have
)

// verdict is the box at the top: the answer, and which phone it is about.
func (s *sheet) verdict(r *report.Report) {
	const height = 41.0
	s.ink(verdictInk[r.Verdict])
	s.pdf.RoundedRect(pageMargin, s.y, textWidth, height, 3, "1234", "F")
	if r.Emulated {
		s.ink(stampInk)
		s.pdf.SetLineWidth(2)
		s.pdf.RoundedRect(pageMargin, s.y, textWidth, height, 3, "1234", "D")
	}
	s.ink(white)
	x := pageMargin + 6
	say := verdictLook[r.Verdict].say
	word := s.lang.say(r.Verdict.Word())
	if r.Emulated {
		say = "verdict.say.emulated"
		word += " · " + s.t("page.emulated")
	}
	s.write(x, s.y+14, 30, true, word)
	s.write(x, s.y+22, 14, true, s.t(say))
	s.write(x, s.y+29.5, 11, false, s.lang.say(r.Handset.DisplayName())+" · "+r.ID)
	imei := s.t("page.imei.unknown")
	if r.Handset != nil && len(r.Handset.IMEI) > 0 {
		imei = "IMEI " + printable.Clip(r.Handset.IMEI[0].Value, 40)
		if len(r.Handset.IMEI) > 1 {
			imei += " · " + printable.Clip(r.Handset.IMEI[1].Value, 40)
		}
	}
	s.write(x, s.y+36, 11, false, imei)
	s.ink(black)
	s.y += height + 3
}

// reasons are what stands in the way, and below it what to mind.
func (s *sheet) reasons(r *report.Report) {
	var why, mind []reasonLine
	for _, w := range r.DistinctReasons() {
		why = append(why, reasonLine{s.lang.why(w).Text, s.lang.say(message.Signed(w.Next, w.NextMessage))})
	}
	for _, f := range r.ToMind() {
		mind = append(mind, reasonLine{s.lang.told(f).Text, s.lang.say(f.Advised())})
	}
	s.reasonLines("page.why", why)
	s.reasonLines("page.mind", mind)
}

// reasonLine is a reason, or something to mind, and what to do about it.
type reasonLine struct{ what, next string }

func (s *sheet) reasonLines(title message.ID, lines []reasonLine) {
	if len(lines) == 0 {
		return
	}
	s.heading(s.t(title))
	for i, line := range lines {
		if s.y > reasonsBottom-20 {
			s.paragraph(pageMargin, textWidth, 9, false, 1, s.t("page.why.more", "count", len(lines)-i))
			break
		}
		s.paragraph(pageMargin, textWidth, 10, false, 3, "• "+line.what)
		if line.next != "" {
			s.paragraph(pageMargin+4, textWidth-4, 9, true, 2, "→ "+line.next)
		}
	}
}

func (s *sheet) heading(text string) {
	s.y += 7.5
	s.write(pageMargin, s.y, 12, true, text)
	s.y += 1.5
	s.rule(pageMargin, textWidth)
	s.y++
}

// identity is who the handset is, with what a scanner reads beside it.
func (s *sheet) identity(r *report.Report, code square) error {
	s.heading(s.t("page.handset"))
	const codeSize = 44.0
	top := s.y
	s.code(code, pageWidth-pageMargin-codeSize, top+1, codeSize)
	facts := append(ticketFacts(r.Ticket), handsetFacts(s.lang, r.Handset)...)
	if r.Handset == nil {
		s.paragraph(pageMargin, textWidth-codeSize, 10, false, 2, s.t("page.handset.not-identified"))
	}
	s.facts(facts, textWidth-codeSize-4)
	codes, err := barcodes(r)
	if err != nil {
		return err
	}
	s.y += 2.5
	for i, c := range codes[:min(len(codes), 2)] {
		x := pageMargin + float64(i)*66
		s.bars(c.modules, x, s.y, 0.42, 10)
		s.write(x+10, s.y+13.5, 8, false, "IMEI "+c.Text)
	}
	if len(codes) > 0 {
		s.y += 14
	}
	s.y = max(s.y, top+codeSize+1)
	return nil
}

// facts are two columns of name and value.
func (s *sheet) facts(facts []fact, width float64) {
	const points, step = 8.5, 4.6
	column := width / 2
	rows := (len(facts) + 1) / 2
	names := [2]float64{s.nameWidth(facts[:rows], points, column), s.nameWidth(facts[rows:], points, column)}
	for i, f := range facts {
		name := names[i/max(rows, 1)]
		x, y := pageMargin+column*float64(i/max(rows, 1)), s.y+step*float64(i%max(rows, 1)+1)
		value := f.Value
		s.ink(soft)
		s.write(x, y, points, false, first(s.lines(s.lang.name(f.Name), points, name-1, 1)))
		s.ink(black)
		if f.Unknown {
			s.ink(statusInk[report.StatusUnknown])
			value = s.t("page.unknown")
		}
		s.write(x+name, y, points, false, first(s.lines(value, points, column-name-2, 1)))
		s.ink(black)
	}
	s.y += step*float64(rows) + 1
}

// nameWidth is the width the names need, within what leaves room for the values.
func (s *sheet) nameWidth(facts []fact, points, column float64) float64 {
	width := column * 0.3
	for _, f := range facts {
		width = max(width, s.width(points, s.lang.name(f.Name))+2)
	}
	return min(width, column*0.52)
}

func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// saved is what became of the owner's data.
func (s *sheet) saved(r *report.Report) {
	s.heading(s.t("page.saved"))
	if r.Backup == nil {
		s.paragraph(pageMargin, textWidth, 9, false, 1, s.t(missing(r, report.StepBackup)))
	}
	facts := backupFacts(s.lang, r.Backup)
	s.facts(facts[:min(len(facts), 24)], textWidth)
}

// reset is how the handset was erased, and how well that is proved.
func (s *sheet) reset(r *report.Report) {
	s.heading(s.t("page.reset"))
	if r.Reset == nil {
		s.paragraph(pageMargin, textWidth, 9, false, 1, s.t(missing(r, report.StepReset)))
	}
	s.facts(resetFacts(s.lang, r.Reset), textWidth)
	for _, rung := range rungLines(r) {
		mark, ink := "–", soft
		if rung.Here {
			mark, ink = "✓", statusInk[report.StatusPass]
		}
		s.ink(ink)
		s.paragraph(pageMargin, textWidth, 9, rung.Here, 1, mark+" "+s.lang.say(rung.Title))
	}
	s.ink(black)
	s.paragraph(pageMargin, textWidth, 9, true, 3, s.t("page.not-proved")+s.t("page.space")+s.lang.say(r.Rung.NotProved())+s.t("page.stop"))
	if z := r.Sanitization; z != nil {
		s.ink(soft)
		s.paragraph(pageMargin, textWidth, 8, false, 3, s.t(
			"page.sanitization",
			"framework", z.Framework, "method", z.Method, "technique", z.Technique, "claim", z.Claim()))
		s.ink(black)
	}
}

// foot says on each page whose report it is, and how to check it.
func (s *sheet) foot(r *report.Report, sum string, page int) {
	s.y = pageHeight - 27
	toy := ""
	if r.Emulated {
		toy = " · " + s.t("page.emulated")
	}
	s.rule(pageMargin, textWidth)
	s.ink(soft)
	s.y++
	for _, text := range []string{
		fmt.Sprintf("%s%s · %s · %s · %s %s", r.ID, toy, s.t("page.number", "page", page, "pages", 2), stampTime(r.Finished), r.Tool.Name, r.Tool.Version),
		s.t("page.signed-by") + " " + r.Signer,
		"report.json SHA-256 " + sum,
		s.t("page.code.proves"),
	} {
		s.y += 3.8
		s.write(pageMargin, s.y, 7.5, false, first(s.lines(text, 7.5, textWidth, 1)))
	}
	s.ink(black)
	s.emulated(pageWidth, pageHeight, 0.25, 0.55, 0.85)
}
