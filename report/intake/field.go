package intake

import (
	"slices"
	"strings"

	"preship/report"
	"preship/report/message"
	"preship/report/pattern"
)

// Field is one line of the form, in a file and as a question.
type Field struct {
	Name  string     // in a file: "customer.name"
	Ask   message.ID // the question, and the comment in the template
	Group Group
	kind  kind
	needs message.ID      // the problem of an empty field; empty: it can be left out
	at    func(*Form) any // *string, *bool, *[]string, *map[string]string or *[]report.Photo
}

// Group is what questions have in common. A person answers those of [Short], and then
// the groups they choose.
type Group int

// The groups of questions. Fields of InFile are written in a file and never asked.
const (
	Short Group = iota
	AboutFault
	AboutPapers
	AboutTicket
	AboutParcel
	AboutPeople
	InFile
)

// kind says how an answer is read.
type kind int

const (
	asText kind = iota
	asYesNo
	asDate
	asMoment // a date, or a time of preship
	asCountry
	asLanguage
	asEmail
	asIMEI // one number, or two
	asMade
	asList
	asMap
	asPhotos
)

// Fields are the fields of the form in the order of a file. The field "schema" and the
// salt are preship's and are in no row.
var Fields = []Field{
	{"ticket.id", "form.ask.ticket", AboutTicket, asText, "", func(in *Form) any { return &in.Ticket.ID }},
	{"ticket.rma", "form.ask.rma", AboutTicket, asText, "", func(in *Form) any { return &in.Ticket.RMA }},
	{"ticket.channel", "form.ask.channel", InFile, asText, "", func(in *Form) any { return &in.Ticket.Channel }},
	{"ticket.opened", "form.ask.opened", InFile, asDate, "", func(in *Form) any { return &in.Ticket.Opened }},
	{"ticket.ship_by", "form.ask.ship-by", AboutTicket, asDate, "", func(in *Form) any { return &in.Ticket.ShipBy }},
	{"ticket.ship_by_source", "form.ask.ship-by-source", InFile, asText, "", func(in *Form) any { return &in.Ticket.ShipBySource }},
	{"ticket.carrier", "form.ask.carrier", AboutTicket, asText, "", func(in *Form) any { return &in.Ticket.Carrier }},
	{"ticket.tracking", "form.ask.tracking", InFile, asText, "", func(in *Form) any { return &in.Ticket.Tracking }},

	{"customer.name", "form.ask.name", Short, asText, "intake.problem.name", func(in *Form) any { return &in.Customer.Name }},
	{"customer.phone", "form.ask.phone", InFile, asText, "", func(in *Form) any { return &in.Customer.Phone }},
	{"customer.email", "form.ask.email", InFile, asEmail, "", func(in *Form) any { return &in.Customer.Email }},
	{"customer.address", "form.ask.address", Short, asText, "intake.problem.address", func(in *Form) any { return &in.Customer.Address }},
	{"customer.invoice_address", "form.ask.invoice-address", AboutPeople, asText, "", func(in *Form) any { return &in.Customer.InvoiceAddress }},
	{"customer.language", "form.ask.language", AboutPeople, asLanguage, "", func(in *Form) any { return &in.Customer.Language }},
	{"customer.business", "form.ask.business", AboutPeople, asYesNo, "", func(in *Form) any { return &in.Customer.Business }},

	{"product.model", "form.ask.model", Short, asText, "", func(in *Form) any { return &in.Product.Model }},
	{"product.colour", "form.ask.colour", AboutPapers, asText, "", func(in *Form) any { return &in.Product.Colour }},
	{"product.storage", "form.ask.storage", AboutPapers, asText, "", func(in *Form) any { return &in.Product.Storage }},
	{"product.imei_box", "form.ask.imei", Short, asIMEI, "", func(in *Form) any { return &in.Product.IMEIBox }},
	{"product.imei_sticker", "form.ask.imei-sticker", AboutPapers, asIMEI, "", func(in *Form) any { return &in.Product.IMEISticker }},
	{"product.imei_receipt", "form.ask.imei-receipt", AboutPapers, asIMEI, "", func(in *Form) any { return &in.Product.IMEIReceipt }},
	{"product.sn_box", "form.ask.sn", AboutPapers, asText, "", func(in *Form) any { return &in.Product.SNBox }},

	{"purchase.seller", "form.ask.seller", Short, asText, "intake.problem.seller", func(in *Form) any { return &in.Purchase.Seller }},
	{"purchase.from_maker", "form.ask.from-maker", Short, asYesNo, "", func(in *Form) any { return &in.Purchase.FromMaker }},
	{"purchase.date", "form.ask.date", Short, asDate, "intake.problem.date", func(in *Form) any { return &in.Purchase.Date }},
	{"purchase.country", "form.ask.country", Short, asCountry, "intake.problem.country", func(in *Form) any { return &in.Purchase.Country }},
	{"purchase.document", "form.ask.invoice", AboutPapers, asText, "", func(in *Form) any { return &in.Purchase.Document }},
	{"purchase.extended", "form.ask.extended", AboutPapers, asYesNo, "", func(in *Form) any { return &in.Purchase.Extended }},
	{"purchase.repaired_by", "form.ask.repaired-by", AboutFault, asText, "", func(in *Form) any { return &in.Purchase.RepairedBy }},

	{"fault.description", "form.ask.fault", Short, asText, "intake.problem.fault", func(in *Form) any { return &in.Fault.Description }},
	{"fault.since", "form.ask.since", AboutFault, asText, "", func(in *Form) any { return &in.Fault.Since }},
	{"fault.reproducible", "form.ask.reproducible", AboutFault, asText, "", func(in *Form) any { return &in.Fault.Reproducible }},
	{"fault.drop_or_liquid", "form.ask.dropped", AboutFault, asText, "", func(in *Form) any { return &in.Fault.DropOrLiquid }},
	{"fault.tried", "form.ask.tried", AboutFault, asText, "", func(in *Form) any { return &in.Fault.Tried }},

	{"condition.zones", "form.ask.zones", InFile, asMap, "", func(in *Form) any { return &in.Condition.Zones }},
	{"condition.tests", "form.ask.tests", InFile, asMap, "", func(in *Form) any { return &in.Condition.Tests }},
	{"condition.powers_on", "form.ask.powers-on", InFile, asText, "", func(in *Form) any { return &in.Condition.PowersOn }},
	{"condition.photos", "form.ask.photos", InFile, asPhotos, "", func(in *Form) any { return &in.Condition.Photos }},

	{"handed_over.sim_removed", "form.ask.sim", AboutParcel, asYesNo, "", func(in *Form) any { return &in.Handed.SIMRemoved }},
	{"handed_over.sd_removed", "form.ask.sd", AboutParcel, asYesNo, "", func(in *Form) any { return &in.Handed.SDRemoved }},
	{"handed_over.case_removed", "form.ask.case", AboutParcel, asYesNo, "", func(in *Form) any { return &in.Handed.CaseRemoved }},
	{"handed_over.accessories", "form.ask.accessories", AboutParcel, asList, "", func(in *Form) any { return &in.Handed.Accessories }},

	{"backup.made", "form.ask.backup", InFile, asMade, "", func(in *Form) any { return &in.Backup.Made }},
	{"backup.where", "form.ask.backup-where", InFile, asText, "", func(in *Form) any { return &in.Backup.Where }},
	{"backup.handed_to", "form.ask.backup-handed-to", InFile, asText, "", func(in *Form) any { return &in.Backup.HandedTo }},
	{"backup.delete_by", "form.ask.backup-delete-by", InFile, asDate, "", func(in *Form) any { return &in.Backup.DeleteBy }},

	{"consent.wipe", "form.ask.consent", InFile, asYesNo, "", func(in *Form) any { return &in.Consent.Wipe }},
	{"consent.by", "form.ask.agreed-by", InFile, asText, "", func(in *Form) any { return &in.Consent.By }},
	{"consent.at", "form.ask.agreed-at", InFile, asMoment, "", func(in *Form) any { return &in.Consent.At }},
	{"consent.wording", "form.ask.wording", InFile, asText, "", func(in *Form) any { return &in.Consent.Wording }},

	{"people.performed_by", "form.ask.prepared-by", AboutPeople, asText, "", func(in *Form) any { return &in.People.PerformedBy }},
	{"people.checked_by", "form.ask.checked-by", InFile, asText, "", func(in *Form) any { return &in.People.CheckedBy }},
	{"people.received_by", "form.ask.received-by", InFile, asText, "", func(in *Form) any { return &in.People.ReceivedBy }},

	{"estimate.offered", "form.ask.estimate", InFile, asYesNo, "", func(in *Form) any { return &in.Estimate.Offered }},
	{"estimate.price", "form.ask.estimate-price", InFile, asText, "", func(in *Form) any { return &in.Estimate.Price }},
	{"estimate.time", "form.ask.estimate-time", InFile, asText, "", func(in *Form) any { return &in.Estimate.Time }},
	{"estimate.loaner", "form.ask.estimate-loaner", InFile, asText, "", func(in *Form) any { return &in.Estimate.Loaner }},
	{"estimate.valid_until", "form.ask.estimate-until", InFile, asDate, "", func(in *Form) any { return &in.Estimate.ValidUntil }},
}

