package formats

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// smsBackupFields has the attributes of the XML of "SMS Backup & Restore": the element that
// each is in, and which the app needs.
var smsBackupFields = map[string]struct {
	in               string
	required, others []string
}{
	"smses": {"", []string{"count"}, nil},
	"sms":   {"smses", strings.Fields("protocol address date type subject body toa sc_toa service_center read status"), strings.Fields("locked date_sent sub_id readable_date contact_name")},
	"mms":   {"smses", strings.Fields("date ct_t msg_box address sub read m_type"), strings.Fields("rr read_status m_id m_size sim_slot readable_date contact_name sub_cs seen m_cls tr_id ct_l v date_sent sub_id")},
	"parts": {"mms", nil, nil},
	"part":  {"parts", strings.Fields("seq ct name chset cl text"), strings.Fields("cd fn cid ctt_s ctt_t data")},
	"addrs": {"mms", nil, nil},
	"addr":  {"addrs", strings.Fields("address type charset"), nil},
	"calls": {"", []string{"count"}, nil},
	"call":  {"calls", strings.Fields("number duration date type"), strings.Fields("presentation subscription_id readable_date contact_name")},
}

// readSMSBackup reads XML strictly, and compares its elements with smsBackupFields.
func readSMSBackup(t *testing.T, file []byte) map[string][]map[string]string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(file))
	all, stack := map[string][]map[string]string{}, []string{""}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, file)
		}
		switch e := token.(type) {
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.StartElement:
			name, values := e.Name.Local, map[string]string{}
			want, known := smsBackupFields[name]
			if !known || want.in != stack[len(stack)-1] || name == "sms" && all["mms"] != nil {
				t.Errorf("<%s> in <%s>", name, stack[len(stack)-1])
			}
			for _, a := range e.Attr {
				if _, twice := values[a.Name.Local]; twice || !slices.Contains(slices.Concat(want.required, want.others), a.Name.Local) {
					t.Errorf("<%s %s>", name, a.Name.Local)
				}
				values[a.Name.Local] = a.Value
			}
			for _, attribute := range want.required {
				if _, ok := values[attribute]; !ok {
					t.Errorf("<%s> without %s", name, attribute)
				}
			}
			all[name], stack = append(all[name], values), append(stack, name)
		}
	}
}

// written returns what a function writes.
func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// errTorn is the error of an attachment whose file cannot be read to its end.
var errTorn = errors.New("torn")

// An attachment that cannot be read back ends both files with its error: neither is short
// without saying so.
func TestImportableNeedsAttachments(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(string) (io.ReadCloser, error){
		"gone": func(string) (io.ReadCloser, error) { return nil, errTorn },
		"torn": func(string) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("jp"), iotest.ErrReader(errTorn))), nil
		},
	} {
		m := someMessages()
		m.Open = open
		for form, write := range map[string]func(io.Writer) error{"XML": m.SMSBackup, "ZIP": m.Archive} {
			if err := write(io.Discard); !errors.Is(err, errTorn) {
				t.Errorf("%s, %s: %v", name, form, err)
			}
		}
	}
}

// A disk that is full is an error too.
func TestImportableDiskFull(t *testing.T) {
	t.Parallel()
	m := someMessages()
	for form, write := range map[string]func(io.Writer) error{
		"XML": m.SMSBackup, "ZIP": m.Archive,
		"calls": func(w io.Writer) error { return CallsBackup(w, m.SMS, m.Zone) },
		"JSON":  func(w io.Writer) error { return CallsJSON(w, m.SMS) },
	} {
		r, w := io.Pipe()
		r.CloseWithError(errTorn)
		if err := write(w); !errors.Is(err, errTorn) {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestSMSBackup(t *testing.T) {
	t.Parallel()
	got := readSMSBackup(t, written(t, someMessages().SMSBackup))
	sms, mms, part := got["sms"], got["mms"], got["part"]
	if got["smses"][0]["count"] != "7" || len(sms) != 3 || len(mms) != 4 || len(part) != 4 || len(got["addr"]) != 8 {
		t.Fatalf("%v", got)
	}
	for _, tt := range []struct{ got, want string }{
		{sms[0]["body"], "a<script>\ufffd\u202eb\nline"},
		{sms[1]["body"], "ok 😀"},
		{sms[0]["contact_name"], "Mum <3"},
		{sms[2]["body"], "null"},
		{sms[2]["contact_name"], "(Unknown)"},
		{mms[0]["date"], "1772000200000"},
		{mms[0]["address"], "+8613800000000~+491705550101"},
		{part[1]["data"], base64.StdEncoding.EncodeToString([]byte("contents of mms/11-beach.jpg"))},
		{sms[2]["date"], "0"}, // the handset's is no number
		{sms[0]["protocol"], "0"},
		{mms[3]["m_type"], "132"},
		{part[0]["text"], "look"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	rows := []Row{rowOf("number", "+1", "date", "1772300000000", "duration", "3", "type", "1", "name", `"<`)}
	calls := readSMSBackup(t, written(t, func(w io.Writer) error { return CallsBackup(w, rows, time.UTC) }))
	if c := calls["call"][0]; c["contact_name"] != `"<` || c["presentation"] != "null" || calls["calls"][0]["count"] != "1" {
		t.Errorf("%v", calls)
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	file := written(t, someMessages().Archive)
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || z.File[0].Name != "messages.ndjson" {
		t.Fatalf("%v", err)
	}
	data := map[string]string{}
	for _, f := range z.File {
		if f.Method != zip.Deflate {
			t.Errorf("%s is stored with its size after it: Java reads no such entry of a stream", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		data[f.Name] = string(b)
		if r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	type address struct{ Address, Type string }
	var sms, mms, held int
	lines := bufio.NewScanner(strings.NewReader(data["messages.ndjson"]))
	for lines.Scan() {
		var m struct {
			MType  string    `json:"m_type"`
			Body   string    `json:"body"`
			Sender *address  `json:"__sender_address"`
			To     []address `json:"__recipient_addresses"`
			Parts  []struct {
				Data string `json:"_data"`
			} `json:"__parts"`
		}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		if m.MType == "" {
			sms++
			continue
		}
		if mms++; mms == 1 && (m.Sender.Address != "+8613800000000" || len(m.To) != 2) {
			t.Errorf("%+v", m)
		}
		for _, part := range m.Parts {
			if strings.HasPrefix(data["data/"+part.Data[strings.LastIndex(part.Data, "/")+1:]], "contents of mms/") {
				held++
			}
		}
	}
	if sms != 3 || mms != 4 || held != 2 || len(z.File) != 3 {
		t.Errorf("%d SMS, %d MMS, %d attachments, %d files", sms, mms, held, len(z.File))
	}
	rows := []Row{rowOf("number", "<1", "date", "2"), {"number": nil}}
	calls := written(t, func(w io.Writer) error { return CallsJSON(w, rows) })
	if string(calls) != `[{"date":"2","number":"<1"},{}]`+"\n" {
		t.Errorf("%s", calls)
	}
}
