package page

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
)

// PDF makes report.pdf: what report.html says on A4 pages, as many as it takes, with
// report.json attached. Equal reports give equal bytes.
//
// The document names its language and has its texts in reading order. It is not a tagged
// PDF: the writer of PDFs has no structure tree.
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

// report draws the pages; b is report.json.
func (s *sheet) report(r *report.Report, b []byte, code square) error {
	codes, err := barcodes(r)
	if err != nil {
		return err
	}
	s.pdf.SetAttachments([]fpdf.Attachment{{Content: b, Filename: "report.json", Description: "the signed report"}})
	f := &flow{sheet: s}
	f.turn()
	f.verdict(r)
	f.reasons(r)
	f.identity(r, code, codes)
	f.saved(r)
	f.reset(r)
	f.checks(r)
	f.feet(r, report.Digest(b))
	return s.pdf.Error()
}

// verdict is the box at the top: the answer, which phone it is about, when it was given,
// and by whom.
func (f *flow) verdict(r *report.Report) {
	const height = 48.0
	f.ink(verdictInk[r.Verdict])
	f.pdf.RoundedRect(pageMargin, f.y, textWidth, height, 3, "1234", "F")
	if r.Emulated {
		f.ink(stampInk)
		f.pdf.SetLineWidth(2)
		f.pdf.RoundedRect(pageMargin, f.y, textWidth, height, 3, "1234", "D")
	}
	f.ink(white)
	x := pageMargin + 6
	say := verdictLook[r.Verdict].say
	word := f.lang.say(r.Verdict.Word())
	if r.Emulated {
		say = "verdict.say.emulated"
		word += " · " + f.t("page.emulated")
	}
	f.write(x, f.y+14, 30, true, word)
	f.write(x, f.y+22, 14, true, f.t(say))
	f.write(x, f.y+29, 11, false, first(f.lines(f.lang.say(r.Handset.DisplayName())+" · "+r.ID, 11, textWidth-12, 1)))
	imei := f.t("page.imei.unknown")
	if r.Handset != nil && len(r.Handset.IMEI) > 0 {
		imei = "IMEI " + printable.Clip(r.Handset.IMEI[0].Value, 40)
		if len(r.Handset.IMEI) > 1 {
			imei += " · " + printable.Clip(r.Handset.IMEI[1].Value, 40)
		}
	}
	f.write(x, f.y+35, 11, false, imei)
	f.write(x, f.y+40.5, 8.5, false, f.t("page.ended")+f.t("list.colon")+stampTime(r.Finished))
	f.write(x, f.y+44.7, 8.5, false, first(f.lines(f.t("page.signed-by")+" "+r.Signer, 8.5, textWidth-12, 1)))
	f.ink(black)
	f.y += height + 3
}

// reasons lists the findings that stop the handset, and below them the warnings.
func (f *flow) reasons(r *report.Report) {
	var why, mind []reasonLine
	for _, w := range r.DistinctReasons() {
		why = append(why, reasonLine{f.lang.why(w).Text, f.lang.say(message.Signed(w.Next, w.NextMessage))})
	}
	for _, found := range r.ToMind() {
		mind = append(mind, reasonLine{f.lang.told(found).Text, f.lang.say(found.Advised())})
	}
	f.reasonLines("page.why", why)
	f.reasonLines("page.mind", mind)
}

// reasonLine is a reason, or something to mind, and what to do about it.
type reasonLine struct{ what, next string }

func (f *flow) reasonLines(title message.ID, lines []reasonLine) {
	if len(lines) == 0 {
		return
	}
	f.head(f.t(title))
	for i, line := range lines {
		if i == maxPDFReasons {
			f.text(9, false, f.t("page.why.more", "count", len(lines)-i))
			break
		}
		f.text(10, false, "• "+clipSentence(line.what))
		if line.next != "" {
			f.left = 4
			f.text(9, true, "→ "+clipSentence(line.next))
			f.left = 0
		}
	}
}

// maxPDFReasons keeps what a handset says at length from becoming a book.
const maxPDFReasons = 20

