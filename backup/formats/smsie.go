package formats

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"io"
)

// The files of the app "SMS Import / Export" (github.com/tmo1/sms-ie), format v2: messages
// are lines of JSON in a ZIP, with the attachments beside them, and calls one list. Each
// value is a string; a missing one is left out.

// object returns the columns of a row that have a value.
func (r Row) object() map[string]any {
	o := make(map[string]any, len(r))
	for column, value := range r {
		if value != nil {
			o[column] = *value
		}
	}
	return o
}

// Archive writes the messages for the app "SMS Import / Export". It holds the contents of no
// attachment in memory.
func (m *Messages) Archive(w io.Writer) error {
	z := zip.NewWriter(w)
	list, err := z.Create("messages.ndjson") // first, because the app reads no attachment before it
	if err != nil {
		return err
	}
	lines := json.NewEncoder(list)
	lines.SetEscapeHTML(false)
	for _, row := range m.SMS {
		o := row.object()
		if name := m.Names.Of(row.Text("address")); name != "" {
			o["__display_name"] = name
		}
		err = errors.Join(err, lines.Encode(o))
	}
	parts := m.partsOf()
	for _, row := range m.MMS {
		err = errors.Join(err, lines.Encode(m.object(row, parts[row.Text("_id")])))
	}
	for _, part := range m.Parts {
		file := m.Files[part.Text("_id")]
		if file == "" || err != nil {
			continue
		}
		// Compressed, although a picture gets no smaller: Java reads an entry from a stream
		// only if it is compressed or has its size before its contents.
		var data io.Writer
		if data, err = z.Create("data/" + dataName(part)); err == nil {
			err = copyFrom(data, func() (io.ReadCloser, error) { return m.Open(file) })
		}
	}
	return errors.Join(err, z.Close())
}

// dataName names the contents of a part in the ZIP. Two parts never have one name.
func dataName(part Row) string { return "PART_" + part.Text("_id") }

// object returns an MMS with its addresses and parts. The app takes a message for an MMS
// if it has m_type: 132 is one received, 128 one sent.
func (m *Messages) object(mms Row, parts []Row) map[string]any {
	o := mms.object()
	o["m_type"] = mms.pduType()
	to := []map[string]any{}
	for _, r := range m.Addresses[mms.Text("_id")] {
		address := r.object()
		if name := m.Names.Of(r.Text("address")); name != "" {
			address["__display_name"] = name
		}
		if r.Text("type") == addressFrom {
			o["__sender_address"] = address
			continue
		}
		to = append(to, address)
	}
	o["__recipient_addresses"] = to
	list := []map[string]any{}
	for _, r := range parts {
		part := r.object()
		if delete(part, "_data"); m.Files[r.Text("_id")] != "" {
			part["_data"] = "/data/user/0/com.android.providers.telephony/app_parts/" + dataName(r)
		}
		list = append(list, part)
	}
	o["__parts"] = list
	return o
}

// CallsJSON writes the call log for the app "SMS Import / Export".
func CallsJSON(w io.Writer, rows []Row) error {
	list := make([]map[string]any, len(rows))
	for i, row := range rows {
		list[i] = row.object()
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(list)
}
