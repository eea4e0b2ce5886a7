package provider

import (
	"slices"
	"strings"

	"preship/backup/formats"
)

// contactDetails has what the provider's vCards do not say about a contact, by the _id of
// the contact.
type contactDetails struct {
	groups   map[string][]string // titles of groups
	numbers  map[string][]string // telephone numbers, digits only
	accounts map[string][]string // where it is kept
}

// contactCard is a vCard and the accounts that its contact is kept in.
type contactCard struct {
	*formats.Card
	accounts []string
}

const (
	phoneType = "vnd.android.cursor.item/phone_v2"
	groupType = "vnd.android.cursor.item/group_membership"
)

func newContactDetails(raw, data, groups []formats.Row) *contactDetails {
	d := &contactDetails{groups: map[string][]string{}, numbers: map[string][]string{}, accounts: map[string][]string{}}
	titles := map[string]string{}
	for _, g := range groups {
		if g.Text("deleted") != "1" {
			titles[g.Text("_id")] = g.Text("title")
		}
	}
	for _, r := range data {
		id, value := r.Text("contact_id"), r.Text("data1")
		switch r.Text("mimetype") {
		case phoneType:
			addOnce(d.numbers, id, formats.Digits(value))
		case groupType:
			addOnce(d.groups, id, titles[value])
		}
	}
	for _, r := range raw {
		if r.Text("deleted") != "1" {
			addOnce(d.accounts, r.Text("contact_id"), accountName(r))
		}
	}
	return d
}

// addOnce adds a value to a list that lacks it, unless it is empty.
func addOnce(lists map[string][]string, key, value string) {
	if value != "" && !slices.Contains(lists[key], value) {
		lists[key] = append(lists[key], value)
	}
}

// accountName names an account for its owner.
func accountName(r formats.Row) string {
	name, kind := r.Text("account_name"), r.Text("account_type")
	if kind == "" && name == "" {
		return "Phone"
	}
	kind = strings.TrimPrefix(kind, "com.")
	if name == "" || strings.EqualFold(name, kind) {
		return kind
	}
	return kind + " " + name
}

// assign finds the contact of each card, because a provider gives them in its own order. A
// card belongs to the contact of its name and, of several with one name, to the one with
// most of its numbers. A card that fits no contact keeps what the provider wrote.
func (d *contactDetails) assign(rows []formats.Row, cards []*formats.Card) []contactCard {
	list := make([]contactCard, 0, len(cards))
	free := slices.Clone(rows)
	for _, card := range cards {
		numbers := card.Numbers()
		for i := range numbers {
			numbers[i] = formats.Digits(numbers[i])
		}
		best, most := -1, -1
		for i, r := range free {
			if len(rows) > 1 && contactName(r) != card.Name() {
				continue
			}
			same := -len(d.numbers[r.Text("_id")])
			for _, n := range d.numbers[r.Text("_id")] {
				if slices.Contains(numbers, n) {
					same += 2
				}
			}
			if best < 0 || same > most {
				best, most = i, same
			}
		}
		one := contactCard{Card: card}
		if best >= 0 {
			id := free[best].Text("_id")
			groups := slices.Clone(d.groups[id])
			if free[best].Text("starred") == "1" {
				groups = append(groups, formats.Starred)
			}
			card.Categorize(groups)
			one.accounts = d.accounts[id]
			free = slices.Delete(free, best, best+1)
		}
		list = append(list, one)
	}
	return list
}

// byAccount returns all cards, and those of each account by the item to write them to. The
// second is empty if all are in one account.
func byAccount(cards []contactCard) (whole []*formats.Card, items map[string][]*formats.Card) {
	of := map[string][]*formats.Card{}
	for _, c := range cards {
		whole = append(whole, c.Card)
		for _, account := range c.accounts {
			of[account] = append(of[account], c.Card)
		}
	}
	items = map[string][]*formats.Card{}
	if len(of) < 2 {
		return whole, items
	}
	names := formats.FileNames(of)
	for account, list := range of {
		items["contacts/"+names[account]+".vcf"] = list
	}
	return whole, items
}
