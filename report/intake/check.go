package intake

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"preship/report/message"
	"preship/report/pattern"
)

// check names every field that is missing or wrong.
func (in *Form) check(now time.Time) (problems []Problem) {
	bad := func(field string, what message.ID) { problems = append(problems, Problem{field, message.Say(what)}) }
	oneOf := func(field string, words ...string) {
		problems = append(problems, Problem{field, message.Say("intake.problem.one-of", "words", words)})
	}
	for _, f := range []struct {
		field, value string
		what         message.ID
	}{
		{"ticket.id", in.Ticket.ID, "intake.problem.ticket"},
		{"customer.name", in.Customer.Name, "intake.problem.name"},
		{"customer.address", in.Customer.Address, "intake.problem.address"},
		{"product.model", in.Product.Model, "intake.problem.model"},
		{"purchase.seller", in.Purchase.Seller, "intake.problem.seller"},
		{"purchase.date", in.Purchase.Date, "intake.problem.date"},
		{"people.performed_by", in.People.PerformedBy, "intake.problem.performed-by"},
	} {
		if strings.TrimSpace(f.value) == "" {
			bad(f.field, f.what)
		}
	}
	if in.Customer.Phone == "" && in.Customer.Email == "" {
		bad("customer.phone", "intake.problem.contact")
	}
	if in.Customer.Email != "" && !emailForm().MatchString(in.Customer.Email) {
		bad("customer.email", "intake.problem.email")
	}
	if !slices.Contains(languages(), in.Customer.Language) {
		oneOf("customer.language", languages()...)
	}
	if !countryCode().MatchString(in.Purchase.Country) {
		bad("purchase.country", "intake.problem.country")
	}
	if !describes(in.Fault.Description) {
		bad("fault.description", "intake.problem.fault")
	}
	if in.Backup.Made != "" && !slices.Contains(backupMade, in.Backup.Made) {
		oneOf("backup.made", backupMade...)
	}
	for _, p := range in.Condition.Photos {
		if !photoName().MatchString(p.File) {
			bad("condition.photos", "intake.problem.photos")
		}
	}
	in.checkDates(now, bad)
	in.checkNumbers(bad)
	return problems
}

// Agreed reports whether the owner agreed, by name, that the handset is erased.
func (in *Form) Agreed() bool { return in.Consent.Wipe && strings.TrimSpace(in.Consent.By) != "" }

// NotAgreed is the problem of a form without the owner's consent.
func NotAgreed() Problem { return Problem{"consent.wipe", message.Say("intake.problem.consent")} }

var photoName = pattern.New(`^evidence/condition-[0-9]{2}\.(jpg|png)$`)

var (
	countryCode = pattern.New(`^[A-Z]{2}$`)
	emailForm   = pattern.New(emailPattern)
)

const emailPattern = `^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$`

func (in *Form) checkDates(now time.Time, bad func(field string, what message.ID)) {
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
		at, err := dayIn(d.value)
		switch {
		case d.value == "":
		case err != nil:
			bad(d.field, "intake.problem.not-a-date")
		case d.past && at.After(now.AddDate(0, 0, 1)): // somewhere it is tomorrow
			bad(d.field, "intake.problem.future")
		case at.Year() < 2010 || at.Year() > 2100:
			bad(d.field, "intake.problem.far")
		}
	}
}

func (in *Form) checkNumbers(bad func(field string, what message.ID)) {
	for _, f := range []struct{ field, value string }{
		{"product.imei_box", in.Product.IMEIBox},
		{"product.imei_sticker", in.Product.IMEISticker},
		{"product.imei_receipt", in.Product.IMEIReceipt},
	} {
		if f.value != "" && len(imeisOn(f.value)) == 0 {
			bad(f.field, "intake.problem.imei")
		}
	}
	for _, text := range []string{in.Fault.Description, in.Fault.Tried, in.Fault.Since, in.Fault.Reproducible, in.Fault.DropOrLiquid} {
		if writtenSecret().MatchString(text) {
			bad("fault", "intake.problem.secret")
			return
		}
	}
}

var (
	imeiDigits = pattern.New(`^[0-9]{15}$`)
	secretWord = pattern.New(`(?i)pass_?(code|word|phrase)|\bpin\b|^pin|unlock_?(code|pattern)|pattern|contrase|clave|密码|口令`)
	// A word for a secret, and digits or a quoted word behind it.
	writtenSecret = pattern.New(`(?i)(\bpin\b|pass\s?(code|word)|contraseña|clave|密码|口令)\s*(is|es|:|=|是|：)?\s*["“]?\d{4,}`)
)

// emptyFaults are descriptions desks send back: they do not name the fault.
var emptyFaults = []string{
	"not working", "does not work", "doesnt work", "doesn't work", "dont work", "dead phone", "dead", "defective", "defect", "broken",
	"faulty", "failure", "fault", "bad", "problem", "error", "needs repair", "repair", "stopped working", "no longer works",
	"no funciona", "no anda", "no va", "roto", "rota", "averiado", "averiada", "averia", "avería", "defectuoso", "defectuosa", "estropeado",
	"fallo", "falla", "problema", "reparar", "ha dejado de funcionar", "dejó de funcionar",
	"不能用了", "不能用", "无法使用", "用不了", "坏了", "坏的", "有问题", "故障", "不工作",
}

// fillers are words that do not describe a fault either.
var fillers = []string{
	"the", "my", "phone", "mobile", "device", "handset", "it", "its", "is", "this", "that", "has", "was", "a", "an", "at", "all", "please", "just", "and", "very", "completely",
	"el", "la", "mi", "teléfono", "telefono", "móvil", "movil", "está", "esta", "es", "un", "una", "muy", "por", "favor", "y", "se", "me", "ha", "que", "xiaomi", "redmi", "poco",
}

// describes reports whether a text describes a fault: "not working" does not.
func describes(text string) bool {
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
	return letters+2*ideographs(rest) >= 12
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
