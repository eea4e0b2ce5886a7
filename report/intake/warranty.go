package intake

import (
	"time"

	"preship/report/message"
)

// Who is asked first; values of [report.Ticket.Warranty].
const (
	AskMaker    = "maker"
	AskSeller   = "seller"
	AskExtended = "extended" // the insurer or the extended warranty: the seller's time is over
	AskRepair   = "paid repair"
)

// first says who is asked first. The maker is asked for a handset from its own shop while
// its own warranty runs, where its length is known. The seller is asked as long as the law
// does not certainly release them: asking in vain costs a letter and no right.
func (p Purchase) first(opened string, business bool) string {
	bought, err1 := time.Parse(time.DateOnly, p.Date)
	now, err2 := time.Parse(time.DateOnly, opened)
	if err1 != nil || err2 != nil {
		return AskSeller
	}
	maker, known := makerWarranty[p.Country]
	if p.FromMaker && known && now.Before(bought.AddDate(maker.years, 0, 0)) {
		return AskMaker
	}
	l, known := lawIn(p.Country)
	years := l.yearsFor(bought)
	switch {
	case !known, years == 0, business, now.Before(bought.AddDate(years, 0, 0)):
		return AskSeller
	case p.Extended:
		return AskExtended
	}
	return AskRepair
}

// advice is what the owner should know of the law, for the page behind the letter. Texts
// are sentences in the language of the letter.
type advice struct {
	Legal  []message.Sentence
	Maker  message.Sentence
	Source []string
}

// adviceOn collects the facts that apply to a purchase.
func (p Purchase) adviceOn(opened string, business bool, day func(string) string) (a advice) {
	add := func(s message.Sentence) { a.Legal = append(a.Legal, s) }
	l, known := lawIn(p.Country)
	bought, err := time.Parse(time.DateOnly, p.Date)
	now, _ := time.Parse(time.DateOnly, opened)
	years := l.yearsFor(bought)
	until := func(years int) string { return day(bought.AddDate(years, 0, 0).Format(time.DateOnly)) }
	switch {
	case business:
		add(message.Say("claim.law.business"))
	case !known || err != nil:
		add(message.Say("claim.law.unknown"))
	case years == 0:
	case l.limit:
		add(message.Say("claim.law.limit", "count", years, "until", until(years)))
	default:
		add(message.Say("claim.law.years", "count", years, "until", until(years)))
	}
	if known && !business {
		if l.note != "" {
			add(message.Say(l.note))
		}
		a.Source = append(a.Source, l.source)
	}
	if InUnion(p.Country) && !business {
		add(message.Say("claim.law.carriage"))
		a.Source = append(a.Source, "Directive (EU) 2019/771, art. 2(14) and 14(1); eur-lex.europa.eu")
		if !now.Before(repairRight) {
			if err == nil && !bought.Before(repairRight) {
				add(message.Say("claim.law.longer-after-repair"))
			}
			add(message.Say("claim.law.right-to-repair"))
			a.Source = append(a.Source, directive1799)
		}
	}
	if p.Extended {
		add(message.Say("claim.law.extended"))
	}
	if m, ok := makerWarranty[p.Country]; ok && err == nil {
		a.Maker = message.Say("claim.maker.years", "count", m.years, "until", until(m.years))
		a.Source = append(a.Source, m.source)
	} else {
		a.Maker = message.Say("claim.maker.unknown")
	}
	return a
}

// contact is how the maker is reached in a country.
type contact struct {
	country string // ISO 3166; "" is every other
	how     []message.ID
	note    message.ID
	source  string
}

// contacts are the maker's; the first row of a country counts.
var contacts = []contact{
	{
		"ES",
		[]message.ID{"claim.contact.es.phone", "claim.contact.es.chat", "claim.contact.es.mail"},
		"claim.contact.es.note", "xiaomidevices.com, how to process the guarantee of your Xiaomi",
	},
	{
		"SG",
		[]message.ID{"claim.contact.sg.phone", "claim.contact.sg.chat", "claim.contact.sg.mail"},
		"claim.contact.seller-first", "mi.com/sg/support/warranty",
	},
	{"AE", []message.ID{"claim.contact.ae.page"}, "claim.contact.ae.note", "mi-mena.com/warranty"},
	{"BD", []message.ID{"claim.contact.bd.centre"}, "claim.contact.bd.note", "xiaomibangladesh.com.bd/warranty"},
	{"", []message.ID{"claim.contact.seller", "claim.contact.site"}, "claim.contact.seller-first", "mi.com"},
}

func contactIn(country string) contact {
	for _, c := range contacts {
		if c.country == country || c.country == "" {
			return c
		}
	}
	return contact{} // the table ends with a row for every country
}
