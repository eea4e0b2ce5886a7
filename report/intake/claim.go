package intake

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"text/template"

	"preship/report"
	"preship/report/message"
)

//go:embed claim.*.txt.tmpl
var claimFiles embed.FS

var claims = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(claimFiles, "claim.*.txt.tmpl"))
})

// claim is what claim.txt is written from.
type claim struct {
	Form
	Report  *report.Report
	Name    string // of the handset
	IMEI    string
	SN      string
	First   string
	Contact []string
	Note    string
	Source  string
	OnBox   bool // the IMEI is the box's: the handset does not report its own
	NoIMEI  bool // the handset has no IMEI
	Number  string
	Begin   bool // the first message, written before anything is done
	grounds
}

// pageNumber is made of the form's salt, and does not tell it. The rest of a claim
// could be guessed by somebody who has the report and knows its owner: without
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
	where := contactIn(in.Purchase.Country)
	tag := in.Customer.Language
	if !slices.Contains(message.Languages(), tag) {
		tag = report.DefaultLanguage
	}
	name, _ := r.Handset.DisplayName().In(tag)
	c := claim{
		Form: in, Report: r, Name: name,
		Begin: begin, grounds: groundsOf(r, in.Handed), First: r.Ticket.Warranty, Contact: where.how, Note: where.note, Source: where.source,
		Number: pageNumber(in.Salt),
	}
	if h := r.Handset; h != nil {
		var numbers []string
		for _, i := range h.IMEI {
			numbers = append(numbers, i.Value)
		}
		c.IMEI, c.NoIMEI = strings.Join(numbers, ", "), h.IMEI != nil && len(h.IMEI) == 0
		if h.SN != nil {
			c.SN = h.SN.Value
		}
	}
	if c.IMEI == "" && !c.NoIMEI {
		c.IMEI, c.OnBox = in.Product.IMEIBox, in.Product.IMEIBox != ""
	}
	var out bytes.Buffer
	if err := claims().ExecuteTemplate(&out, "claim."+tag+".txt.tmpl", c); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
