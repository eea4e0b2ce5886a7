package page

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strings"

	"preship/report"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/symptom"
)

// FaultPDF makes fault.pdf: the paper about the fault that goes into the parcel, for the
// technician, with lines to fill in by hand where nothing was answered. It is written in
// the language of the owner. in is nil without a form. photo reads a picture of the case;
// one that cannot be read is named on the paper. Equal arguments give equal bytes.
//
// The paper is personal, like the form.
func FaultPDF(r *report.Report, in *intake.Form, photo func(file string) ([]byte, error), token string) ([]byte, error) {
	code, err := newSquare(token)
	if err != nil {
		return nil, err
	}
	codes, err := barcodes(r)
	if err != nil {
		return nil, err
	}
	tag := r.Language
	if in != nil {
		tag = cmp.Or(in.Customer.Language, tag)
	} else {
		in = &intake.Form{}
	}
	return drawIn(langNamed(tag), r, pageWidth, pageHeight, func(s *sheet) error {
		p := &faultPaper{flow: flow{sheet: s}, r: r, in: in, formed: in.Schema != "" || in.Salt != ""}
		p.pdf.SetTitle(s.font.spell(s.t("paper.title")+" · "+s.lang.say(r.Handset.DisplayName())+" · "+r.ID), true)
		p.turn()
		p.top(code, codes)
		p.fault()
		p.evidence()
		p.condition(photo)
		p.parcel()
		p.consent()
		p.signatures()
		p.feet()
		return p.pdf.Error()
	})
}

// faultPaper is fault.pdf while it is drawn.
type faultPaper struct {
	flow
	r      *report.Report
	in     *intake.Form
	formed bool // the case has a form
}

// top is the title, whose handset it is, and what a scanner reads beside that.
func (p *faultPaper) top(code square, codes []barcode) {
	const codeSize = 40.0
	left := textWidth - codeSize - 4
	y := p.y
	p.code(code, pageWidth-pageMargin-codeSize, y, codeSize)
	p.right = codeSize + 4
	p.text(20, true, p.t("paper.title"))
	if p.r.Emulated {
		p.ink(stampInk)
		p.text(12, true, p.t("page.emulated")+" · "+p.t("verdict.say.emulated"))
		p.ink(black)
	}
	p.text(12, true, p.name())
	p.text(9, false, p.t("paper.report", "id", p.r.ID, "verdict", p.r.Verdict.Word(), "time", stampTime(p.r.Finished)))
	if p.r.Verdict == report.VerdictReady {
		p.text(9, false, p.t("paper.inside"))
	} else {
		p.ink(verdictInk[p.r.Verdict])
		p.text(9, true, p.t("paper.do-not-post"))
		p.ink(black)
	}
	p.y += 2
	for i, c := range codes[:min(len(codes), 2)] {
		x := pageMargin + float64(i)*left/2
		p.bars(c.modules, x+2, p.y, 0.4, 9)
		p.write(x+8, p.y+12.5, 8, false, "IMEI "+c.Text)
	}
	if len(codes) > 0 {
		p.y += 14
	}
	p.right = 0
	p.y = max(p.y, y+codeSize+1)

	p.head(p.t("page.handset"))
	facts := ticketFacts(bare(p.r))
	if h := p.r.Handset; h != nil {
		facts = append(facts, imeiFacts(p.lang, h.IMEI)...)
		facts = append(facts, snFact(h.SN), textFact("page.fact.model", h.Model), pairFact(p.lang, "page.fact.system", h.OS.Name, h.OS.Version))
	} else {
		p.text(9, false, p.t("page.handset.not-identified"))
		facts = append(facts, fact{Name: message.Say("page.fact.model"), Value: p.in.Product.Model}, fact{Name: message.Say("paper.imei-box"), Value: p.in.Product.IMEIBox})
	}
	facts = append(facts, fact{Name: message.Say("paper.colour"), Value: p.in.Product.Colour}, fact{Name: message.Say("paper.storage"), Value: p.in.Product.Storage})
	var lines []named
	for _, f := range facts {
		if f.Unknown {
			f.Value = p.t("page.unknown")
		}
		lines = append(lines, named{p.lang.name(f.Name), clip(f.Value)})
	}
	p.facts(lines)
	p.fact(p.t("paper.owner"), filled(p.in.Customer.Name, p.in.Customer.Phone, p.in.Customer.Email))
}