// FieldNamed returns the field with a name, and false for an unknown name.
func FieldNamed(name string) (Field, bool) {
	i := slices.IndexFunc(Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return Fields[i], true
}

// Needed reports whether a claim cannot be sent without this field.
func (f Field) Needed() bool { return f.needs != "" }

// YesNo reports whether the answer is yes or no.
func (f Field) YesNo() bool { return f.kind == asYesNo }

// Text returns the answer as a person would type it; of a yes or no it returns "yes" or
// "no". It is empty for an empty field.
func (f Field) Text(in *Form) string {
	switch v := f.at(in).(type) {
	case *string:
		return *v
	case *bool:
		if *v {
			return "yes"
		}
		return "no"
	case *[]string:
		return strings.Join(*v, ", ")
	}
	return ""
}

// Read reads an answer and puts it in the form. If it cannot be read, the form stays as it
// was and the sentence says why. [Form.Problems] then says whether the answer is right.
func (f Field) Read(in *Form, answer string) (problem message.Sentence) {
	answer = strings.TrimSpace(answer)
	switch v := f.at(in).(type) {
	case *bool:
		yes, plain := message.YesOrNo(answer)
		if !plain && answer != "" {
			return message.Say("form.yes-or-no")
		}
		*v = yes
	case *[]string:
		*v = nil
		for _, part := range strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(",;，、；\n", r) }) {
			if part = strings.TrimSpace(part); part != "" {
				*v = append(*v, part)
			}
		}
	case *string:
		text, problem := f.read(answer)
		if !problem.Empty() {
			return problem
		}
		*v = text
	}
	return message.Sentence{}
}

