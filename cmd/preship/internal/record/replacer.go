package record

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"preship/report/pattern"

	"preship/report/imei"
)

// replacer puts other identifiers in the place of a handset's own. The same one
// is always replaced by the same, of the same shape: an IMEI keeps the eight
// digits that name the model, and whether its check digit is right. The original cannot
// be computed without the key, which is dropped with the replacer.
type replacer struct {
	key   []byte
	known []string         // identifiers seen, longest first
	names *regexp.Regexp   // words of the names of people, nil without any
	words []string         // what names matches
	ends  []*regexp.Regexp // of numbers whose middle is not known
}

// newReplacer returns a replacer. A nil key makes a random one; tests give one.
func newReplacer(key []byte) *replacer {
	if key == nil {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // never fails
	}
	return &replacer{key: key}
}

// shortIdentifier is the shortest text that is looked for inside other text: too many other
// things would match.
const shortIdentifier = 6

// learn makes an identifier known, so that hide finds it inside any text.
// Placeholders such as "unknown" and "0" do not count.
func (r *replacer) learn(value string) {
	for one := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ',' || c == ' ' }) {
		if len(one) >= shortIdentifier && strings.ContainsAny(one, "0123456789") && strings.Trim(one, one[:1]) != "" && !slices.Contains(r.known, one) {
			r.known = append(r.known, one)
		}
	}
	if mac := strings.NewReplacer(":", "", "-", "").Replace(value); len(mac) == 12 && len(value) == 17 { // as other properties have it
		r.learn(strings.ToLower(mac))
		r.learn(strings.ToUpper(mac))
	}
	slices.SortFunc(r.known, func(a, b string) int { return len(b) - len(a) })
}

// maskedNumber is how MIUI prints the number of an account: its first four digits and the
// last three.
var maskedNumber = pattern.New(`^([0-9]{4})\*+([0-9]{3})$`)

// learnMasked makes a number known of which the handset shows only both ends. The numbers
// of Mi accounts have 8 to 12 digits.
func (r *replacer) learnMasked(name string) {
	if m := maskedNumber().FindStringSubmatch(name); m != nil {
		r.ends = append(r.ends, regexp.MustCompile(`\b`+m[1]+`[0-9]{1,5}`+m[2]+`\b`))
	}
}

// shortName is the shortest word of a person's name that is looked for.
const shortName = 3

// learnName makes the words of a person's name known, so that hide finds them as words.
// Those of model are not a person's.
func (r *replacer) learnName(name, model string) {
	for _, word := range strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if len([]rune(word)) >= shortName && !ordinaryName().MatchString(word) && !strings.Contains(strings.ToLower(model), strings.ToLower(word)) {
			r.words = append(r.words, regexp.QuoteMeta(word))
			r.names = regexp.MustCompile(`(?i)(^|[^\pL])(` + strings.Join(r.words, "|") + `)($|[^\pL])`)
		}
	}
}

// looksPersonal finds identifiers by their form alone: numbers of the length of
// IMEI, IMSI and ICCID, numbers of telephones, hardware addresses, addresses in a home's
// network, mail addresses and UUIDs.
var looksPersonal = pattern.New(`\b[0-9]{14,20}\b|\+[0-9]{8,15}\b|\b(?:192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))(?:\.[0-9]{1,3}){2}\b|\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b`)

// hide replaces every identifier in a text.
func (r *replacer) hide(text string) string {
	var pairs []string
	for _, one := range r.known {
		pairs = append(pairs, one, r.instead(one))
	}
	for _, form := range append([]*regexp.Regexp{looksPersonal()}, r.ends...) {
		for _, one := range form.FindAllString(text, -1) {
			pairs = append(pairs, one, r.instead(one))
		}
	}
	return r.hideNames(strings.NewReplacer(pairs...).Replace(text))
}

// hideNames replaces the names of people, also those beside each other.
func (r *replacer) hideNames(text string) string {
	for range 2 { // the first leaves every second of several beside each other
		if r.names != nil {
			text = r.names.ReplaceAllString(text, "${1}owner${3}")
		}
	}
	return text
}

// longIdentifier is the shortest identifier that is looked for where versions and dates
// stand too.
const longIdentifier = 8

// hideKnown replaces the identifiers that were learned, and nothing by its form alone.
func (r *replacer) hideKnown(text string) string {
	for _, one := range r.known {
		if len(one) >= longIdentifier {
			text = strings.ReplaceAll(text, one, r.instead(one))
		}
	}
	return r.hideNames(text)
}

// instead returns the identifier that replaces id.
func (r *replacer) instead(id string) string {
	switch {
	case strings.Contains(id, "@"):
		return "owner-" + r.shaped("mail", id, "000000") + "@example.com"
	case imei.Digits(id) && len(id) >= 14 && len(id) <= 16:
		return r.phoneNumber(id)
	case len(id) == 14 && strings.Trim(id, "0123456789abcdefABCDEF") == "": // MEID
		return id[:8] + r.shaped("number", id, id[8:])
	case strings.Count(id, ".") == 3 && strings.Trim(id, "0123456789.") == "":
		return "192.0.2." + r.shaped("address", id, "1")
	case strings.HasPrefix(id, "0x"):
		return "0x" + r.shaped("id", id, id[2:])
	}
	return r.shaped("id", id, id)
}

// phoneNumber replaces an IMEI, with or without its check digit, or with the
// version of the software behind it. All three forms of one keep fitting.
func (r *replacer) phoneNumber(id string) string {
	if id == imei.Emulator {
		return id
	}
	body := id[:8] + r.shaped("number", id[:14], id[8:14])
	if len(id) != 15 {
		return body + id[14:]
	}
	// As far off the right check digit as the original is.
	off := (id[14] - imei.CheckDigit(id[:14]) + 10) % 10
	return body + string('0'+(imei.CheckDigit(body)-'0'+off)%10)
}

// shapes are the characters that take each other's place.
var shapes = []string{"0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ"}

// shaped makes a text of a form out of an identifier.
func (r *replacer) shaped(kind, id, form string) string {
	mac := hmac.New(sha256.New, r.key)
	mac.Write([]byte(kind + "\x00" + id))
	stream := mac.Sum(nil)
	out := []byte(form)
	for i, c := range out {
		for _, shape := range shapes {
			if strings.IndexByte(shape, c) >= 0 {
				out[i] = shape[int(stream[i%len(stream)])%len(shape)]
			}
		}
	}
	return string(out)
}
