package intake

import (
	"slices"
	"strings"
	"unicode"

	"preship/report"
	"preship/report/pattern"
	"preship/report/printable"
)

// modelNames returns the names of a handset: its market name, its model's code and
// its codename. h may be nil.
func modelNames(h *report.Handset) (names []string) {
	if h == nil {
		return nil
	}
	for _, name := range []*string{h.MarketName, h.Model, h.Codename} {
		if name != nil && *name != "" && !slices.Contains(names, *name) {
			names = append(names, printable.Clip(*name, 80))
		}
	}
	return names
}

// sameModel compares the name a form gives a handset with the handset's own name:
// pass, fail, or unknown where the form has a name and the handset only a code,
// or the other way round. Makers' names, capitals, spaces, sizes and colours make
// no difference; another number, and words such as Pro, do.
func sameModel(form string, names []string) report.Status {
	var codes, sold []string
	for _, name := range names {
		if isCode(name) {
			codes = append(codes, strings.ToUpper(name))
		} else {
			sold = append(sold, name)
		}
	}
	rest, hit, foreign := []string{}, false, false
	for _, word := range strings.FieldsFunc(form, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(),;[]", r) }) {
		switch {
		case slices.Contains(codes, strings.ToUpper(word)):
			hit = true
		case isCode(word) && len(codes) > 0:
			foreign = true
		case isCode(word):
		default:
			rest = append(rest, word)
		}
	}
	left := strings.Join(rest, " ")
	switch {
	case foreign:
		return report.StatusFail
	case len(modelWords(left)) == 0:
		if hit {
			return report.StatusPass
		}
		return report.StatusUnknown
	case slices.ContainsFunc(sold, func(name string) bool { return sameName(left, name) }):
		return report.StatusPass
	case hasMarketName(sold):
		return report.StatusFail
	case hit: // the code, and a name that the handset does not have
		return report.StatusPass
	}
	return report.StatusUnknown
}

// isCode reports whether a word is a maker's code, such as M2101K7AG or
// 23013RK75C, and no name.
func isCode(word string) bool { return modelCode().MatchString(strings.ToUpper(word)) }

var modelCode = pattern.New(`^(?:M\d{4}[A-Z]\d{1,2}[A-Z]{1,3}|MZB[0-9A-Z]{4,6}|\d{5,8}[A-Z][0-9A-Z]{0,6}|\d{4}[A-Z]{2,3}[0-9A-Z]{2,5}|MC[A-Z]\d{1,2}[A-Z]?|MCE\d[A-Z])$`)

// hasMarketName reports whether a name is more than one word or has a digit. A
// single word may be a codename, which a form does not name.
func hasMarketName(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.ContainsAny(name, "0123456789 ") })
}

var (
	chineseNames = strings.NewReplacer(
		"红米", " redmi ", "紅米", " redmi ", "小米", " xiaomi ", "平板电脑", " pad ", "平板", " pad ", "智能手机", " ", "手机", " ", "手機", " ",
		"至尊纪念版", " ultra ", "至尊版", " ultra ", "专业版", " pro ", "青春版", " youth ", "极速版", " speed ", "探索版", " exploration ",
		"电竞版", " gaming ", "竞速版", " racing ", "标准版", " standard ",
	)
	// 128GB, 4+64, 4GB/64GB, 6G+128G, and the network that a name without 5G has.
	memorySize = pattern.New(`\b\d{1,2} ?(?:gb?|go)? ?[+/] ?\d{1,4} ?(?:gb?|tb?|go)?\b|\d{1,4} ?(?:gb|tb|go)\b|\b\d{2,4} ?g\b|\b4g\b`)
	// Words that name no model, beside unknown words.
	sameBrand = []string{"xiaomi", "mi", "móvil", "movil", "celular", "teléfono", "telefono", "smartphone", "phone", "handset", "tablet", "tableta"}
	// Words that make another model of one.
	modelVariants = []string{
		"pro", "max", "plus", "ultra", "lite", "prime", "power", "turbo", "zoom", "se", "note", "pad", "mix", "fold", "flip", "civi", "go", "play",
		"redmi", "poco", "youth", "speed", "racing", "gaming", "explorer", "exploration", "premium", "standard", "activ", "sport", "supreme", "extreme", "a", "c", "e", "f", "g", "gt", "i", "k", "m", "n", "r", "s", "t", "x", "y", "neo",
	}
	brands = []string{"redmi", "poco"}
)

// modelWords takes a name apart: letters and digits are their own words, so
// that "Note10" is "note 10".
func modelWords(name string) []string {
	name = memorySize().ReplaceAllString(strings.ToLower(chineseNames.Replace(strings.Map(halfWidth, name))), " ")
	var words []string
	last := 0 // 1 for a letter, 2 for a digit
	for _, r := range name {
		kind := 0
		switch {
		case unicode.IsLetter(r):
			kind = 1
		case unicode.IsDigit(r):
			kind = 2
		case r == '+':
			words, last = append(words, "plus"), 0
			continue
		}
		switch {
		case kind == 0:
		case kind == last:
			words[len(words)-1] += string(r)
		default:
			words = append(words, string(r))
		}
		last = kind
	}
	return slices.DeleteFunc(words, func(w string) bool { return slices.Contains(sameBrand, w) })
}

// halfWidth turns the wide letters of Chinese keyboards into plain ones.
func halfWidth(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// sameName: both names begin alike, up to a number at least, and what either has
// more makes no other model of it. A form without Redmi or POCO leaves the brand open.
func sameName(form, name string) bool {
	a, b := modelWords(form), modelWords(name)
	if len(a) > 0 && strings.Join(a, "") == strings.Join(b, "") {
		return true
	}
	isBrand := func(w string) bool { return slices.Contains(brands, w) }
	if len(a) > 0 && len(b) > 1 && !slices.ContainsFunc(a, isBrand) && !strings.Contains(strings.ToLower(form), "mi") && isBrand(b[0]) {
		b = b[1:]
	}
	n, number := 0, false
	for n < min(len(a), len(b)) && a[n] == b[n] {
		number = number || strings.ContainsAny(a[n], "0123456789")
		n++
	}
	if n == 0 || n < min(len(a), len(b)) && !number {
		return false
	}
	more := slices.Concat(a[n:], b[n:])
	return !slices.ContainsFunc(more, func(w string) bool {
		return slices.Contains(modelVariants, w) || strings.ContainsAny(w, "0123456789")
	})
}
