package formats

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// The XML of the app "SMS Backup & Restore", as its maker documents it: "Fields in XML
// backup files". A value that the handset does not have is the word null, or the usual
// number where the schema wants a number.

// usual has the numbers that Android gives a message or call without its own value.
var usual = map[string]string{
	"protocol": "0", "status": "-1", "read": "1", "locked": "0", "date": "0", "date_sent": "0", "type": "1", "msg_box": "1", "duration": "0", "seq": "0",
}

// field is one attribute of an element.
type field struct{ name, value string }

// fields returns columns of a row as attributes of the same names.
func (r Row) fields(columns ...string) (list []field) {
	for _, column := range columns {
		value := cmp.Or(usual[column], "null")
		if v := r[column]; v != nil && (usual[column] == "" || isNumber(*v)) {
			value = *v
		}
		list = append(list, field{column, value})
	}
	return list
}

func isNumber(s string) bool {
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

// backupFile is a file of the app while it is written. It keeps the first error.
type backupFile struct {
	*bufio.Writer
	err error
}

func newBackupFile(w io.Writer) *backupFile {
	f := &backupFile{Writer: bufio.NewWriter(w)}
	f.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")
	return f
}

// end writes the last tag and returns the first error.
func (f *backupFile) end(tag string) error {
	f.WriteString("</" + tag + ">\n")
	return errors.Join(f.err, f.Flush())
}

// begin writes the tag of an element up to its attributes.
func (f *backupFile) begin(indent int, name string, fields []field) {
	f.WriteString(strings.Repeat("  ", indent) + "<" + name)
	for _, a := range fields {
		f.WriteString(" " + a.name + `="`)
		_ = xml.EscapeText(f, []byte(a.value)) // the writer keeps the error
		f.WriteString(`"`)
	}
}

// open writes the tag of an element that has others inside.
func (f *backupFile) open(indent int, name string, fields []field) {
	f.begin(indent, name, fields)
	f.WriteString(">\n")
}

// leaf writes an element without others.
func (f *backupFile) leaf(indent int, name string, fields []field) {
	f.begin(indent, name, fields)
	f.WriteString(" />\n")
}

// data writes the attribute with the contents of a part.
func (f *backupFile) data(open func() (io.ReadCloser, error)) {
	f.WriteString(` data="`)
	encoded := base64.NewEncoder(base64.StdEncoding, f)
	f.err = errors.Join(f.err, copyFrom(encoded, open), encoded.Close())
	f.WriteString(`"`)
}

func copyFrom(w io.Writer, open func() (io.ReadCloser, error)) error {
	r, err := open()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, r.Close())
}

// readable returns a date for people, in the zone of the handset.
func readable(r Row, unit time.Duration, zone *time.Location) field {
	text := "null"
	if at, ok := r.date(unit); ok {
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

// SMSBackup writes the messages for the app "SMS Backup & Restore". It holds the contents of
// no attachment in memory.
func (m *Messages) SMSBackup(w io.Writer) error {
	f := newBackupFile(w)
	f.open(0, "smses", []field{{"count", strconv.Itoa(len(m.SMS) + len(m.MMS))}})
	for _, row := range m.SMS {
		list := row.fields("protocol", "address", "date", "type", "subject", "body")
		list = append(list, field{"toa", "null"}, field{"sc_toa", "null"})
		list = append(list, row.fields("service_center", "read", "status", "locked", "date_sent", "sub_id")...)
		f.leaf(1, "sms", append(list, readable(row, time.Millisecond, m.Zone), contactOf(m.Names.Of(row.Text("address")))))
	}
	parts, own := m.partsOf(), m.own()
	for _, row := range m.MMS {
		m.writeMMS(f, row, parts[row.Text("_id")], own)
	}
	return f.end("smses")
}

func (m *Messages) writeMMS(f *backupFile, row Row, parts []Row, own map[string]bool) {
	people := m.people(row, own)
	var names []string
	for _, number := range people {
		if name := m.Names.Of(number); name != "" {
			names = append(names, name)
		}
	}
	date := "0"
	if at, ok := row.date(time.Second); ok {
		date = strconv.FormatInt(at.UnixMilli(), 10)
	}
	list := append([]field{{"date", date}, {"m_type", row.pduType()}}, row.fields("ct_t", "msg_box")...)
	list = append(list, field{"rr", "null"}, field{"read_status", "null"}, field{"m_size", "null"})
	list = append(list, row.fields("sub", "sub_cs", "read", "seen", "m_id", "m_cls", "tr_id", "ct_l", "v", "date_sent", "sub_id")...)
	list = append(list, field{"address", strings.Join(people, "~")}, readable(row, time.Second, m.Zone), contactOf(strings.Join(names, ", ")))
	f.open(1, "mms", list)
	f.open(2, "parts", nil)
	for _, part := range parts {
		f.begin(3, "part", part.fields("seq", "ct", "name", "chset", "cd", "fn", "cid", "cl", "ctt_s", "ctt_t", "text"))
		if file := m.Files[part.Text("_id")]; file != "" {
			f.data(func() (io.ReadCloser, error) { return m.Open(file) })
		}
		f.WriteString(" />\n")
	}
	f.WriteString("    </parts>\n")
	f.open(2, "addrs", nil)
	for _, address := range m.Addresses[row.Text("_id")] {
		f.leaf(3, "addr", address.fields("address", "type", "charset"))
	}
	f.WriteString("    </addrs>\n  </mms>\n")
}

// pduType returns the m_type of an MMS. If the handset has none, it is that of a message
// received or sent.
func (r Row) pduType() string {
	sent := "128"
	if r.Text("msg_box") == "1" {
		sent = "132"
	}
	return cmp.Or(r.Text("m_type"), sent)
}

// CallsBackup writes the call log for the app "SMS Backup & Restore".
func CallsBackup(w io.Writer, rows []Row, zone *time.Location) error {
	f := newBackupFile(w)
	f.open(0, "calls", []field{{"count", strconv.Itoa(len(rows))}})
	for _, row := range rows {
		list := row.fields("number", "duration", "date", "type", "presentation", "subscription_id")
		f.leaf(1, "call", append(list, readable(row, time.Millisecond, zone), contactOf(row.Text("name"))))
	}
	return f.end("calls")
}
