package intake

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report"
	"preship/report/message"
)

// words writes the parts of a letter in its language.
type words struct{ tag string }

// wordsIn returns the words of a language, and those of English for an unknown one.
func wordsIn(tag string) words {
	if !slices.Contains(message.Languages(), tag) {
		tag = report.DefaultLanguage
	}
	return words{tag}
}

func (w words) text(id message.ID) string { return w.say(message.Say(id)) }

func (w words) say(s message.Sentence) string {
	text, _ := s.In(w.tag)
	return text
}

// Day writes a date, or a moment of preship, as the language writes it. Another text
// stays unchanged.
func (w words) Day(text string) string {
	at, err := dayIn(text)
	if err != nil {
		return text
	}
	at = at.UTC()
	date := message.Say(
		"claim.date", "day", message.AsIs(strconv.Itoa(at.Day())), "month", message.Say(monthNames[at.Month()-1]), "year", message.AsIs(strconv.Itoa(at.Year())),
	)
	if !isMoment(text) {
		return w.say(date)
	}
	return w.say(message.Say("claim.moment", "date", date, "time", at.Format("15:04")))
}

// country names a country. One without a name here stays its code.
func (w words) country(code string) string {
	if id, ok := countryWords[code]; ok {
		return w.text(id)
	}
	return code
}

// word writes one of the words that the form asks for in its own language. Another text
// stays unchanged.
func (w words) word(text string) string {
	if id, ok := conditionWords[strings.ToLower(strings.TrimSpace(text))]; ok {
		return w.text(id)
	}
	return text
}

// Word writes a word of the form in a language; see [Form.Condition]. Another text stays
// as it is.
func Word(tag, text string) string { return wordsIn(tag).word(text) }

// Day writes a date or a moment of the form as a language writes it. Another text stays as
// it is.
func Day(tag, text string) string { return wordsIn(tag).Day(text) }

// sentences writes sentences one after the other.
func (w words) sentences(list []message.Sentence) string {
	var all []string
	for _, s := range list {
		all = append(all, w.say(s))
	}
	return strings.Join(all, w.text("page.space"))
}

// parts lists the parts of the handset with what the form says of each, in order of name.
func (w words) parts(of map[string]string) string {
	var all []string
	for _, part := range slices.Sorted(maps.Keys(of)) {
		all = append(all, w.word(part)+w.text("list.colon")+w.word(of[part]))
	}
	return strings.Join(all, w.text("list.semicolon"))
}

// list joins numbers.
func (w words) list(numbers []string) string {
	return strings.Join(numbers, w.text("list.comma"))
}

// made says what became of the backup.
func (w words) made(word string) string {
	if id, ok := madeWords[word]; ok {
		return w.text(id)
	}
	return word
}

// shipWhy says where the last day to post comes from.
func (w words) shipWhy(t Ticket) string {
	switch opened, err := time.Parse(time.DateOnly, t.Opened); {
	case err == nil && t.ShipBySource == defaultShipWhy(opened):
		return w.say(message.Say("claim.ship.default", "count", shipDays, "opened", w.Day(t.Opened)))
	case t.ShipBySource == givenShipWhy:
		return w.text("claim.ship.given")
	}
	return t.ShipBySource
}

var monthNames = []message.ID{
	"claim.month.january",
	"claim.month.february",
	"claim.month.march",
	"claim.month.april",
	"claim.month.may",
	"claim.month.june",
	"claim.month.july",
	"claim.month.august",
	"claim.month.september",
	"claim.month.october",
	"claim.month.november",
	"claim.month.december",
}

// conditionWords are the words of the form's template and their near kin.
var conditionWords = map[string]message.ID{
	"yes": "claim.word.yes", "no": "claim.word.no", "not tried": "claim.word.not-tried", "not tested": "claim.word.not-tested",
	"pass": "claim.word.pass", "fail": "claim.word.fail", "none": "claim.word.undamaged", "scratch": "claim.word.scratched", "scratched": "claim.word.scratched",
	"crack": "claim.word.cracked", "cracked": "claim.word.cracked", "dent": "claim.word.dented", "dented": "claim.word.dented", "missing": "claim.word.missing",
	"front": "claim.part.front", "back": "claim.part.back", "frame": "claim.part.frame", "camera": "claim.part.camera", "ports": "claim.part.ports",
	"screen": "claim.part.screen", "display": "claim.part.screen", "touch": "claim.part.touch", "speaker": "claim.part.speaker", "microphone": "claim.part.microphone",
	"buttons": "claim.part.buttons", "battery": "claim.part.battery", "charging": "claim.part.charging", "fingerprint": "claim.part.fingerprint",
}

var madeWords = map[string]message.ID{"made": "claim.made.made", "declined": "claim.made.declined", "not-possible": "claim.made.not-possible"}

var countryWords = map[string]message.ID{
	"AT": "claim.country.at",
	"BE": "claim.country.be",
	"BG": "claim.country.bg",
	"HR": "claim.country.hr",
	"CY": "claim.country.cy",
	"CZ": "claim.country.cz",
	"DK": "claim.country.dk",
	"EE": "claim.country.ee",
	"FI": "claim.country.fi",
	"FR": "claim.country.fr",
	"DE": "claim.country.de",
	"GR": "claim.country.gr",
	"HU": "claim.country.hu",
	"IE": "claim.country.ie",
	"IT": "claim.country.it",
	"LV": "claim.country.lv",
	"LT": "claim.country.lt",
	"LU": "claim.country.lu",
	"MT": "claim.country.mt",
	"NL": "claim.country.nl",
	"PL": "claim.country.pl",
	"PT": "claim.country.pt",
	"RO": "claim.country.ro",
	"SK": "claim.country.sk",
	"SI": "claim.country.si",
	"ES": "claim.country.es",
	"SE": "claim.country.se",
	"NO": "claim.country.no",
	"GB": "claim.country.gb",
	"CH": "claim.country.ch",
	"CN": "claim.country.cn",
	"HK": "claim.country.hk",
	"TW": "claim.country.tw",
	"SG": "claim.country.sg",
	"MY": "claim.country.my",
	"AE": "claim.country.ae",
	"BD": "claim.country.bd",
	"IN": "claim.country.in",
	"AU": "claim.country.au",
	"US": "claim.country.us",
	"MX": "claim.country.mx",
	"AR": "claim.country.ar",
	"CL": "claim.country.cl",
	"CO": "claim.country.co",
	"PE": "claim.country.pe",
	"BR": "claim.country.br",
}