func (s *sheet) heading(text string) {
	s.y += 7.5
	s.write(pageMargin, s.y, 12, true, text)
	s.y += 1.5
	s.rule(pageMargin, textWidth)
	s.y++
}

// Where the code is on the page that has the handset.
const reportCode = 42.0

// identity is who the handset is: what a scanner reads, and the facts.
func (f *flow) identity(r *report.Report, code square, codes []barcode) {
	const module, high = 0.38, 10.0
	f.need(22 + reportCode)
	f.heading(f.t("page.handset"))
	top := f.y + 1
	f.code(code, pageWidth-pageMargin-reportCode, top, reportCode)
	f.right = reportCode + 6
	f.y = top
	for _, c := range codes[:min(len(codes), 2)] {
		wide := module * float64(c.Width)
		f.y += 2
		f.bars(c.modules, pageMargin+module*quietZone, f.y, module, high)
		caption := "IMEI " + c.Text
		f.write(pageMargin+(wide-f.width(9, caption))/2, f.y+high+4, 9, false, caption)
		f.y += high + 5
	}
	if r.Handset == nil {
		f.text(10, false, f.t("page.handset.not-identified"))
	}
	f.ink(soft)
	f.text(8, false, f.t("page.code.proves"))
	f.ink(black)
	f.right, f.y = 0, max(f.y, top+reportCode)+2
	f.list(append(ticketFacts(r), handsetFacts(f.lang, r.Handset)...))
}

// list writes facts. Those that are unknown say so.
func (f *flow) list(facts []fact) {
	var lines []named
	for _, one := range facts {
		if one.Unknown {
			one.Value = f.t("page.unknown")
		}
		lines = append(lines, named{f.lang.name(one.Name), clip(one.Value)})
	}
	f.facts(lines)
}

func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// saved is what became of the owner's data.
func (f *flow) saved(r *report.Report) {
	f.head(f.t("page.saved"))
	if r.Backup == nil {
		f.text(9, false, f.t(missing(r, report.StepBackup)))
	}
	facts := backupFacts(f.lang, r.Backup)
	f.list(facts[:min(len(facts), 24)])
}

// reset is how the handset was erased, and how well that is proved.
func (f *flow) reset(r *report.Report) {
	f.head(f.t("page.reset"))
	if r.Reset == nil {
		f.text(9, false, f.t(missing(r, report.StepReset)))
	}
	f.list(resetFacts(f.lang, r.Reset))
	for _, rung := range rungLines(r) {
		mark, ink := "–", soft
		if rung.Here {
			mark, ink = "✓", statusInk[report.StatusPass]
		}
		f.ink(ink)
		f.text(9, rung.Here, mark+" "+f.lang.name(rung.Title))
	}
	f.ink(black)
	f.text(9, true, f.t("page.not-proved")+f.t("page.space")+f.lang.say(r.Rung.NotProved())+f.t("page.stop"))
	if z := r.Sanitization; z != nil {
		f.ink(soft)
		f.text(8, false, f.t(
			"page.sanitization",
			"framework", z.Framework, "method", z.Method, "technique", z.Technique, "claim", z.Claim()))
		f.ink(black)
	}
}

// feet say on each page whose report it is, and how to check it.
func (f *flow) feet(r *report.Report, sum string) {
	toy := ""
	if r.Emulated {
		toy = " · " + f.t("page.emulated")
	}
	pages := f.pdf.PageCount()
	for n := range pages {
		f.pdf.SetPage(n + 1)
		f.y = flowBottom + 4
		f.rule(pageMargin, textWidth)
		f.ink(soft)
		for _, text := range []string{
			fmt.Sprintf("%s%s · %s · %s · %s %s", r.ID, toy, f.t("page.number", "page", n+1, "pages", pages), stampTime(r.Finished), r.Tool.Name, r.Tool.Version),
			f.t("page.signed-by") + " " + r.Signer,
			"report.json SHA-256 " + sum,
		} {
			f.y += 3.8
			f.write(pageMargin, f.y, 7.5, false, first(f.lines(text, 7.5, textWidth, 1)))
		}
		f.ink(black)
		f.emulated(pageWidth, pageHeight, 0.25, 0.55, 0.85)
	}
}
