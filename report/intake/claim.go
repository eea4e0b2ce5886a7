package intake

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"

	"preship/report"
	"preship/report/message"
	"preship/report/symptom"
)

//go:embed claim.*.txt.tmpl
var claimFiles embed.FS

// claims has the template of each language.
var claims = sync.OnceValue(func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, tag := range message.Languages() {
		w := words{tag}
		name := "claim." + tag + ".txt.tmpl"
		funcs := template.FuncMap{"t": w.text, "say": w.say, "day": w.Day, "country": w.country, "word": w.word, "parts": w.parts, "made": w.made, "rma": rma}
		all[tag] = template.Must(template.New(name).Funcs(funcs).ParseFS(claimFiles, name))
	}
	return all
})

// claim is what claim.txt is written from.
type claim struct {
	Form
	Report  *report.Report
	Date    string // of the letter, in words
	To      string // the addressee
	Verdict string
	MayPost bool
	Reasons []reason // why it may not be posted
	Mind    []reason // what the owner is to see and to do before it is posted
	IMEI    string
	SN      string
	First   string
	Battery string // percent
	ShipWhy string
	Law     advice
	Contact []message.ID
	Note    message.ID
	Source  string
	Read    string // when the sources were read, YYYY-MM-DD
	OnBox   bool   // the IMEI is the box's: the handset does not report its own
	NoIMEI  bool   // the handset has no IMEI
	BoxIMEI string // the box's, where the handset reports another
	BoxSN   string // likewise
	// ByOther agreed to the wipe, and PreparedBy prepared the handset, if it was not the
	// writer of the letter.
	ByOther, PreparedBy string

	// Of the fault report: the kind of fault, what the handset shows of it, and the tests
	// by hand that failed.
	FaultKind, FaultSigns, FaultTests string

	Made string // what the form says of the backup, where the job did not find otherwise

	Number string
	Begin  bool // the first message, written before anything is done
	grounds
}

// reason is why a handset may not be posted, and what to do next.
type reason struct{ What, Next string }

// pageNumber is made of the form's salt, and does not reveal it. The rest of a claim
// could be guessed by a person who has the report and knows its owner: without
// this its digest would say when the guess is right.
func pageNumber(salt string) string {
	d := sha256.Sum256([]byte("claim\x00" + salt))
	return hex.EncodeToString(d[:16])
}

// Claim writes claim.txt: the message to the maker or the seller with
// everything they ask for, ready to paste or to read out, how to reach them, and
// what goes into the box. It is personal, like the form it is written from.
func Claim(in Form, r *report.Report) ([]byte, error) { return write(in, r, false) }

// FirstClaim writes the first message to the maker or the seller, before the handset is
// backed up and erased: it asks for the number, and where and how to send the handset.
func FirstClaim(in Form, r *report.Report) ([]byte, error) { return write(in, r, true) }

func write(in Form, r *report.Report, begin bool) ([]byte, error) {
	w, where := wordsIn(in.Customer.Language), contactIn(in.Purchase.Country)
	c := claim{
		Form: in, Report: r, Begin: begin, grounds: groundsOf(r, in.Handed), First: r.Ticket.Warranty,
		Date: w.Day(r.Finished.Format(time.DateOnly)), Verdict: w.say(r.Verdict.Word()), MayPost: r.Verdict == report.VerdictReady,
		Law: in.Purchase.adviceOn(in.Ticket.Opened, in.Customer.Business, w.Day), ShipWhy: w.shipWhy(in.Ticket),
		Contact: where.how, Note: where.note, Source: where.source, Read: lawsRead, Number: pageNumber(in.Salt),
	}
	if begin || r.Finished.IsZero() {
		c.Date = w.Day(in.Ticket.Opened)
	}
	c.To = in.Purchase.Seller
	switch c.First {
	case AskMaker:
		c.To = w.text("claim.to.maker")
	case AskExtended:
		c.To = w.text("claim.to.extended")
	}
	for _, why := range r.DistinctReasons() {
		c.Reasons = append(c.Reasons, reason{w.say(why.Sentence()), w.say(why.Advised())})
	}
	for _, f := range r.Unanswered() {
		c.Mind = append(c.Mind, reason{w.say(f.Sentence()), w.say(f.Advised())})
	}
	if made := in.Backup.Made; c.Saved == "" || (made == "made") == (c.Saved == "all" || c.Saved == "given") {
		c.Made = made
	}
	c.ByOther, c.PreparedBy = other(in.Consent.By, in.Customer.Name), other(in.People.PerformedBy, in.Customer.Name)
	kind, signs, failed := symptom.Brief(r.Fault)
	c.FaultKind, c.FaultSigns, c.FaultTests = w.say(kind), w.sentences(signs), w.say(failed)
	if h := r.Handset; h != nil {
		var numbers []string
		for _, i := range h.IMEI {
			numbers = append(numbers, i.Value)
		}
		c.IMEI, c.NoIMEI = w.list(numbers), h.IMEI != nil && len(h.IMEI) == 0
		if h.SN != nil {
			c.SN = h.SN.Value
		}
		if h.Battery.Level != nil {
			c.Battery = strconv.Itoa(*h.Battery.Level)
		}
	}
	if c.SN == "" {
		c.SN = in.Product.SNBox
	}
	c.BoxSN = other(in.Product.SNBox, c.SN)
	if c.IMEI == "" && !c.NoIMEI {
		c.IMEI, c.OnBox = in.Product.IMEIBox, in.Product.IMEIBox != ""
	}
	if !c.OnBox && !strings.Contains(c.IMEI, in.Product.IMEIBox) {
		c.BoxIMEI = in.Product.IMEIBox
	}
	var out bytes.Buffer
	if err := claims()[w.tag].Execute(&out, c); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// other returns a text, and nothing if it says what another one says.
func other(text, than string) string {
	if strings.EqualFold(strings.TrimSpace(text), strings.TrimSpace(than)) {
		return ""
	}
	return text
}

// rma writes an RMA number with the word before it, once.
func rma(number string) string {
	if strings.HasPrefix(strings.ToUpper(number), "RMA") {
		return number
	}
	return "RMA " + number
}
