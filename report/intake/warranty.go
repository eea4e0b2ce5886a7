package intake

import "time"

// Who is asked first; values of [Ticket.Warranty].
const (
	AskMaker  = "maker"
	AskSeller = "seller"
	AskRepair = "paid repair" // no guarantee any more: whoever is to do the work
)

// In the European Union the seller answers for at least two years (Directive
// (EU) 2019/771), in Spain for three; the maker's own guarantee is one year for
// handsets bought in its own shops. Elsewhere two years may be too many: then
// the seller is asked in vain, which costs a letter and no right.
const makerYears = 1

var sellerYears = map[string]int{"ES": 3, "": 2}

// first says who is asked first. A handset not bought from the maker goes
// through its seller: the maker sends such customers there.
func (p Purchase) first(opened string) string {
	bought, err1 := time.Parse(time.DateOnly, p.Date)
	now, err2 := time.Parse(time.DateOnly, opened)
	if err1 != nil || err2 != nil {
		return AskSeller
	}
	years, ok := sellerYears[p.Country]
	if !ok {
		years = sellerYears[""]
	}
	switch {
	case p.FromMaker && now.Before(bought.AddDate(makerYears, 0, 0)):
		return AskMaker
	case now.Before(bought.AddDate(years, 0, 0)):
		return AskSeller
	default:
		return AskRepair
	}
}

// contact is how the maker is reached in a country.
type contact struct {
	country string // ISO 3166; "" is every other
	how     []string
	note    string
	source  string // where this was read, and when
}

// contacts were read in November 2026; the first of a country counts.
var contacts = []contact{
	{
		"ES",
		[]string{"phone 900 128 128 (free of charge)", "live chat at mi.com/es/support", "e-mail through mi.com/es/support: instructions come back within 24 to 48 hours"},
		"Bought elsewhere than mi.com or a Mi Store: ask the seller first. The first year of guarantee is Xiaomi's, the following ones the seller's.",
		"xiaomidevices.com, how to process the guarantee of your Xiaomi",
	},
	{
		"SG",
		[]string{"phone 800 852 8474 (Monday to Friday, 9 to 18)", "live chat at mi.com/sg/support", "e-mail service.sg@support.mi.com"},
		"Bought elsewhere than mi.com/sg: ask the seller.",
		"mi.com/sg/support/warranty",
	},
	{
		"AE",
		[]string{"the service page at mi-mena.com/warranty"},
		"Have model, serial number, IMEI, full address and contact at hand. The guarantee holds in the UAE only.",
		"mi-mena.com/warranty",
	},
	{
		"BD",
		[]string{"an authorised service centre, in person: xiaomibangladesh.com.bd/warranty"},
		"Bring the IMEI and the invoice slip.",
		"xiaomibangladesh.com.bd/warranty",
	},
	{
		"",
		[]string{"the seller, with the invoice", "mi.com, choose the country, then Support"},
		"Bought elsewhere than in the maker's own shop: ask the seller first.",
		"Directive (EU) 2019/771 for the seller's part; mi.com lists its own contacts by country",
	},
}

func contactIn(country string) contact {
	for _, c := range contacts {
		if c.country == country || c.country == "" {
			return c
		}
	}
	return contact{} // the table ends with a row for every country
}
