package provider

import (
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"preship/adb/adbtest/android"
	"preship/adb/adbtest/profile"
)

// bound is one --bind of the content command: column:type:value.
type bound struct {
	column string
	value  *string // nil: null
}

// parseBind reads a --bind. A colon in a value needs no escape.
func parseBind(s string) (bound, string) {
	column, rest, ok := strings.Cut(s, ":")
	kind, value, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 || column == "" {
		return bound{}, "Binding not well formed: " + s
	}
	b := bound{column: column, value: &value}
	switch kind {
	case "s":
	case "n":
		b.value = nil
	case "i", "l":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return bound{}, "For input string: \"" + value + "\""
		}
	default:
		return bound{}, "Unsupported type: " + kind
	}
	return b, ""
}

// contentWrite is insert and delete on the tables that a profile holds.
// Nothing is printed when it worked. The provider of messages ignores
// writes of any app but the default messaging app, without an error.
func (c *call) contentWrite(q query) string {
	if authority, _, _ := strings.Cut(q.uri, "/"); authority == "sms" || authority == "mms" {
		return ""
	}
	t, err := c.table(q.uri)
	if err != "" {
		return err
	}
	keep, err := t.condition(q.where)
	if err != "" {
		return err
	}
	for _, b := range q.binds {
		if !slices.Contains(t.Columns, b.column) && len(t.Columns) > 1 {
			return noColumn(b.column)
		}
	}
	if q.verb == "insert" {
		t, _ = t.inserted(q.binds)
	} else {
		t = table{t.Columns, slices.DeleteFunc(slices.Clone(t.Rows), keep)}
	}
	c.ChangeTables(func(tables map[string]profile.Table) { tables[q.uri] = profile.Table(t) })
	return ""
}

// inserted returns the table with another row, and the row's number. The old one stays as it
// is: profiles share theirs. A table that no profile has rows of gets the columns.
func (t table) inserted(binds []bound) (out table, id string) {
	out.Columns, id = slices.Clip(t.Columns), t.nextID()
	for _, b := range binds {
		if !slices.Contains(out.Columns, b.column) {
			out.Columns = append(out.Columns, b.column)
		}
	}
	row := make([]*string, len(out.Columns))
	for _, b := range append([]bound{{"_id", &id}}, binds...) {
		if at := slices.Index(out.Columns, b.column); at >= 0 {
			row[at] = b.value
		}
	}
	out.Rows = append(slices.Clip(t.Rows), row)
	return out, id
}

func (t table) nextID() string {
	next, at := int64(1), slices.Index(t.Columns, "_id")
	for _, row := range t.Rows {
		if at < 0 || row[at] == nil {
			continue
		}
		if n, err := strconv.ParseInt(*row[at], 10, 64); err == nil && n >= next {
			next = n + 1
		}
	}
	return strconv.FormatInt(next, 10)
}

// maxImport bounds a file of contacts.
const maxImport = 16 << 20

// card is one contact of a file, as far as the emulated address book keeps one.
type card struct {
	name   string
	phones []string
	mails  []string
	photo  bool
}

// Import puts the contacts of a file into the address book. It reports false for a
// file that cannot be read.
func Import(state *android.State, file string) bool {
	f, err := state.Tree.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	b, err := io.ReadAll(io.NewSectionReader(f, 0, min(f.Info().Size, maxImport)))
	if err != nil {
		return false
	}
	cards := readCards(string(b))
	state.ChangeTables(func(tables map[string]profile.Table) { importCards(tables, cards) })
	return true
}

// readCards reads vCard 3.0 as an address book does: lines unfolded, types and
// parameters of no interest left alone. It skips damaged cards.
func readCards(text string) (cards []card) {
	text = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "").Replace(text)
	var c *card
	for line := range strings.Lines(text) {
		head, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if !ok {
			continue
		}
		key, params, _ := strings.Cut(strings.ToUpper(head), ";")
		switch key {
		case "BEGIN":
			c = &card{}
			continue
		case "END":
			if c != nil {
				cards = append(cards, *c)
			}
			c = nil
		}
		if c == nil {
			continue
		}
		switch key {
		case "FN":
			c.name = unescapeCard(value)
		case "TEL":
			c.phones = append(c.phones, unescapeCard(value))
		case "EMAIL":
			c.mails = append(c.mails, unescapeCard(value))
		case "PHOTO":
			_, err := base64.StdEncoding.DecodeString(value)
			c.photo = strings.Contains(params, "ENCODING=B") && err == nil && value != ""
		}
	}
	return cards
}

func unescapeCard(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(s)
}

// importCards puts contacts into the provider's tables.
func importCards(tables map[string]profile.Table, cards []card) {
	insert := func(name string, pairs ...string) string {
		uri, binds := "com.android.contacts/"+name, []bound(nil)
		t := table(tables[uri])
		if t.Columns == nil {
			t.Columns = strings.Fields(contactColumns[name])
		}
		for i := 0; i < len(pairs); i += 2 {
			if slices.Contains(t.Columns, pairs[i]) {
				binds = append(binds, bound{pairs[i], &pairs[i+1]})
			}
		}
		t, id := t.inserted(binds)
		tables[uri] = profile.Table(t)
		return id
	}
	for n, c := range cards {
		phone := strconv.Itoa(min(len(c.phones), 1))
		pairs := []string{
			"display_name", c.name, "has_phone_number", phone, "starred", "0", "times_contacted", "0",
			"lookup", fmt.Sprintf("0r%d-%s", n+1, android.ID(c.name, n)[:8]),
		}
		if c.photo {
			pairs = append(pairs, "photo_id", strconv.Itoa(n+1))
		}
		contact := insert("contacts", pairs...)
		raw := insert("raw_contacts", "contact_id", contact, "deleted", "0", "starred", "0", "version", "1", "display_name", c.name)
		datum := func(mime string, values ...string) {
			for _, value := range values {
				insert("data", "raw_contact_id", raw, "contact_id", contact, "is_primary", "0", "is_super_primary", "0", "data_version", "0",
					"mimetype", "vnd.android.cursor.item/"+mime, "data1", value)
			}
		}
		datum("name", c.name)
		datum("phone_v2", c.phones...)
		datum("email_v2", c.mails...)
	}
}

// contactColumns are those of a provider that holds no row of a profile.
var contactColumns = map[string]string{
	"contacts":     "_id lookup display_name has_phone_number starred photo_id times_contacted custom_ringtone",
	"raw_contacts": "_id contact_id account_type account_name display_name deleted starred version sourceid",
	"data": "_id raw_contact_id contact_id mimetype is_primary is_super_primary data_version data1 data2 data3 data4 data5 data6 data7 data8" +
		" data9 data10 data11 data12 data13 data14",
}
