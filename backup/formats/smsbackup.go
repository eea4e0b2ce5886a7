package formats

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// The XML of the app "SMS Backup & Restore", as its maker documents it: "Fields in XML
// backup files". A value that the handset does not have is the word null.

// field is one attribute of an element.
type field struct{ name, value string }

// fields returns columns of a row as attributes of the same names.
func (r Row) fields(columns ...string) (list []field) {
	for _, column := range columns {
		value := "null"
		if v := r[column]; v != nil {
			value = *v
		}
		list = append(list, field{column, value})
	}
	return list
}

// writeElement begins an element and, if close is true, ends it.
func writeElement(b *bytes.Buffer, indent int, name string, fields []field, closed bool) {
	b.WriteString(strings.Repeat("  ", indent) + "<" + name)
	for _, f := range fields {
		b.WriteString(" " + f.name + `="`)
		_ = xml.EscapeText(b, []byte(f.value)) // a buffer takes everything
		b.WriteString(`"`)
	}
	if closed {
		b.WriteString(" /")
	}
	b.WriteString(">\n")
}

const xmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

// readable returns a date for people, in the zone of the handset.
func readable(r Row, unit time.Duration, zone *time.Location) field {
	text := "null"
	if at, ok := r.moment("date", unit); ok {
		text = at.In(zone).Format(timeWithZone)
	}
	return field{"readable_date", text}
}

func contactOf(name string) field {
	if name == "" {
		name = "(Unknown)"
	}
	return field{"contact_name", name}
}

// SMSBackup returns the messages for the app "SMS Backup & Restore".
func (m *Messages) SMSBackup() []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead)
	writeElement(&b, 0, "smses", []field{{"count", strconv.Itoa(len(m.SMS) + len(m.MMS))}}, false)
	for _, row := range m.SMS {
		list := row.fields("protocol", "address", "date", "type", "subject", "body")
		list = append(list, field{"toa", "null"}, field{"sc_toa", "null"})
		list = append(list, row.fields("service_center", "read", "status", "locked", "date_sent", "sub_id")...)
		list = append(list, readable(row, time.Millisecond, m.Zone), contactOf(m.Names.Of(row.Text("address"))))
		writeElement(&b, 1, "sms", list, true)
	}
	parts, own := m.partsOf(), m.own()
	for _, row := range m.MMS {
		m.writeMMS(&b, row, parts[row.Text("_id")], own)
	}
	b.WriteString("</smses>\n")
	return b.Bytes()
}

func (m *Messages) writeMMS(b *bytes.Buffer, row Row, parts []Row, own map[string]bool) {
	people := m.people(row, own)
	var names []string
	for _, number := range people {
		if name := m.Names.Of(number); name != "" {
			names = append(names, name)
		}
	}
	date := "null"
	if at, ok := row.moment("date", time.Second); ok {
		date = strconv.FormatInt(at.UnixMilli(), 10)
	}
	list := append([]field{{"date", date}}, row.fields("ct_t", "msg_box")...)
	list = append(list, row.fields("sub", "sub_cs", "read", "seen", "m_id", "m_type", "m_cls", "tr_id", "ct_l", "v", "date_sent", "sub_id")...)
	list = append(list, field{"address", strings.Join(people, "~")}, readable(row, time.Second, m.Zone), contactOf(strings.Join(names, ", ")))
	writeElement(b, 1, "mms", list, false)
	writeElement(b, 2, "parts", nil, false)
	for _, part := range parts {
		list := part.fields("seq", "ct", "name", "chset", "cd", "fn", "cid", "cl", "ctt_s", "ctt_t", "text")
		if data := m.Contents[part.Text("_id")]; len(data) > 0 {
			list = append(list, field{"data", base64.StdEncoding.EncodeToString(data)})
		}
		writeElement(b, 3, "part", list, true)
	}
	b.WriteString("    </parts>\n")
	writeElement(b, 2, "addrs", nil, false)
	for _, address := range m.Addresses[row.Text("_id")] {
		writeElement(b, 3, "addr", address.fields("address", "type", "charset"), true)
	}
	b.WriteString("    </addrs>\n  </mms>\n")
}

// CallsBackup returns the call log for the app "SMS Backup & Restore".
func CallsBackup(rows []Row, zone *time.Location) []byte {
	var b bytes.Buffer
	b.WriteString(xmlHead)
	writeElement(&b, 0, "calls", []field{{"count", strconv.Itoa(len(rows))}}, false)
	for _, row := range rows {
		list := row.fields("number", "duration", "date", "type", "presentation", "subscription_id")
		writeElement(&b, 1, "call", append(list, readable(row, time.Millisecond, zone), contactOf(row.Text("name"))), true)
	}
	b.WriteString("</calls>\n")
	return b.Bytes()
}