// read returns an answer in the form in which it is kept.
func (f Field) read(answer string) (string, message.Sentence) {
	switch {
	case answer == "":
		return "", message.Sentence{}
	case f.kind == asMoment && isMoment(answer):
		return answer, message.Sentence{}
	case f.kind == asDate, f.kind == asMoment:
		return readDate(answer)
	case f.kind == asCountry:
		return strings.ToUpper(countryOf(answer)), message.Sentence{}
	case f.kind == asLanguage, f.kind == asMade:
		return strings.ToLower(answer), message.Sentence{}
	case f.kind == asIMEI:
		if m := imeiForm().FindStringSubmatch(answer); m != nil {
			return strings.Trim(digits(m[1])+", "+digits(m[2]), ", "), message.Sentence{}
		}
		return "", message.Say("intake.problem.imei")
	}
	return answer, message.Sentence{}
}

// imeiForm is one IMEI, or two with something between them, as people and scanners write
// them: with spaces and hyphens, and with the label of the box.
var imeiForm = pattern.New(imeiPattern)

const (
	imeiPattern = `^\s*` + imeiNumber + `(?:\s*[,;/|+\s]\s*` + imeiNumber + `)?\s*$`
	imeiNumber  = `(?:IMEI ?[12]?\s*:?\s*)?([0-9](?:[ -]?[0-9]){14})`
)

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// languages are the languages of a claim; an empty one is filled in.
func languages() []string { return report.Languages }

var backupMade = []string{"made", "declined", "not-possible"}
