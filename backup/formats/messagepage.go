package formats

import (
	"bytes"
	"cmp"
	"html/template"
	"slices"
	"sort"
	"strings"
	"time"

	"preship/report/message"
)

// messagePage is messages.html.
type messagePage struct {
	Language, Title, Lead, RCS string
	Threads                    []*messageThread

	say func(message.ID, ...any) string
	of  *Messages
	own map[string]bool
	sim bool // the messages are of several SIMs
}

type messageThread struct {
	ID       string
	Title    string
	RCS      string // says that part of it may be missing
	Messages []messageLine

	people []string
}

type messageLine struct {
	at         int64
	When, From string
	SIM, Note  string
	Out        bool
	Body       string
	Files      []messageFile
	Lost       []string // the attachments that are not saved
}

type messageFile struct{ Path, Name, Kind string }

// HTML returns the messages as a page, in threads and by time. It runs no scripts and loads
// nothing but attachments, because it shows texts of strangers.
func (m *Messages) HTML(language string, now time.Time) ([]byte, error) {
	say := func(id message.ID, args ...any) string {
		words, _ := message.Say(id, args...).In(language)
		return words
	}
	p := &messagePage{
		Language: language, Title: say("page.messages.title"), RCS: say("page.messages.rcs"), say: say, of: m, own: m.own(),
		Lead: say("page.messages.lead", "when", now.In(m.Zone).Format(timeWithZone), "zone", m.Zone.String()),
	}
	p.sim = m.severalSIMs()
	for _, row := range m.SMS {
		p.addSMS(row)
	}
	parts := m.partsOf()
	for _, row := range m.MMS {
		p.addMMS(row, parts[row.Text("_id")])
	}
	rcs := m.RCSThreads()
	for _, t := range p.Threads {
		if rcs[t.ID] {
			t.RCS = say("page.messages.rcs-thread")
		}
		sort.SliceStable(t.Messages, func(i, j int) bool { return t.Messages[i].at < t.Messages[j].at })
		var names []string
		for _, number := range t.people {
			names = append(names, p.person(number))
		}
		t.Title = cmp.Or(strings.Join(names, ", "), say("page.messages.thread", "id", t.ID))
	}
	var b bytes.Buffer
	err := messageTemplate.Execute(&b, p)
	return b.Bytes(), err
}

const timeWithZone = "2006-01-02 15:04:05 -07:00"

func (m *Messages) severalSIMs() bool {
	sims := map[string]bool{}
	for _, row := range slices.Concat(m.SMS, m.MMS) {
		if id := row.Text("sub_id"); id != "" && id != "-1" {
			sims[id] = true
		}
	}
	return len(sims) > 1
}

// person names a number: the contact's name and the number.
func (p *messagePage) person(number string) string {
	if name := p.of.Names.Of(number); name != "" {
		return visible(name) + " (" + visible(number) + ")"
	}
	return visible(number)
}

// line begins a message with what SMS and MMS have in common.
func (p *messagePage) line(row Row, unit time.Duration, out bool) messageLine {
	l := messageLine{When: p.say("page.messages.no-date"), Out: out}
	if at, ok := row.date(unit); ok {
		l.at, l.When = at.UnixMilli(), at.In(p.of.Zone).Format(timeWithZone)
	}
	if id := row.Text("sub_id"); p.sim && id != "" && id != "-1" {
		l.SIM = p.say("page.messages.sim", "id", visible(id))
	}
	return l
}

func (p *messagePage) addSMS(row Row) {
	l := p.line(row, time.Millisecond, row.Text("type") != "1")
	if l.Body = visible(row.Text("body")); row.Text("subject") != "" {
		l.Body = visible(row.Text("subject")) + "\n" + l.Body
	}
	if _, known := row["body"]; !known {
		l.Lost = []string{p.say("page.messages.text")}
	}
	p.add(row.Text("thread_id"), []string{row.Text("address")}, row.Text("address"), l)
}

func (p *messagePage) addMMS(row Row, parts []Row) {
	l := p.line(row, time.Second, row.Text("msg_box") != "1")
	texts := []string{}
	if subject := row.Text("sub"); subject != "" {
		texts = append(texts, visible(subject))
	}
	for _, part := range parts {
		if part.Text("ct") == "text/plain" && part.Text("text") != "" {
			texts = append(texts, visible(part.Text("text")))
		}
		switch name, held := p.of.Files[part.Text("_id")]; {
		case name != "":
			l.Files = append(l.Files, messageFile{name, visible(cmp.Or(PartName(part), name)), fileKind(part.Text("ct"))})
		case held:
			l.Lost = append(l.Lost, strings.TrimSpace(p.say("page.messages.attachment", "type", visible(part.Text("ct")))+" "+visible(PartName(part))))
		}
	}
	l.Body = strings.Join(texts, "\n")
	if row.Text("m_type") == notFetched {
		l.Note = p.say("page.messages.not-fetched")
	}
	p.add(row.Text("thread_id"), p.of.people(row, p.own), p.of.sender(row), l)
}

