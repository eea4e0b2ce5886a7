package formats

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"time"
)

// messagePage is messages.html.
type messagePage struct {
	Made    string
	Threads []messageThread
}

type messageThread struct {
	ID       string
	With     string
	Messages []messageLine
}

type messageLine struct {
	at    int64
	When  string
	Out   bool
	Body  string
	Files []string
	Lost  []string // the attachments that are not saved
}

// MessagesHTML returns SMS and MMS as a page, in threads and by time. parts are the parts
// of the MMS, and files the file of each part by its _id, "" for a part that is not saved.
func MessagesHTML(sms, mms, parts []Row, files map[string]string) ([]byte, error) {
	p := newMessagePage(sms)
	p.addMMS(mms, parts, files)
	return p.html()
}

func newMessagePage(sms []Row) *messagePage {
	p := &messagePage{Made: time.Now().UTC().Format(time.DateTime) + " UTC"}
	for _, m := range sms {
		at, _ := strconv.ParseInt(m.Text("date"), 10, 64)
		line := messageLine{at: at, When: ByDate(time.Millisecond)(m), Out: m.Text("type") != "1", Body: m.Text("body")}
		if _, known := m["body"]; !known {
			line.Lost = []string{"text"}
		}
		if subject := m.Text("subject"); subject != "" {
			line.Body = subject + "\n" + line.Body
		}
		p.add(m.Text("thread_id"), m.Text("address"), line)
	}
	return p
}

func (p *messagePage) addMMS(mms, parts []Row, files map[string]string) {
	of := map[string][]Row{}
	for _, part := range parts {
		of[part.Text("mid")] = append(of[part.Text("mid")], part)
	}
	for _, m := range mms {
		at, _ := strconv.ParseInt(m.Text("date"), 10, 64)
		at *= 1000 // MMS dates are in seconds
		line := messageLine{at: at, When: ByDate(time.Second)(m), Out: m.Text("msg_box") != "1", Body: m.Text("sub")}
		for _, part := range of[m.Text("_id")] {
			if ct := part.Text("ct"); ct == "text/plain" {
				line.Body += "\n" + part.Text("text")
			}
			switch name, held := files[part.Text("_id")]; {
			case name != "":
				line.Files = append(line.Files, name)
			case held:
				line.Lost = append(line.Lost, "attachment, "+part.Text("ct"))
			}
		}
		p.add(m.Text("thread_id"), "", line)
	}
}

func (p *messagePage) add(thread, with string, line messageLine) {
	at := slices.IndexFunc(p.Threads, func(t messageThread) bool { return t.ID == thread })
	if at < 0 {
		at = len(p.Threads)
		p.Threads = append(p.Threads, messageThread{ID: thread})
	}
	if p.Threads[at].With == "" {
		p.Threads[at].With = with
	}
	p.Threads[at].Messages = append(p.Threads[at].Messages, line)
}

func (p *messagePage) html() ([]byte, error) {
	for i := range p.Threads {
		slices.SortStableFunc(p.Threads[i].Messages, func(a, b messageLine) int { return cmp.Compare(a.at, b.at) })
	}
	var b bytes.Buffer
	err := messageTemplate.Execute(&b, p)
	return b.Bytes(), err
}

// messageTemplate runs no scripts and loads nothing, because it shows texts of strangers.
var messageTemplate = template.Must(template.New("messages").Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:">
<title>Messages</title>
<style>body{font-family:sans-serif;max-width:50em;margin:2em auto}p{white-space:pre-wrap;margin:.3em 0;padding:.5em;background:#eee}
.out{background:#def;margin-left:4em}small{color:#666}h2{border-bottom:1px solid #ccc}</style></head><body>
<h1>Messages</h1><small>saved {{.Made}}; the inbox and what was sent. drafts are not shown to a computer</small>
{{range .Threads}}<h2>{{if .With}}{{.With}}{{else}}conversation {{.ID}}{{end}}</h2>
{{range .Messages}}<p{{if .Out}} class="out"{{end}}><small>{{.When}}</small>
{{.Body}}{{range .Files}}
<a href="{{.}}">{{.}}</a>{{end}}{{range .Lost}}
<em>could not be read and is not saved: {{.}}</em>{{end}}</p>
{{end}}{{end}}</body></html>
`))
