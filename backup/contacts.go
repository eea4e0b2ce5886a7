package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"preship/adb/handset"
)

const (
	// A line with more keys than these would grow past what a service string holds.
	vcardKeys  = 100
	vcardBytes = 12 << 10
	vcardURI   = "content://com.android.contacts/contacts/as_multi_vcard/"
)

var contactsTable = table{
	file: "contacts", uri: "content://com.android.contacts/contacts",
	numbers: []string{"has_phone_number", "starred", "photo_id", "times_contacted"},
	texts:   []string{"lookup", "display_name", "custom_ringtone"},
}

// contactTables are the rows behind a contact, which no vCard holds all of.
var contactTables = []table{
	{
		file: "contacts.raw", uri: "content://com.android.contacts/raw_contacts",
		numbers: []string{"contact_id", "deleted", "starred", "version"},
		texts:   []string{"account_type", "account_name", "display_name", "sourceid"},
	},
	{
		file: "contacts.data", uri: "content://com.android.contacts/data",
		numbers: []string{"raw_contact_id", "contact_id", "is_primary", "is_super_primary", "data_version"},
		texts: []string{
			"mimetype", "data1", "data2", "data3", "data4", "data5", "data6", "data7", "data8", "data9", "data10",
			"data11", "data12", "data13", "data14",
		},
	},
	{
		file: "contacts.groups", uri: "content://com.android.contacts/groups",
		numbers: []string{"deleted"}, texts: []string{"title", "account_type", "account_name", "notes"},
	},
}

// contacts saves the provider's rows, its own vCards, and those as version 3.0.
func (k *keeper) contacts(ctx context.Context) (notes []string, err error) {
	rows, err := k.rows(ctx, &contactsTable)
	if err != nil {
		return nil, err
	}
	for i := range contactTables {
		if _, err := k.rows(ctx, &contactTables[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", contactTables[i].file, err)
		}
	}
	k.count("contacts", len(rows))
	given, err := k.vcards(ctx, rows)
	if err != nil && !errors.Is(err, errRefused) {
		return nil, err
	}
	if err != nil {
		return []string{"their vCards, with the pictures, are not saved: " + err.Error()}, nil
	}
	if err := k.write("contacts.given.vcf", given); err != nil {
		return nil, err
	}
	converted, count, err := convertVCards(given)
	if err != nil {
		return []string{"the handset's vCards are kept as they came: " + err.Error()}, nil
	}
	if pictures, saved := withPicture(rows), bytes.Count(converted, []byte("\r\nPHOTO;")); pictures > 0 {
		k.count("pictures", saved)
		if saved < pictures {
			notes = append(notes, fmt.Sprintf("the handset gave the pictures of %d of %d contacts that have one", saved, pictures))
		}
	}
	if count != len(rows) {
		notes = append(notes, fmt.Sprintf("the handset gave vCards of %d of %d contacts; the rows of all are saved", count, len(rows)))
	}
	return notes, k.write("contacts.vcf", converted)
}

// withPicture counts the contacts that have a picture.
func withPicture(rows []row) (n int) {
	for _, r := range rows {
		if id := r.text("photo_id"); id != "" && id != "0" {
			n++
		}
	}
	return n
}

// vcards asks for the vCards of all contacts, some at a time.
func (k *keeper) vcards(ctx context.Context, rows []row) ([]byte, error) {
	var all bytes.Buffer
	for len(rows) > 0 {
		var keys []string
		size := 0
		for len(rows) > 0 && len(keys) < vcardKeys && size < vcardBytes {
			if key := rows[0].text("lookup"); key != "" {
				keys = append(keys, strings.ReplaceAll(url.PathEscape(key), ":", "%3A"))
				size += len(keys[len(keys)-1])
			}
			rows = rows[1:]
		}
		if len(keys) == 0 {
			continue
		}
		line, err := handset.ContentRead.With(vcardURI + strings.Join(keys, ":"))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		a, err := k.ask(ctx, line)
		if err == nil {
			err = refusal(a)
		}
		if err != nil {
			return nil, err
		}
		all.Write(a.Stdout)
	}
	return all.Bytes(), nil
}