// add enters a message in its thread. An incoming one names its sender.
func (p *messagePage) add(thread string, people []string, sender string, l messageLine) {
	i := slices.IndexFunc(p.Threads, func(t *messageThread) bool { return t.ID == thread })
	if i < 0 {
		i = len(p.Threads)
		p.Threads = append(p.Threads, &messageThread{ID: thread})
	}
	t := p.Threads[i]
	for _, number := range people {
		same := func(other string) bool {
			return number == other || Digits(number) != "" && Digits(number) == Digits(other)
		}
		if number != "" && !slices.ContainsFunc(t.people, same) {
			t.people = append(t.people, number)
		}
	}
	if !l.Out && sender != "" {
		l.From = p.person(sender)
	} else if l.Out {
		l.From = p.say("page.messages.own")
	}
	t.Messages = append(t.Messages, l)
}

// fileKind returns how a browser shows a file, "" for a link only.
func fileKind(ct string) string {
	switch kind, form, _ := strings.Cut(strings.ToLower(ct), "/"); {
	case kind == "image" && form != "heic" && form != "heif" && form != "svg+xml":
		return "image"
	case kind == "audio" || kind == "video":
		return kind
	}
	return ""
}

// visible returns a text with the characters shown that would hide something: controls, and
// those that turn the direction of what follows.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return -1
		case r < ' ':
			return 0x2400 + r // the pictures of controls
		case r == 0x7f:
			return 0x2421
		case r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\ufffd'
		case r == 0x2028 || r == 0x2029:
			return '\n'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

var messageTemplate = template.Must(template.New("messages").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; media-src 'self' file:">
<title>{{.Title}}</title>
<style>body{font-family:sans-serif;max-width:50em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}
section div{white-space:pre-wrap;margin:.3em 4em .3em 0;padding:.5em .7em;background:#eee;border-radius:.4em}section div.out{background:#def;margin:.3em 0 .3em 4em}
@media(max-width:30em){section div,section div.out{margin-left:0;margin-right:0}}
bdi,h2{unicode-bidi:isolate}small{color:#555}h2{border-bottom:1px solid #ccc;font-size:1.2em}img,video{display:block;max-width:100%;max-height:24em}audio{display:block;max-width:100%}nav li{margin:.3em 0}</style></head><body>
<h1>{{.Title}}</h1><p><small>{{.Lead}}</small></p><p><small>{{.RCS}}</small></p>
<nav><ul>{{range $i, $t := .Threads}}<li><a href="#t{{$i}}"><bdi>{{$t.Title}}</bdi></a> <small>{{len $t.Messages}}</small></li>{{end}}</ul></nav>
{{range $i, $t := .Threads}}<section><h2 id="t{{$i}}" dir="auto">{{$t.Title}}</h2>{{with $t.RCS}}<p><em>{{.}}</em></p>{{end}}
{{range $t.Messages}}<div{{if .Out}} class="out"{{end}}><small>{{.When}}{{with .From}} · <bdi>{{.}}</bdi>{{end}}{{with .SIM}} · {{.}}{{end}}</small>
<bdi dir="auto">{{.Body}}</bdi>{{with .Note}}
<em>{{.}}</em>{{end}}{{range .Files}}{{if eq .Kind "image"}}
<a href="{{.Path}}"><img src="{{.Path}}" alt="" loading="lazy"></a>{{else if eq .Kind "audio"}}
<audio controls preload="none" src="{{.Path}}"></audio>{{else if eq .Kind "video"}}
<video controls preload="none" src="{{.Path}}"></video>{{end}}
<a href="{{.Path}}"><bdi>{{.Name}}</bdi></a>{{end}}{{range .Lost}}
<em>{{$.NotSaved .}}</em>{{end}}</div>
{{end}}</section>
{{end}}</body></html>
`))

// NotSaved says that a part of a message is missing.
func (p *messagePage) NotSaved(what string) string { return p.say("page.messages.lost", "what", what) }
