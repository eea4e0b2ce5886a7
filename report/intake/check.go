package intake

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"preship/report"
)

// check names every field that is missing or wrong.
func (in *Form) check(now time.Time) (problems []Problem) {
	bad := func(field, what string) { problems = append(problems, Problem{field, what}) }
	for _, f := range []struct{ field, value, what string }{
		{"ticket.id", in.Ticket.ID, "give the job a number of your own"},
		{"customer.name", in.Customer.Name, "the full name"},
		{"customer.address", in.Customer.Address, "where it is sent back to"},
		{"product.model", in.Product.Model, "as on the box"},
		{"purchase.seller", in.Purchase.Seller, "who sold it"},
		{"purchase.date", in.Purchase.Date, "as on the invoice, YYYY-MM-DD"},
		{"people.performed_by", in.People.PerformedBy, "who prepared it"},
	} {
		if strings.TrimSpace(f.value) == "" {
			bad(f.field, "is missing: "+f.what)
		}
	}
	if in.Customer.Phone == "" && in.Customer.Email == "" {
		bad("customer.phone", "is missing: a phone number or a mail address")
	}
	if _, err := mail.ParseAddress(in.Customer.Email); in.Customer.Email != "" && err != nil {
		bad("customer.email", "is no mail address")
	}
	if !slices.Contains(report.Languages, in.Customer.Language) {
		bad("customer.language", "one of "+strings.Join(report.Languages, ", "))
	}
	if !countryCode.MatchString(in.Purchase.Country) {
		bad("purchase.country", "two letters, such as ES")
	}
	if what := faultDefect(in.Fault.Description); what != "" {
		bad("fault.description", what)
	}
	if !slices.Contains([]string{"made", "declined", "not-possible"}, in.Backup.Made) {
		bad("backup.made", "one of made, declined, not-possible")
	}
	if !in.Consent.Wipe || in.Consent.By == "" {
		bad("consent.wipe", "the owner has to agree, by name, that everything on the handset is erased")
	}
	for _, p := range in.Condition.Photos {
		if !photoName.MatchString(p.File) {
			bad("condition.photos", "are added with --photo, not written into the form")
		}
	}
	in.checkDates(now, bad)
	in.checkNumbers(bad)
	return problems
}

var photoName = regexp.MustCompile(`^evidence/condition-[0-9]{2}\.(jpg|png)$`)

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

func (in *Form) checkDates(now time.Time, bad func(field, what string)) {
	for _, d := range []struct {
		field, value string
		past         bool
	}{
		{"ticket.opened", in.Ticket.Opened, true},
		{"ticket.ship_by", in.Ticket.ShipBy, false},
		{"purchase.date", in.Purchase.Date, true},
		{"consent.at", in.Consent.At, true},
		{"backup.delete_by", in.Backup.DeleteBy, false},
		{"estimate.valid_until", in.Estimate.ValidUntil, false},
	} {
		at, err := time.Parse(time.DateOnly, d.value)
		switch {
		case d.value == "":
		case err != nil:
			bad(d.field, "is no date: YYYY-MM-DD")
		case d.past && at.After(now.AddDate(0, 0, 1)): // somewhere it is tomorrow
			bad(d.field, "lies in the future")
		case at.Year() < 2010 || at.Year() > 2100:
			bad(d.field, "is too far away")
		}
	}
}

func (in *Form) checkNumbers(bad func(field, what string)) {
	for _, f := range []struct{ field, value string }{
		{"product.imei_box", in.Product.IMEIBox},
		{"product.imei_sticker", in.Product.IMEISticker},
		{"product.imei_receipt", in.Product.IMEIReceipt},
	} {
		if f.value != "" && len(imeisOn(f.value)) == 0 {
			bad(f.field, "15 digits, without spaces; two numbers with a comma between them")
		}
	}
	for _, text := range []string{in.Fault.Description, in.Fault.Tried, in.Fault.Since, in.Fault.Reproducible, in.Fault.DropOrLiquid} {
		if writtenSecret.MatchString(text) {
			bad("fault", "seems to hold a passcode: take it out, and take the screen lock off instead")
			return
		}
	}
}

var (
	imeiDigits = regexp.MustCompile(`^[0-9]{15}$`)
	secretWord = regexp.MustCompile(`(?i)pass_?(code|word|phrase)|\bpin\b|^pin|unlock_?(code|pattern)|pattern|contrase|clave|密码|口令`)
	// A word for a secret, and digits or a quoted word behind it.
	writtenSecret = regexp.MustCompile(`(?i)(\bpin\b|pass\s?(code|word)|contraseña|clave|密码|口令)\s*(is|es|:|=|是|：)?\s*["“]?\d{4,}`)
)

// emptyFaults are descriptions desks send back: they say that something is
// wrong, which is known, and not what.
var emptyFaults = []string{
	"not working", "does not work", "doesnt work", "doesn't work", "dont work", "dead phone", "dead", "defective", "defect", "broken",
	"faulty", "failure", "fault", "bad", "problem", "error", "needs repair", "repair", "stopped working", "no longer works",
	"no funciona", "no anda", "no va", "roto", "rota", "averiado", "averiada", "averia", "avería", "defectuoso", "defectuosa", "estropeado",
	"fallo", "falla", "problema", "reparar", "ha dejado de funcionar", "dejó de funcionar",
	"不能用了", "不能用", "无法使用", "用不了", "坏了", "坏的", "有问题", "故障", "不工作",
}

// fillers say nothing of a fault either.
var fillers = []string{
	"the", "my", "phone", "mobile", "device", "handset", "it", "its", "is", "this", "that", "has", "was", "a", "an", "at", "all", "please", "just", "and", "very", "completely",
	"el", "la", "mi", "teléfono", "telefono", "móvil", "movil", "está", "esta", "es", "un", "una", "muy", "por", "favor", "y", "se", "me", "ha", "que", "xiaomi", "redmi", "poco",
}

// faultDefect returns the defect of a description of the fault, or an empty text.
func faultDefect(text string) string {
	rest := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	}), " ") + " "
	for _, phrase := range emptyFaults {
		if ideographs(phrase) > 0 {
			rest = strings.ReplaceAll(rest, phrase, "")
			continue
		}
		rest = strings.ReplaceAll(rest, " "+phrase+" ", "  ")
	}
	for _, word := range fillers {
		rest = strings.ReplaceAll(rest, " "+word+" ", "  ")
	}
	for _, word := range []string{"手机", "我的", "了", "的"} {
		rest = strings.ReplaceAll(rest, word, "")
	}
	letters := 0
	for _, r := range rest {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	if letters+2*ideographs(rest) < 12 {
		return "say what happens, when, and what you see: “not working” alone is sent back by repairers"
	}
	return ""
}

// ideographs counts characters that each make about a word.
func ideographs(s string) (n int) {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}
