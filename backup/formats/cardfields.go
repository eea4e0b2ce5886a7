package formats

import (
	"cmp"
	"slices"
	"strings"

	"preship/report/pattern"
)

// androidCustom is the property in which Android writes details that vCard 2.1 has no
// property for: a type and then its columns data1, data2 and so on.
const androidCustom = "X-ANDROID-CUSTOM"

// relations has the words of vCard 4 (RFC 6350, 6.6.6) for the numbers of Android's
// CommonDataKinds.Relation.
var relations = map[string]string{
	"1": "AGENT", "2": "SIBLING", "3": "CHILD", "4": "SWEETHEART", "5": "PARENT", "6": "FRIEND", "7": "COLLEAGUE", "8": "PARENT",
	"9": "PARENT", "10": "SWEETHEART", "11": "CONTACT", "12": "KIN", "13": "SIBLING", "14": "SPOUSE",
}

// The numbers of Android's CommonDataKinds.Event.
const (
	eventAnniversary = "1"
	eventBirthday    = "3"
)

// day matches a day with or without a year, as Android writes it.
var day = pattern.New(`^(\d{4}|-)-(\d{2})-(\d{2})$`)

// complete gives a card what version 3.0 requires and what an address book that does not
// know Android looks for.
func (c *Card) complete() {
	var more []property
	c.lines = slices.DeleteFunc(c.lines, func(p property) bool {
		if p.name != androidCustom {
			return false
		}
		standard, whole := p.standard()
		more = append(more, standard...)
		return whole
	})
	for _, p := range more {
		if !slices.ContainsFunc(c.lines, func(q property) bool { return q.name == p.name && slices.Equal(q.value, p.value) }) {
			c.lines = append(c.lines, p)
		}
	}
	if c.first("N") == nil {
		c.lines = slices.Insert(c.lines, 0, property{name: "N", value: make([]string, 5)})
	}
	if c.first("FN") == nil {
		c.lines = slices.Insert(c.lines, 1, property{name: "FN", value: []string{c.nameFromOthers()}})
	}
}

// standard returns an Android detail as properties of vCard. whole is false if they say
// less than the detail: it stays too, because Android reads it back.
func (p *property) standard() (list []property, whole bool) {
	at := func(i int) string {
		if i < len(p.value) {
			return p.value[i]
		}
		return ""
	}
	value, kind := at(1), at(2)
	switch _, detail, _ := strings.Cut(at(0), "vnd.android.cursor.item/"); {
	case value == "":
		return nil, true
	case detail == "nickname":
		return []property{{name: "NICKNAME", value: []string{value}}}, true
	case detail == "contact_event" && kind == eventAnniversary:
		return []property{{name: "ANNIVERSARY", value: []string{basicDay(value)}}}, true
	case detail == "contact_event" && kind == eventBirthday:
		return []property{{name: "BDAY", value: []string{value}}}, true
	case detail == "relation":
		return []property{{name: "RELATED;VALUE=TEXT", types: []string{cmp.Or(relations[kind], "CONTACT")}, value: []string{value}}}, false
	}
	return nil, false
}

// basicDay returns a day in the form of vCard 4 (RFC 6350, 4.3.1), other text as it is.
func basicDay(s string) string {
	if m := day().FindStringSubmatch(s); m != nil {
		return strings.ReplaceAll(m[1], "-", "--") + m[2] + m[3]
	}
	return s
}

// first returns the first value of a property, nil if the card lacks it.
func (c *Card) first(name string) []string {
	for _, p := range c.lines {
		if p.name == name {
			return p.value
		}
	}
	return nil
}

// nameFromOthers returns what a contact without a name is known by.
func (c *Card) nameFromOthers() string {
	if n := c.first("N"); len(n) > 0 {
		order := []int{3, 1, 2, 0, 4} // prefix, given, middle, family, suffix
		var parts []string
		for _, i := range order {
			if i < len(n) && n[i] != "" {
				parts = append(parts, n[i])
			}
		}
		if len(parts) > 0 {
			return strings.Join(parts, " ")
		}
	}
	for _, name := range []string{"ORG", "NICKNAME", "EMAIL", "TEL", "IMPP", "URL", "NOTE", "ADR"} {
		parts := slices.DeleteFunc(slices.Clone(c.first(name)), func(s string) bool { return s == "" })
		if len(parts) > 0 {
			return strings.Join(parts, ", ")
		}
	}
	return ""
}

// Name returns the name that the contact is shown by, "" if nothing names it.
func (c *Card) Name() string { return strings.Join(c.first("FN"), " ") }

// Numbers returns the telephone numbers.
func (c *Card) Numbers() (list []string) {
	for _, p := range c.lines {
		if p.name == "TEL" {
			list = append(list, p.value...)
		}
	}
	return list
}

// HasPicture reports whether the card has a picture.
func (c *Card) HasPicture() bool { return c.first("PHOTO") != nil }

// Starred is the category of favourites. No version of vCard has a property for them; this
// is the word that Google's address book writes and reads.
const Starred = "starred"

// Categorize enters the groups that a contact is in, [Starred] among them.
func (c *Card) Categorize(groups []string) {
	if len(groups) > 0 {
		c.lines = append(c.lines, property{name: "CATEGORIES", value: groups, list: true})
	}
}