// bare is the report without the photos of its ticket, which the paper shows.
func bare(r *report.Report) *report.Report {
	short := *r
	if r.Ticket != nil {
		ticket := *r.Ticket
		ticket.Photos = nil
		short.Ticket = &ticket
	}
	return &short
}

// name is what the handset is called.
func (p *faultPaper) name() string { return printable.Clip(p.lang.say(p.r.Handset.DisplayName()), 80) }

// filled joins the texts that are not empty.
func filled(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), " · ")
}

// fault is what a person said of the fault. What a technician asks first has a line for
// the pen where it has no answer.
func (p *faultPaper) fault() {
	p.head(p.t("page.fault"))
	said := p.in.Fault
	p.blank(p.t("paper.description"), said.Description)
	asked := map[string]string{}
	if f := p.r.Fault; f != nil {
		for _, a := range f.Answers {
			asked[a.Question] = p.lang.say(symptom.Words(a))
		}
	}
	for _, one := range symptom.Facts(p.r.Fault) {
		p.fact(p.lang.name(one.Name), p.lang.say(one.Value))
	}
	for _, line := range []struct{ name, said, asked string }{
		{p.t("paper.since"), said.Since, asked["since"]},
		{p.t("paper.reproduce"), said.Reproducible, asked["reproduce"]},
		{p.t("paper.tried"), said.Tried, ""},
		{p.t("paper.drop"), said.DropOrLiquid, asked["damage.what"]},
	} {
		if line.said != "" || line.asked == "" {
			p.blank(line.name, line.said)
		}
	}
	p.fact(p.t("paper.repaired"), p.in.Purchase.RepairedBy)
}

// evidence is what the handset shows of the fault.
func (p *faultPaper) evidence() {
	p.head(p.t("paper.evidence"))
	f := p.r.Fault
	if f == nil || f.Collected == nil {
		p.text(9, false, p.t("paper.evidence.not-read"))
		return
	}
	p.text(9, false, p.t("paper.evidence.read", "time", stampTime(*f.Collected)))
	seen, silent := symptom.Findings(f)
	for _, found := range seen {
		said := p.lang.say(symptom.CheckTitle(found.ID)) + p.t("list.colon") + clipSentence(p.lang.told(found).Text)
		if found.ObservedMessage != nil {
			said += " (" + clip(p.lang.seen(found).Text) + ")"
		}
		status := found.Status.OrUnknown()
		p.ink(statusInk[status])
		p.mark(p.lang.say(status.Word()), said)
	}
	if !silent.Empty() {
		p.text(9, false, p.t("fault.not-shown", "parts", silent))
	}
}

// condition is how the handset looks as it leaves, with its pictures.
func (p *faultPaper) condition(read func(file string) ([]byte, error)) {
	shown, lost := readShots(p.pictures(), read)
	c := p.in.Condition
	if len(c.Zones) == 0 && len(shown) > 0 {
		p.need(24 + shotHeight)
	}
	p.head(p.t("paper.condition"))
	p.fact(p.t("paper.powers-on"), p.word(c.PowersOn))
	for _, zone := range slices.Sorted(maps.Keys(c.Zones)) {
		p.fact(p.lang.name(message.AsIs(p.word(zone))), p.word(c.Zones[zone]))
	}
	for _, test := range slices.Sorted(maps.Keys(c.Tests)) {
		p.fact(p.lang.name(message.AsIs(p.word(test))), p.word(c.Tests[test]))
	}
	if len(c.Zones) == 0 && len(shown) == 0 {
		p.blank(p.t("paper.condition.not-noted"), "")
		p.blank("", "")
	}
	for _, file := range lost {
		p.text(flowPoints, false, p.t("paper.photo.unreadable", "file", path.Base(file)))
	}
	for pair := range slices.Chunk(shown, 2) {
		p.pair(pair)
	}
}

// word is a word of the form in the language of the paper.
func (p *faultPaper) word(text string) string { return intake.Word(p.lang.tag, text) }

// pictures are those of the form and of the fault, each once.
func (p *faultPaper) pictures() (list []shot) {
	add := func(file string, caption message.ID) {
		if report.PictureName().MatchString(file) && !slices.ContainsFunc(list, func(s shot) bool { return s.file == file }) {
			list = append(list, shot{file: file, caption: p.t(caption)})
		}
	}
	if f := p.r.Fault; f != nil {
		for _, pic := range f.Pictures {
			if pic.Screenshot {
				add(pic.File, "page.fault.screenshot")
			} else {
				add(pic.File, "page.fault.picture")
			}
		}
	}
	for _, pic := range p.in.Condition.Photos {
		add(pic.File, "paper.photo")
	}
	return list
}

