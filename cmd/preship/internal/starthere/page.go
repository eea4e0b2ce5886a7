package starthere

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"io/fs"
	"os"
	"path"
	"strings"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
)

//go:embed page.html.tmpl
var pageText string

// Case is what the page is written from.
type Case struct {
	Root     *os.Root       // the case folder, to look at its contents
	Report   *report.Report // nil: not a case, but a folder that a backup was opened into
	Form     *intake.Form   // nil: the case has none
	Language string
	// Encrypted means that the saved files cannot be opened without the key.
	Encrypted bool
	Restore   string // the command that brings the data back
	Open      string // the command that opens an encrypted backup
}

// page is the content of the template.
type page struct {
	Language, Title  string
	Lead             []string
	Data             []row
	DataNote         string
	Parcel           []string
	News, Postage    string
	Back, Restore    string
	TitleData        string
	TitleParcel      string
	TitleNews        string
	TitleBack        string
	Emulated, Report string
}

// row is one kind of data and its place in the case.
type row struct{ Name, Path string }

// places are where a backup keeps what an owner looks for. Of each kind the first pattern
// counts that matches anything: all that it matches.
var places = []struct {
	name     message.ID
	patterns []string
}{
	{"start.photos", []string{"storage/emulated/*/DCIM", "storage/emulated/*/Pictures"}},
	{"start.photos.card", []string{"storage/????-????/DCIM", "storage/????-????/Pictures", "storage/????-????"}},
	{"start.files", []string{"storage/emulated/0", "storage"}},
	{"start.contacts", []string{"items/contacts.vcf"}},
	{"start.messages", []string{"items/messages.html", "items/raw/sms.jsonl", "items/sms.jsonl"}},
	{"start.calls", []string{"items/calls.csv", "items/raw/calls.jsonl", "items/calls.jsonl"}},
	{"start.calendar", []string{"items/calendar*.ics", "items/raw/calendar.jsonl", "items/calendar.jsonl"}},
	{"start.apps", []string{"data/app"}},
}

// find returns the places of the first pattern that matches anything below a folder.
func find(root *os.Root, below string, patterns []string) []string {
	for _, pattern := range patterns {
		if found, err := fs.Glob(root.FS(), path.Join(below, pattern)); err == nil && len(found) > 0 {
			return found
		}
	}
	return nil
}

// Page returns the page in the language of the case.
func Page(c Case) ([]byte, error) {
	say := func(id message.ID, args ...any) string {
		s := message.Say(id, args...)
		words, ok := s.In(c.Language)
		if !ok {
			return s.String()
		}
		return words
	}
	has := func(path string) bool {
		_, err := c.Root.Stat(path)
		return err == nil
	}
	p := page{
		Language: cmp.Or(c.Language, report.DefaultLanguage), Title: say("start.title.data"),
		TitleData: say("start.title.data"), TitleParcel: say("start.title.parcel"), TitleNews: say("start.title.news"), TitleBack: say("start.title.back"),
	}
	below := casedir.BackupDir
	if c.Report == nil {
		below = ""
	}
	for _, place := range places {
		if c.Encrypted {
			break
		}
		for _, at := range find(c.Root, below, place.patterns) {
			p.Data = append(p.Data, row{say(place.name), at})
		}
	}
	switch {
	case c.Report == nil:
		p.DataNote = say("start.opened")
	case len(p.Data) == 0 && !has(casedir.BackupDir):
		p.DataNote = say("start.nothing-saved")
	case len(p.Data) == 0:
		p.DataNote = say("start.encrypted", "command", c.Open)
	default:
		p.DataNote = say("start.keep")
	}
	if c.Report != nil {
		c.tellJob(&p, say)
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, p)
	return out.Bytes(), err
}

// tellJob says what comes next after a job.
func (c Case) tellJob(p *page, say func(id message.ID, args ...any) string) {
	p.Title = say("start.title", "handset", c.Report.Handset.DisplayName())
	p.News, p.Postage, p.Back, p.Restore, p.Report = say("start.news"), say(postage(c)), say("start.back"), c.Restore, say("start.report")
	if c.Report.Emulated {
		p.Emulated = say("job.emulated")
	}
	if c.Report.Verdict != report.VerdictReady {
		verdict, _ := c.Report.Verdict.Word().In(c.Language)
		p.Lead = append(p.Lead, say("start.not-ready", "verdict", verdict))
		return // nothing is posted yet
	}
	p.Parcel = []string{say("start.parcel.papers"), say("start.parcel.outside")}
	if t := c.Report.Ticket; t != nil && t.RMA != "" {
		p.Parcel = append(p.Parcel, say("start.parcel.rma", "number", t.RMA))
	} else {
		p.Parcel = append(p.Parcel, say("start.parcel.no-rma"))
	}
	p.Parcel = append(p.Parcel, say("start.parcel.cards"), say("start.parcel.packing"))
	if t := c.Report.Ticket; t != nil && t.ShipBy != "" {
		p.Parcel = append(p.Parcel, say("start.parcel.before", "date", t.ShipBy))
	}
}

var pageTemplate = template.Must(template.New("page").Parse(strings.TrimSpace(pageText) + "\n"))

// postage returns who pays the postage by the route of the claim. In the European Union a
// repair under the seller's guarantee is free of postage: Directive (EU) 2019/771, articles
// 2 (14) and 14. No rule is known for the other routes, so the owner has to ask.
func postage(c Case) message.ID {
	if c.Report.Ticket == nil || c.Form == nil {
		return "start.postage.ask"
	}
	switch c.Report.Ticket.Warranty {
	case intake.AskSeller:
		if intake.InUnion(c.Form.Purchase.Country) {
			return "start.postage.seller"
		}
	case intake.AskMaker:
		return "start.postage.maker"
	case intake.AskRepair:
		return "start.postage.paid"
	}
	return "start.postage.ask"
}
