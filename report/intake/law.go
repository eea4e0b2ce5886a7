package intake

import (
	"slices"
	"strings"
	"time"

	"preship/report/message"
)

// law is what a country's law says of the seller's guarantee of new goods for consumers.
type law struct {
	country string     // ISO 3166
	years   int        // from the day of purchase; 0: the law names no end, or it is not known
	since   string     // of purchases from this day, YYYY-MM-DD; "": all
	before  int        // years of earlier purchases
	limit   bool       // the years are the time for a claim in court, and the guarantee is no fixed time
	note    message.ID // what a claimant should know; empty: nothing
	source  string     // where this was read
}

// lawsRead is when the sources of laws and contacts were read.
const lawsRead = "2026-11-29"

const (
	directive771  = "Directive (EU) 2019/771, art. 10(1); evz.de/en/shopping-internet/guarantees-and-warranties.html"
	directive1799 = "Directive (EU) 2024/1799, art. 5 and 16; eur-lex.europa.eu"
)

// laws are the countries whose law was read. A country of the Union without a row has the
// directive's two years; for any other country nothing is known.
var laws = []law{
	{country: "ES", years: 3, since: "2022-01-01", before: 2, source: "Real Decreto Legislativo 1/2007, art. 120 (Real Decreto-ley 7/2021); portal-cec.consumo.gob.es/en/informacion-general/compras-online/garantias"},
	{country: "PT", years: 3, since: "2022-01-01", before: 2, note: "claim.law.pt", source: "Decreto-Lei 84/2021, art. 12 and 18(4); portal.cm-albufeira.pt, from Direção-Geral do Consumidor"},
	{country: "SE", years: 3, source: "Konsumentköplagen; goteborg.se, konsumentrådgivning, reklamation"},
	{country: "NO", years: 5, source: "Forbrukerkjøpsloven § 27; forbrukerradet.no/cause-for-complaint"},
	{country: "IE", years: 6, limit: true, source: "Statute of Limitations 1957, s. 11(1); eccireland.ie/faulty-goods-remedies-guarantees-warranties-in-eu-and-ireland"},
	{country: "GB", years: 6, limit: true, note: "claim.law.gb", source: "Consumer Rights Act 2015; which.co.uk/consumer-rights/problem/what-do-i-do-if-i-have-a-faulty-product"},
	{country: "NL", note: "claim.law.nl", source: directive771},
	{country: "CN", years: 1, note: "claim.law.cn", source: "《移动电话机商品修理更换退货责任规定》; as Xiaomi's terms of service quote it, jinzh.com/pinpai/show-536017.html"},
}

// lawIn returns the law of a country. known is false where none was read.
func lawIn(country string) (l law, known bool) {
	if i := slices.IndexFunc(laws, func(l law) bool { return l.country == country }); i >= 0 {
		return laws[i], true
	}
	if InUnion(country) {
		return law{country: country, years: 2, note: "claim.law.longer", source: directive771}, true
	}
	return law{}, false
}

// yearsFor returns the years for a purchase, 0 where no end is known.
func (l law) yearsFor(date time.Time) int {
	if since, err := time.Parse(time.DateOnly, l.since); err == nil && date.Before(since) {
		return l.before
	}
	return l.years
}

// union are the countries of the European Union.
var union = strings.Fields("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")

// InUnion reports whether a country, in two letters, is one of the European Union.
func InUnion(country string) bool { return slices.Contains(union, country) }

// repairRight is the day from which Directive (EU) 2024/1799 applies.
var repairRight = time.Date(2026, time.July, 31, 0, 0, 0, 0, time.UTC)

// makerWarranty is the maker's own, voluntary warranty in a country, in years.
var makerWarranty = map[string]struct {
	years  int
	source string
}{
	"ES": {1, "xiaomidevices.com, how to process the guarantee of your Xiaomi"},
	"AU": {2, "mi.com/global/support/warranty/au"},
	"BD": {1, "xiaomibangladesh.com.bd/warranty"},
	"CN": {1, "jinzh.com/pinpai/show-536017.html, Xiaomi's terms of service"},
}
