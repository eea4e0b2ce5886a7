package provider

import (
	"context"

	"preship/backup/formats"
	"preship/backup/manifest"
	"preship/backup/query"
)

var contactsTable = table{
	file: "contacts", uri: query.ContactsURI, what: group{"contacts", "backup.kind.contacts"}, name: contactName,
	numbers: []string{"has_phone_number", "starred", "photo_id", "times_contacted"},
	texts:   []string{"lookup", "display_name", "custom_ringtone"},
}

// The tables of contacts. A vCard does not hold all of their columns.
var (
	rawContactsTable = table{
		file: "contacts.raw", uri: "content://com.android.contacts/raw_contacts", what: group{"contacts by account", "backup.rows.contacts-by-account"},
		numbers: []string{"contact_id", "deleted", "starred", "version"},
		texts:   []string{"account_type", "account_name", "display_name", "sourceid"},
		name:    contactName,
	}
	contactDataTable = table{
		file: "contacts.data", uri: "content://com.android.contacts/data", what: group{"details of contacts", "backup.rows.contact-details"},
		numbers: []string{"raw_contact_id", "contact_id", "is_primary", "is_super_primary", "data_version"},
		texts: []string{
			"mimetype", "data1", "data2", "data3", "data4", "data5", "data6", "data7", "data8", "data9", "data10",
			"data11", "data12", "data13", "data14",
		},
	}
	contactGroupsTable = table{
		file: "contacts.groups", uri: "content://com.android.contacts/groups", what: group{"groups of contacts", "backup.rows.contact-groups"},
		numbers: []string{"deleted"}, texts: []string{"title", "account_type", "account_name", "notes"},
	}
)

var (
	vcardsOf   = group{manifest.MissingVCards, "backup.rows.vcards"}
	picturesOf = group{"pictures of contacts", "backup.rows.pictures"}
)

func contactName(r formats.Row) string { return r.Text("display_name") }

// contacts saves the provider's rows, its own vCards, and those as version 3.0: all of them,
// and of several accounts those of each.
func (k *Keeper) contacts(ctx context.Context, out *outcome) error {
	all, err := k.tables(ctx, out, &contactsTable, &rawContactsTable, &contactDataTable, &contactGroupsTable)
	if err != nil {
		return err
	}
	k.countRows("contacts", all[0])
	if all[0].refused != nil {
		out.miss(vcardsOf, "", "", all[0].refused) // without rows there are no keys to ask for
		return nil
	}
	rows := all[0].rows
	k.nameNumbers(rows, all[2].rows)
	out.of(vcardsOf, len(rows))
	cards := &cardReader{asker: k.asker, out: out, details: newContactDetails(all[1].rows, all[2].rows, all[3].rows)}
	if err := cards.read(ctx, rows); err != nil {
		return err
	}
	if pictures := withPicture(rows); pictures > 0 {
		out.of(picturesOf, pictures)
		k.count("pictures", cards.pictures)
	}
	if err := k.writeMade(out, "raw/contacts.given.vcf", cards.given.Bytes()); err != nil {
		return err
	}
	whole, accounts := byAccount(cards.cards)
	for name, list := range accounts {
		if err := k.writeMade(out, name, formats.WriteVCards(list)); err != nil {
			return err
		}
	}
	return k.writeMade(out, "contacts.vcf", formats.WriteVCards(whole))
}

// nameNumbers enters the names of the contacts for their numbers.
func (k *Keeper) nameNumbers(contacts, data []formats.Row) {
	names := map[string]string{}
	for _, r := range contacts {
		names[r.Text("_id")] = contactName(r)
	}
	for _, r := range data {
		if r.Text("mimetype") == phoneType {
			k.names.Add(r.Text("data1"), names[r.Text("contact_id")])
		}
	}
}

// withPicture counts the contacts that have a picture.
func withPicture(rows []formats.Row) (n int) {
	for _, r := range rows {
		if id := r.Text("photo_id"); id != "" && id != "0" {
			n++
		}
	}
	return n
}