// The words of [intake.CardGrounds].
var (
	simGrounds = map[string]message.ID{"out": "paper.sim.out", "said": "paper.sim.said", "seen": "paper.sim.seen", "inside": "paper.sim.inside"}
	sdGrounds  = map[string]message.ID{"out": "paper.sd.out", "said": "paper.sd.said", "seen": "paper.sd.seen", "inside": "paper.sd.inside"}
)

// parcel lists what goes into the box, as form and handset agree on it.
func (p *faultPaper) parcel() {
	p.head(p.t("paper.parcel"))
	p.item(p.name())
	sim, sd := intake.CardGrounds(p.r, p.in.Handed)
	p.item(p.t(simGrounds[sim]))
	p.item(p.t(sdGrounds[sd]))
	switch {
	case !p.formed:
		p.blank(p.t("paper.accessories"), "")
		return
	case p.in.Handed.CaseRemoved:
		p.item(p.t("paper.case.off"))
	default:
		p.item(p.t("paper.case.on"))
	}
	for _, a := range p.in.Handed.Accessories {
		p.item(a)
	}
	if len(p.in.Handed.Accessories) == 0 {
		p.item(p.t("paper.accessories.no"))
	}
}

// consent is what the owner agreed to.
func (p *faultPaper) consent() {
	p.head(p.t("paper.consent"))
	c := p.in.Consent
	if !c.Wipe {
		p.text(9, false, p.t("paper.consent.not-given"))
		return
	}
	name := cmp.Or(c.By, p.in.Customer.Name)
	if c.At == "" {
		p.text(9, false, p.t("paper.consent.undated", "name", name))
	} else {
		p.text(9, false, p.t("paper.consent.given", "name", name, "date", intake.Day(p.lang.tag, c.At)))
	}
	if c.Wording != "" {
		p.text(9, false, p.t("paper.consent.wording", "words", c.Wording))
	}
}

// signatures are the lines for those who hand the handset over, side by side.
func (p *faultPaper) signatures() {
	p.need(36)
	p.head(p.t("paper.handing-over"))
	people := p.in.People
	y, half := p.y, textWidth/2-4
	for i, side := range []struct{ who, name string }{{p.t("paper.prepared-by"), people.PerformedBy}, {p.t("paper.received-by"), people.ReceivedBy}} {
		p.y = y
		p.left, p.right = float64(i)*(half+8), textWidth-half-float64(i)*(half+8)
		if side.name != "" {
			p.y += 2
		}
		p.blank(side.who, clip(side.name))
		p.y = max(p.y, y+9)
		p.blank(p.t("paper.signature"), "")
	}
	p.left, p.right = 0, 0
	p.fact(p.t("paper.checked-by"), people.CheckedBy)
	p.blank(p.t("paper.remarks"), "")
}

// feet are the last lines of each page, when their number is known.
func (p *faultPaper) feet() {
	pages := p.pdf.PageCount()
	for n := range pages {
		p.pdf.SetPage(n + 1)
		p.y = pageHeight - 20
		p.rule(pageMargin, textWidth)
		p.ink(soft)
		lines := []string{
			p.r.ID + " · " + p.t("page.number", "page", n+1, "pages", pages) + " · " + p.r.Tool.Name + " " + p.r.Tool.Version,
			p.t("page.code.proves"),
		}
		if p.formed {
			lines = append(lines, p.t("paper.number", "number", paperNumber("fault.pdf", p.in.Salt)))
		}
		for _, text := range lines {
			p.y += 3.8
			p.write(pageMargin, p.y, 7.5, false, first(p.lines(printable.Text(text), 7.5, textWidth, 1)))
		}
		p.ink(black)
		p.emulated(pageWidth, pageHeight, 0.25, 0.55, 0.85)
	}
}

// paperNumber is made of the form's salt, and does not reveal it. Without it, a person who
// has the report could guess what the paper says, and its digest would tell if the guess
// is right.
func paperNumber(file, salt string) string {
	d := sha256.Sum256([]byte(file + "\x00" + salt))
	return hex.EncodeToString(d[:16])
}
