package report

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// renderPDF makes report.pdf: two A4 pages of what report.html says, the first
// for whoever decides, the second with every check, and report.json attached.
// Equal reports give equal bytes.
func renderPDF(r *Report, token string) ([]byte, error) {
	b, err := marshalFile(r)
	if err != nil {
		return nil, err
	}
	s, err := newSheet(r, langNamed(r.Language), pageWidth, pageHeight)
	if err != nil {
		return nil, err
	}
	s.pdf.SetAttachments([]fpdf.Attachment{{Content: b, Filename: reportName, Description: "the signed report"}})
	code, err := newSquare(token)
	if err != nil {
		return nil, err
	}
	s.pdf.AddPage()
	s.y = pageMargin
	s.verdict(r)
	s.reasons(r)
	if err := s.identity(r, code); err != nil {
		return nil, err
	}
	s.saved(r)
	// The reset stands whole on the page that has room for it.
	page, turn := 1, func() {
		s.foot(r, digest(b), 1)
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
	s.foot(r, digest(b), 2)
	return s.bytes()
}

const (
	pageBottom    = pageHeight - 29 // the footer begins here
	reasonsBottom = 118.0           // the handset and its codes need the rest of the page
	resetHeight   = 68.0            // with every line it can have
)

// verdict is the box at the top: the answer, and which phone it is about.
func (s *sheet) verdict(r *Report) {
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
	word := s.t(string(r.Verdict))
	if r.Emulated {
		say = "An emulated handset: there is nothing to post."
		word += " · " + s.t("EMULATED")
	}
	s.write(x, s.y+14, 30, true, word)
	s.write(x, s.y+22, 14, true, s.t(say))
	s.write(x, s.y+29.5, 11, false, displayName(s.lang, r.Handset)+" · "+r.ID)
	imei := s.t("IMEI unknown")
	if r.Handset != nil && len(r.Handset.IMEI) > 0 {
		imei = "IMEI " + clipTo(r.Handset.IMEI[0].Value, 40)
		if len(r.Handset.IMEI) > 1 {
			imei += " · " + clipTo(r.Handset.IMEI[1].Value, 40)
		}
	}
	s.write(x, s.y+36, 11, false, imei)
	s.ink(black)
	s.y += height + 3
}

// reasons are what stands in the way, or what to mind when nothing does.
func (s *sheet) reasons(r *Report) {
	type item struct{ what, next string }
	var items []item
	title := "Why, and what to do next"
	for _, why := range sayOnce(r.Reasons) {
		items = append(items, item{s.lang.why(why).Text, s.lang.spoken(why.Next, why.Message.remedy()).Text})
	}
	if len(items) == 0 {
		title = "Mind this"
		for _, f := range r.warnings() {
			items = append(items, item{s.lang.told(f).Text, s.lang.spoken(f.Remedy, f.Message.remedy()).Text})
		}
	}
	if len(items) == 0 {
		return
	}
	s.heading(s.t(title))
	for i, it := range items {
		if s.y > reasonsBottom-20 {
			s.paragraph(pageMargin, textWidth, 9, false, 1, s.t("and %d more, among the checks below", len(items)-i))
			break
		}
		s.paragraph(pageMargin, textWidth, 10, false, 2, "• "+it.what)
		if it.next != "" {
			s.paragraph(pageMargin+4, textWidth-4, 9, true, 2, "→ "+it.next)
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
func (s *sheet) identity(r *Report, code square) error {
	s.heading(s.t("The handset"))
	const codeSize = 44.0
	top := s.y
	s.code(code, pageWidth-pageMargin-codeSize, top+1, codeSize)
	facts := append(ticketFacts(r.Ticket), handsetFacts(s.lang, r.Handset)...)
	if r.Handset == nil {
		s.paragraph(pageMargin, textWidth-codeSize, 10, false, 2, s.t("It was never identified."))
	}
	s.facts(facts, textWidth-codeSize-4)
	codes, err := r.barcodes()
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
	for i, f := range facts {
		x, y := pageMargin+column*float64(i/max(rows, 1)), s.y+step*float64(i%max(rows, 1)+1)
		value := f.Value
		s.ink(soft)
		name := s.lines(s.t(f.Name), points, column*0.42-1, 1)
		s.write(x, y, points, false, first(name))
		s.ink(black)
		if f.Unknown {
			s.ink(statusInk[StatusUnknown])
			value = s.t("unknown")
		}
		s.write(x+column*0.42, y, points, false, first(s.lines(value, points, column*0.58-2, 1)))
		s.ink(black)
	}
	s.y += step*float64(rows) + 1
}

func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// saved is what became of the owner's data.
func (s *sheet) saved(r *Report) {
	s.heading(s.t("What was saved and proved"))
	if r.Backup == nil {
		s.paragraph(pageMargin, textWidth, 9, false, 1, s.t(missing(r, StepBackup)))
	}
	facts := backupFacts(s.lang, r.Backup)
	s.facts(facts[:min(len(facts), 24)], textWidth)
}

// reset is how the handset was erased, and how well that is proved.
func (s *sheet) reset(r *Report) {
	s.heading(s.t("The reset, and how well it is proved"))
	if r.Reset == nil {
		s.paragraph(pageMargin, textWidth, 9, false, 1, s.t(missing(r, StepReset)))
	}
	s.facts(resetFacts(s.lang, r.Reset), textWidth)
	for _, rung := range r.rungLines() {
		mark, ink := "–", soft
		if rung.Here {
			mark, ink = "✓", statusInk[StatusPass]
		}
		s.ink(ink)
		s.paragraph(pageMargin, textWidth, 9, rung.Here, 1, mark+" "+s.t(rung.Title))
	}
	s.ink(black)
	s.paragraph(pageMargin, textWidth, 9, true, 3, s.t("This does not prove")+separator[s.lang.tag]+s.t(r.Rung.NotProved())+".")
	if z := r.Sanitization; z != nil {
		s.ink(soft)
		s.paragraph(pageMargin, textWidth, 8, false, 3, s.t(
			"%s method “%s”, technique “%s”; %s. Accepting the outcome is for the organisation that receives the handset.",
			z.Framework, z.Method, z.Technique, s.t(z.PlatformClaim)))
		s.ink(black)
	}
}

// checks lists all of them in two columns, one line each, as many as the page
// holds.
func (s *sheet) checks(r *Report) {
	s.heading(s.t("Every check"))
	s.ink(soft)
	s.paragraph(pageMargin, textWidth, 8, false, 2, s.t("Each with what was seen and the raw answers, in report.html and report.json."))
	s.ink(black)
	const gap, step = 5.0, 4.1
	width, top, column, left := (textWidth-gap)/2, s.y, 0, 0
	// next goes to the next line, and says whether there is one.
	next := func(lines int) bool {
		if s.y+step*float64(lines) > pageBottom-step && column == 0 {
			column, s.y = 1, top
		}
		s.y += step
		return s.y+step*float64(lines-1) <= pageBottom-step
	}
	for _, r := range r.Steps {
		x := func() float64 { return pageMargin + float64(column)*(width+gap) }
		if next(2) {
			s.write(x(), s.y, 8.5, true, s.t(r.Name)+" · "+s.t(string(r.State)))
		}
		for _, f := range r.Findings {
			if !next(1) {
				left++
				continue
			}
			s.check(f, x(), width)
		}
	}
	if left > 0 {
		s.y = pageBottom - 0.5
		s.write(pageMargin, s.y, 8.5, true, s.t("%d more, in report.html", left))
	}
}

// check is one line: the answer, what was found, and where it is not well the ID
// to look it up by.
func (s *sheet) check(f Finding, x, width float64) {
	const points, word = 8.0, 20.0
	status := known(f.Status)
	s.ink(statusInk[status])
	s.write(x, s.y, points, true, first(s.lines(statusLook[status].mark+" "+s.t(string(status)), points, word, 1)))
	s.ink(black)
	text, title := s.lang.told(f).Text, s.lang.checkTitle(f)
	switch {
	case title != "" && status == StatusPass:
		text = title
	case title != "":
		text = title + " — " + text
	}
	if status != StatusPass {
		text = f.ID + ": " + text
	}
	text += map[Method]string{MethodAttested: " " + s.t("(a person said so)"), MethodInferred: " " + s.t("(inferred)")}[f.Method]
	s.write(x+word, s.y, points, false, first(s.lines(text, points, width-word, 1)))
}

// foot says on each page whose report it is, and how to check it.
func (s *sheet) foot(r *Report, sum string, page int) {
	s.y = pageHeight - 27
	toy := ""
	if r.Emulated {
		toy = " · " + s.t("EMULATED")
	}
	s.rule(pageMargin, textWidth)
	s.ink(soft)
	s.y++
	for _, text := range []string{
		fmt.Sprintf("%s%s · %s · %s · %s %s", r.ID, toy, s.t("page %d of %d", page, 2), stampTime(r.Finished), r.Tool.Name, r.Tool.Version),
		s.t("Signed by") + " " + r.Signer,
		"report.json SHA-256 " + sum,
		s.t("The code binds report.json. Scanned alone it proves the paper only, no file: preship report verify --qr"),
	} {
		s.y += 3.8
		s.write(pageMargin, s.y, 7.5, false, first(s.lines(text, 7.5, textWidth, 1)))
	}
	s.ink(black)
	s.emulated(pageWidth, pageHeight, 0.25, 0.55, 0.85)
}
