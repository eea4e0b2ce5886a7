package formats

import (
	"io"
	"strings"
	"testing"
	"time"

	"preship/report/message"
)

// someMessages has an SMS of each kind, a group MMS with attachments, and an MMS that was
// never fetched.
func someMessages() *Messages {
	names := &Names{}
	names.Add("+49 170 5550101", "Mum <3")
	names.Add("+8613800000000", "李\u202e四")
	return &Messages{
		SMS: []Row{
			rowOf("_id", "1", "thread_id", "1", "address", "01705550101", "date", "1772000000000", "type", "1", "body", "a<script>\x01\u202eb\nline", "sub_id", "1"),
			rowOf("_id", "2", "thread_id", "1", "address", "01705550101", "date", "1772000100000", "type", "2", "body", "ok 😀", "sub_id", "2"),
			rowOf("_id", "3", "thread_id", "4", "address", "Bank 1705550101", "date", "x", "type", "1", "sub_id", "-1"),
		},
		MMS: []Row{
			rowOf("_id", "1", "thread_id", "2", "date", "1772000200", "msg_box", "1", "m_type", "132", "sub", "trip"),
			rowOf("_id", "2", "thread_id", "2", "date", "1772000300", "msg_box", "2", "m_type", "128", "tr_id", "proto:CkIKImNvbS5nb29nbGU"),
			rowOf("_id", "3", "thread_id", "3", "date", "1772000400", "msg_box", "1", "m_type", "130"),
			rowOf("_id", "4", "thread_id", "3", "date", "1772000500", "msg_box", "1", "m_type", "132"),
		},
		Parts: []Row{
			rowOf("_id", "11", "mid", "1", "seq", "1", "ct", "image/jpeg", "name", "beach.jpg"),
			rowOf("_id", "10", "mid", "1", "seq", "0", "ct", "text/plain", "text", "look"),
			rowOf("_id", "12", "mid", "1", "seq", "2", "ct", "audio/mpeg", "cl", "song.mp3"),
			rowOf("_id", "13", "mid", "2", "seq", "0", "ct", "video/mp4"),
		},
		Addresses: map[string][]Row{
			"1": {rowOf("address", "+15550109999", "type", "151", "charset", "106"), rowOf("address", "+8613800000000", "type", "137", "charset", "106"), rowOf("address", "+491705550101", "type", "151")},
			"2": {rowOf("address", "insert-address-token", "type", "137"), rowOf("address", "+8613800000000", "type", "151"), rowOf("address", "+491705550101", "type", "151")},
			"4": {rowOf("address", "+15550100007", "type", "137"), rowOf("address", "+15550109999", "type", "151")},
		},
		Files: map[string]string{"11": "mms/11-beach.jpg", "12": "mms/12-song.mp3", "13": ""},
		Open: func(file string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("contents of " + file)), nil
		},
		Names: names, Zone: time.FixedZone("Asia/Shanghai", 8*3600),
	}
}

func TestMessagePage(t *testing.T) {
	t.Parallel()
	page, err := someMessages().HTML("en", time.Unix(1772000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(string(page), "&#43;", "+")
	for _, want := range []string{
		"2026-02-25 14:13:20 +08:00", "(Asia/Shanghai)", "Mum &lt;3 (01705550101)", "a&lt;script&gt;\u2401\ufffdb\nline", "SIM 2", // SMS
		`dir="auto">李` + "\ufffd" + `四 (+8613800000000), Mum &lt;3 (+491705550101)</h2>`, // a group, without the handset's own number
		`<bdi>李` + "\ufffd" + `四 (+8613800000000)</bdi>`,
		`<img src="mms/11-beach.jpg"`, "<bdi>beach.jpg</bdi>", `src="mms/12-song.mp3"></audio>`, "not saved: attachment, video/mp4", "trip\nlook",
		"never downloaded", "RCS", "Part of this conversation went over", "overflow-wrap:anywhere", ">Bank 1705550101<", "date unknown",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.ContainsAny(got, "\x01\u202e") || strings.Contains(got, "<script") {
		t.Error("a text of a stranger works on the page")
	}
	for _, language := range message.Languages() {
		page, err := someMessages().HTML(language, time.Unix(1772000000, 0))
		if err != nil || !strings.Contains(string(page), `lang="`+language+`"`) {
			t.Errorf("%s: %v", language, err)
		}
	}
}

// Messages of a chat over the internet are known by the ID or the address of its service,
// and by nothing that looks alike.
func TestRCSThreads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id, address string
		want        bool
	}{
		{"proto:CkIKImNvbS5nb29nbGU", "+1", true},
		{"T18b", "abc123@RCS.google.com", true},
		{"T18b", "someone@google.com", false},
		{"T18proto:", "insert-address-token", false},
		{"", "rcs.google.com@example.com", false},
	} {
		m := &Messages{
			MMS:       []Row{rowOf("_id", "1", "thread_id", "7", "tr_id", tt.id), rowOf("_id", "2", "thread_id", "8")},
			Addresses: map[string][]Row{"1": {rowOf("address", tt.address)}},
		}
		if got := m.RCSThreads(); got["7"] != tt.want || got["8"] || len(got) > 1 {
			t.Errorf("%q, %q: %v", tt.id, tt.address, got)
		}
	}
}
