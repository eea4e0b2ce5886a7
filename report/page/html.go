package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/symptom"
)

//go:embed report.html.tmpl
var pageText string

//go:embed report.css
var pageStyle string

// pages has the template once a language, so that no text can be written in
// another one. They are parsed when the first page is made.
var pages = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, tag := range message.Languages() {
		l := langNamed(tag)
		all[tag] = template.Must(template.New("report.html").Funcs(template.FuncMap{
			"clip": clip, "numbers": numbers, "sentence": func(s string) template.HTML { return numbers(clipSentence(s)) }, "when": l.when, "t": l.text, "say": l.say, "title": l.checkTitle, "part": symptom.CheckTitle,
			"told": l.told, "seen": l.seen, "advised": l.advised, "why": l.why, "next": l.next, "error": l.broken,
			"limit": l.limit, "claim": l.claim,
			"lang":        func() string { return tag },
			"isPicture":   report.PictureName().MatchString,
			"isEvidence":  report.EvidenceName().MatchString, // nothing else is worth a link
			"statusMark":  func(s report.Status) string { return statusLook[s.OrUnknown()].mark },
			"status":      func(s report.Status) string { return l.say(s.Word()) },
			"verdict":     func(v report.Verdict) string { return l.say(v.Word()) },
			"step":        func(name string) string { return l.say(report.StepTitle(name)) },
			"state":       func(s report.StepState) string { return l.say(s.Word()) },
			"statusClass": func(s report.Status) string { return string(s.OrUnknown()) },
		}).Parse(pageText))
	}
	return all
})

var statusLook = map[report.Status]struct{ mark string }{
	report.StatusPass: {"✓"}, report.StatusWarn: {"!"}, report.StatusFail: {"✕"}, report.StatusUnknown: {"?"}, report.StatusSkipped: {"–"},
}

// verdictLook is how a verdict looks to somebody with a parcel in one hand.
var verdictLook = map[report.Verdict]struct {
	mark string
	say  message.ID
}{
	report.VerdictReady:      {"✓", "verdict.say.ready"},
	report.VerdictNotReady:   {"!", "verdict.say.not-ready"},
	report.VerdictFailed:     {"✕", "verdict.say.failed"},
	report.VerdictIncomplete: {"…", "verdict.say.incomplete"},
}

// maxPageReasons keeps the reasons on the first screen.
const maxPageReasons = 8

// pageData is what the template shows.
type pageData struct {
	*report.Report
	Style       template.CSS
	Digest      string // of report.json
	Name        string
	Class       string
	Word        report.Verdict
	QR          *qrImage // nil: no signature yet
	Mark        string
	Say         message.ID
	IMEI        []string
	Reasons     []report.Reason
	MoreReasons int
	Mind        []report.Finding // what does not stop the posting and should be known
	Limits      []message.Sentence
	Barcodes    []barcode

	HandsetFacts, BackupFacts, ResetFacts []fact
	FaultFacts                            []fact
	FaultFindings                         []report.Finding // signs of a fault first
	FaultSilent                           message.Sentence // what the handset does not show
	Locks                                 []checkRow
	Checks                                []stepRows
	Rungs                                 []rungLine
}

type rungLine struct {
	Title         message.Sentence
	Reached, Here bool
}

// HTML makes report.html: one page that needs no network and no script,
// and holds nothing that is not in the report. The token, which may be empty,
// is what its QR code shows.
func HTML(r *report.Report, token string) ([]byte, error) {
	b, err := report.MarshalFile(r)
	if err != nil {
		return nil, err
	}
	l := langNamed(r.Language)
	d := pageData{
		Report: r, Style: template.CSS(pageStyle), Digest: report.Digest(b), Name: l.say(r.Handset.DisplayName()),
		Class: strings.ReplaceAll(string(r.Verdict), " ", "-"), Word: r.Verdict,
		Mark: verdictLook[r.Verdict].mark, Say: verdictLook[r.Verdict].say,
		HandsetFacts: append(ticketFacts(r), handsetFacts(l, r.Handset)...), BackupFacts: backupFacts(l, r.Backup),
		ResetFacts: resetFacts(l, r.Reset), Rungs: rungLines(r),
	}
	d.FaultFacts = faultFacts(l, r.Fault)
	d.FaultFindings, d.FaultSilent = symptom.Findings(r.Fault)
	if token != "" {
		code, err := newSquare(token)
		if err != nil {
			return nil, err
		}
		d.QR = code.image(token)
	}
	if d.Barcodes, err = barcodes(r); err != nil {
		return nil, err
	}
	if r.Emulated {
		d.Say = "verdict.say.emulated"
	}
	if r.Handset != nil {
		for _, i := range r.Handset.IMEI {
			d.IMEI = append(d.IMEI, i.Value)
		}
	}
	d.Reasons = r.DistinctReasons()
	if n := len(d.Reasons); n > maxPageReasons {
		d.Reasons, d.MoreReasons = d.Reasons[:maxPageReasons], n-maxPageReasons
	}
	d.Mind = r.ToMind()
	said := saidAbove(d.Reasons, d.Mind, d.FaultFindings)
	d.Locks = l.lockRows(r, said)
	d.Checks = l.stepRows(r, said)
	if r.Clean != nil {
		d.Limits = slices.DeleteFunc(r.Clean.Limits(), func(s message.Sentence) bool { return s.String() == r.Rung.NotProved().String() })
	}
	var out bytes.Buffer
	if err := pages()[l.tag].Execute(&out, d); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// NotProved says what the rung that was reached leaves open.
func (d pageData) NotProved() message.Sentence { return d.Rung.NotProved() }

// Missing says why a step has nothing to show.
func (d pageData) Missing(step string) message.ID { return missing(d.Report, step) }

func missing(r *report.Report, step string) message.ID {
	switch r.Step(step).State {
	case report.StepNotRun:
		return "page.step.not-run"
	case report.StepDone:
		return "page.step.no-result"
	default:
		return "page.step.cut-short"
	}
}

func rungLines(r *report.Report) (lines []rungLine) {
	for _, rung := range slices.Backward(report.Rungs()) {
		lines = append(lines, rungLine{
			Title:   rung.Title(),
			Reached: r.Rung.Height() >= rung.Height(),
			Here:    r.Rung == rung,
		})
	}
	return lines
}

// clip keeps a text from pushing everything else off the page; the whole of it
// is in report.json.
func clip(s string) string { return printable.Clip(s, 280) }

// clipSentence is clip for the sentences of checks, which may name losses.
func clipSentence(s string) string { return printable.Clip(s, 600) }

func (l lang) when(t time.Time) string {
	if t.IsZero() {
		return l.text("page.not-known")
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
