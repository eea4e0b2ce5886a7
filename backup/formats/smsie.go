package formats

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
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

// Archive returns the messages for the app "SMS Import / Export".
func (m *Messages) Archive() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("messages.ndjson") // first, because the app reads no attachment before it
	if err != nil {
		return nil, err
	}
	lines := json.NewEncoder(w)
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
		data := m.Contents[part.Text("_id")]
		if len(data) == 0 || err != nil {
			continue
		}
		if w, err = z.CreateHeader(&zip.FileHeader{Name: "data/" + dataName(part), Method: zip.Store}); err == nil {
			_, err = w.Write(data)
		}
	}
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

// dataName names the contents of a part in the ZIP. Two parts never have one name.
func dataName(part Row) string { return "PART_" + part.Text("_id") }

// object returns an MMS with its addresses and parts. The app takes a message for an MMS
// if it has m_type: 132 is one received, 128 one sent.
func (m *Messages) object(mms Row, parts []Row) map[string]any {
	o := mms.object()
	received := "128"
	if mms.Text("msg_box") == "1" {
		received = "132"
	}
	o["m_type"] = cmp.Or(mms.Text("m_type"), received)
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
		if delete(part, "_data"); len(m.Contents[r.Text("_id")]) > 0 {
			part["_data"] = "/data/user/0/com.android.providers.telephony/app_parts/" + dataName(r)
		}
		list = append(list, part)
	}
	o["__parts"] = list
	return o
}

// CallsJSON returns the call log for the app "SMS Import / Export".
func CallsJSON(rows []Row) ([]byte, error) {
	list := make([]map[string]any, len(rows))
	for i, row := range rows {
		list[i] = row.object()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(list)
	return b.Bytes(), err
}
