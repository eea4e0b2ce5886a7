package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/backup/meter"
	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/job"
	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/wait"
)

func TestQuestionWaits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	r.run(s)
	if !s.CanAsk() {
		t.Error("nobody is asked while no page is open")
	}
	id, answer := r.asks(t.Context(), s, job.Question{Text: message.Say("ask.loss")})
	for _, wrong := range [][2]string{{s.id, "0"}, {s.id, ""}, {"9", id}} {
		if err := r.answer(wrong[0], wrong[1], "yes"); !errors.Is(err, errStale) {
			t.Errorf("an answer to %q: %v", wrong, err)
		}
	}
	if err := r.answer(s.id, id, "yes"); err != nil {
		t.Error(err)
	}
	if got := <-answer; got != "yes" {
		t.Errorf("the job hears %q", got)
	}
	if err := r.answer(s.id, id, "no"); !errors.Is(err, errStale) {
		t.Errorf("a second answer: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	id, answer = r.asks(ctx, s, job.Question{Text: message.Say("ask.erase")})
	stop()
	if got := <-answer; got != context.Canceled.Error() {
		t.Errorf("a question of a job that was stopped: %q", got)
	}
	if err := r.answer(s.id, id, "538038"); !errors.Is(err, errStale) {
		t.Errorf("an answer after the end: %v", err)
	}
}

// Two browsers see the same question. One answers it; the other is told that it came late.
func TestTwoBrowsers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	r.run(s)
	one, two := r.browser(t), r.browser(t)
	id, answer := r.asks(t.Context(), s, job.Question{Text: message.Say("ask.erase"), Stakes: []message.Sentence{message.AsIs("all of it")}})
	for _, b := range []*browser{one, two} {
		b.until("at=handset&id="+s.id, "ask", "type the last six characters")
		b.until("at=handset&id="+s.id, "ask", "all of it")
		b.until("at=board", "board", "Your answer:")
	}
	form := url.Values{"question": {id}, "answer": {" 538038 "}}
	if status, body := two.post("/h/"+s.id+"/answer", form); status != http.StatusNoContent {
		t.Fatalf("the answer: %d %s", status, body)
	}
	if got := <-answer; got != "538038" {
		t.Errorf("the job hears %q", got)
	}
	if status, body := one.post("/h/"+s.id+"/answer", form); status != http.StatusConflict || !strings.Contains(body, "answered already") || !strings.Contains(body, "“538038”") {
		t.Errorf("the late answer: %d %s", status, body)
	}
	one.until("at=handset&id="+s.id, "log", "Answered “538038”")
	next, answer := r.asks(t.Context(), s, job.Question{Text: message.Say("ask.erase")})
	if status, _ := one.post("/h/"+s.id+"/answer", form); status != http.StatusConflict {
		t.Errorf("an answer to the question before: %d", status)
	}
	if err := r.answer(s.id, next, ""); err != nil || <-answer != "" {
		t.Error(err)
	}
}

// The names and answers of a handset are text on every page.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	evil := `"><img src=x onerror=alert(1)><script>alert(1)</script>` + "\u202e'"
	s := r.plug(adb.DeviceInfo{Serial: evil, Model: evil, State: adb.StateDevice})
	r.run(s)
	name := evil
	r.change(func() {
		s.identified(report.Handset{MarketName: &name, Model: &name}, evil)
		s.ticket, s.dir = evil, filepath.Join(r.o.Out, "PS-20261129-AAAAAA")
	})
	s.Tell(job.Said{Text: message.AsIs(evil), OnHandset: true})
	s.Tell(job.Warned{Text: message.AsIs(evil)})
	f := report.Finding{ID: "x", Status: report.StatusFail}
	f.Tell(message.AsIs(evil))
	f.Advise(message.AsIs(evil))
	s.Tell(job.StepEnded{Name: report.StepBackup, State: report.StepFailed, Findings: report.Findings{f}, Fresh: report.Findings{f}})
	_, answer := r.asks(t.Context(), s, job.Question{Text: message.Say("form.question.default", "number", "1", "of", "2", "question", message.Say("form.ask.name"), "answer", evil), Stakes: []message.Sentence{message.AsIs(evil)}})
	c, err := casedir.CreateIn(r.o.Out, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := c.Draft()
	d.Form.Ticket.ID, d.Form.Customer.Name, d.Form.Fault.Description = evil, evil, evil
	if err := errors.Join(err, c.KeepDraft(d), c.Close()); err != nil {
		t.Fatal(err)
	}
	b := r.browser(t)
	harmless := func(what, body string) {
		t.Helper()
		for _, bad := range []string{"<img", "<script>", "onerror=alert(1)>", "\u202e"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", what, bad)
			}
		}
	}
	for _, name := range []string{evil, "report.json" + evil, "evidence/" + evil} {
		_, body := b.upload(zipOf(t, name))
		harmless("a package with the file "+name, body)
	}
	_, body := b.post("/check/paper", url.Values{"code": {evil}})
	harmless("a code", body)
	_, body = b.post("/intake/field", url.Values{"case": {c.ID()}, "name": {"purchase.date"}, "value": {evil}})
	harmless("a field", body)
	for _, path := range []string{"/", "/board", "/case/" + c.ID(), "/intake/" + c.ID(), "/cases", "/h/" + s.id, "/cases?q=" + url.QueryEscape(evil), "/language?lang=" + url.QueryEscape(evil), "/h/" + url.PathEscape(evil)} {
		_, body := b.get(path)
		harmless(path, body)
	}
	r.mu.Lock()
	id := s.question.id
	r.mu.Unlock()
	if err := r.answer(s.id, id, ""); err != nil {
		t.Error(err)
	}
	<-answer
}

func TestFilesAreNamedByCase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c, err := casedir.CreateIn(r.o.Out, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir, id := c.Dir(), c.ID()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"report.html": "the report", casedir.ParcelName(id): "the parcel", casedir.ClaimName: "the claim"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "secret.pdf")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "label.pdf")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	b := r.browser(t)
	for path, want := range map[string]string{"/report": "the report", "/parcel": "the parcel", "/claim": "the claim"} {
		if status, body := b.get("/case/" + id + path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	for _, path := range []string{
		"/case/" + id + "/label", "/case/" + id + "/case.json", "/case/" + id + "/report.html", "/case/" + id + "/..%2fcase.json", "/case/" + id + "/%2e%2e/report",
		"/case/..%2f" + id + "/report", "/case/" + strings.ToLower(id) + "/report", "/case/PS-20200101-AAAAAA/report", "/case/" + url.PathEscape(dir) + "/report", "/case/%2e%2e",
		"/assets/..%2fpage.go", "/assets/", "/assets/nothing.js", "/h/99",
	} {
		if status, body := b.get(path); status != http.StatusNotFound && status/100 != 3 || strings.Contains(body, "secret") {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	if status, body := b.get("/case/" + id); status != http.StatusOK || !strings.Contains(body, "/case/"+id+"/parcel") || strings.Contains(body, "/label") {
		t.Errorf("the case: %d %s", status, body)
	}
	if status, body := b.get("/cases?q=" + strings.ToLower(id)); status != http.StatusOK || !strings.Contains(body, "/case/"+id) {
		t.Errorf("the list: %d %s", status, body)
	}
	if status, _ := b.post("/case/"+id+"/open", nil); status != http.StatusNotFound {
		t.Errorf("to open it elsewhere: %d", status)
	}
}

func TestLanguageOfABrowser(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	for lang, word := range map[string]string{"es": "Preparar un teléfono", "zh": "为送修准备手机", "en": "Prepare a handset"} {
		if status, _ := b.get("/language?lang=" + lang + "&to=/board"); status != http.StatusSeeOther {
			t.Errorf("%s: %d", lang, status)
		}
		if _, body := b.get("/"); !strings.Contains(body, word) || !strings.Contains(body, `<html lang="`+lang+`"`) {
			t.Errorf("%s: the page lacks %q", lang, word)
		}
	}
	for to, want := range map[string]string{
		"/board": "/board", "/cases?q=1": "/cases?q=1", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "board": "/", "": "/", "javascript:alert(1)": "/",
	} {
		if got := here(to); got != want {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

// The form of a counter: a slip is named and not kept, a good answer is on the disk.
func TestIntakeIsSavedAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	field := func(id, name, value string) (a savedField) {
		t.Helper()
		status, body := b.post("/intake/field", url.Values{"case": {id}, "name": {name}, "value": {value}})
		if err := json.Unmarshal([]byte(body), &a); status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d %s", name, status, body)
		}
		return a
	}
	if a := field("", "product.imei_box", "868732053538039"); a.Problem == "" || a.Case != "" {
		t.Errorf("a wrong check digit: %+v", a)
	}
	if found, _ := os.ReadDir(r.o.Out); len(found) > 0 {
		t.Errorf("a slip begins a case: %v", found)
	}
	a := field("", "ticket.id", "R-1042")
	if a.Case == "" || a.Problem != "" {
		t.Fatalf("the ticket: %+v", a)
	}
	if a := field(a.Case, "product.imei_box", "8687 3205-353803 8"); a.Problem != "" {
		t.Errorf("a scanned IMEI: %+v", a)
	}
	if status, _ := b.post("/intake/field", url.Values{"case": {a.Case}, "name": {"consent.wipe"}, "value": {"yes"}}); status != http.StatusNotFound {
		t.Errorf("a field that the form does not have: %d", status)
	}
	if a := field("PS-20200101-AAAAAA", "ticket.id", "1"); a.Problem == "" {
		t.Errorf("a case that is not there: %+v", a)
	}
	if _, body := b.get("/intake/" + a.Case); !strings.Contains(body, `value="R-1042"`) || !strings.Contains(body, `value="868732053538038"`) {
		t.Errorf("the form lacks what was saved: %s", body)
	}
	if status, body := b.post("/intake/"+a.Case, url.Values{}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "R-1042") {
		t.Errorf("a form that lacks answers: %d", status)
	}
	held, err := casedir.Open(filepath.Join(r.o.Out, a.Case))
	if err != nil {
		t.Fatal(err)
	}
	if a := field(a.Case, "ticket.id", "R-2"); a.Problem == "" {
		t.Errorf("a case that a job holds: %+v", a)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
}

// A file that is no package is refused with words, however it is sent.
func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	for _, body := range []string{"", "no zip file", "PK\x03\x04" + strings.Repeat("\x00", 100)} {
		if status, said := b.upload([]byte(body)); status != http.StatusOK || !strings.Contains(said, `class="end bad"`) {
			t.Errorf("%q: %d %s", body, status, said)
		}
	}
	if _, said := b.post("/check/paper", url.Values{"code": {"a.b.c"}}); !strings.Contains(said, "not of a signed report") {
		t.Errorf("a wrong code: %s", said)
	}
}

// A page of an earlier run has a question that is not there any more: the stream empties it.
func TestStreamEmptiesParts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	b := r.browser(t)
	for _, part := range []string{"ask", "outlook", "log", "end"} {
		b.until("at=handset&id="+s.id, part, "")
	}
}

// Streams are bounded: one more takes the place of the oldest, whose page is let know, and
// the others stay.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var all []*listener
	for range maxStreams + 1 {
		l, leave := r.hub.join()
		t.Cleanup(leave)
		all = append(all, l)
	}
	for i, l := range all {
		select {
		case <-l.pushed:
			if i > 0 {
				t.Errorf("stream %d of %d was pushed out", i+1, len(all))
			}
		default:
			if i == 0 {
				t.Error("the oldest stream stays")
			}
		}
	}
	b := r.browser(t)
	pushed := make(chan string)
	go func() { pushed <- b.event("at=board", "pushed") }()
	for got := ""; got == ""; {
		select {
		case got = <-pushed:
			if got != "pushed" {
				t.Error(got)
			}
		case <-time.After(time.Millisecond): // the browser may not listen yet
			_, leave := r.hub.join()
			t.Cleanup(leave)
		}
	}
}

// A confirmation that also fits another handset at the desk erases neither.
func TestConfirmationOfTwo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.plug(adb.DeviceInfo{Serial: "one", State: adb.StateDevice})
	two := r.plug(adb.DeviceInfo{Serial: "two", State: adb.StateDevice})
	r.change(func() { one.tokens, two.tokens = []string{"AB1234"}, []string{"ab1234", "999999"} })
	if err := one.MayConfirm("ab1234 "); err == nil {
		t.Error("it fits two")
	}
	if err := one.MayConfirm("111111"); err != nil {
		t.Error(err)
	}
}

// What needs a hand comes first.
func TestBoardOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var seats []*seat
	for _, serial := range []string{"done", "idle", "runs", "hand", "asks", "failed"} {
		seats = append(seats, r.plug(adb.DeviceInfo{Serial: serial, State: adb.StateDevice}))
	}
	for _, s := range []*seat{seats[2], seats[3], seats[4]} {
		r.run(s)
	}
	r.change(func() {
		seats[0].ended, seats[0].verdict = true, report.VerdictReady
		seats[5].ended, seats[5].verdict = true, report.VerdictNotReady
	})
	seats[3].Tell(job.Said{Text: message.AsIs("sign out"), OnHandset: true})
	id, answer := r.asks(t.Context(), seats[4], job.Question{Text: message.Say("ask.loss")})
	var got []string
	for _, c := range func() []page.Card { r.mu.Lock(); defer r.mu.Unlock(); return r.cards() }() {
		got = append(got, c.Serial)
	}
	if want := "asks hand failed idle runs done"; strings.Join(got, " ") != want {
		t.Errorf("the board has %q, want %s", got, want)
	}
	if err := r.answer(seats[4].id, id, "no"); err != nil || <-answer != "no" {
		t.Error(err)
	}
}

// While files are copied the cable is pulled: the page names the cable and
// the next step, shows the progress, and the copy resumes when the cable is back.
func TestCablePulledWhileCopying(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.plug(adb.DeviceInfo{Serial: "a1", State: adb.StateDevice})
	b, at := r.browser(t), "at=handset&id="+s.id
	r.run(s)
	s.Tell(job.StepBegun{Name: report.StepBackup})
	copied := job.Progress{Progress: meter.Progress{Phase: meter.PhaseCopying, FilesDone: 3, FilesTotal: 9, BytesDone: 30, BytesTotal: 90}}
	s.Tell(copied)
	away := job.Waiting{Wait: wait.Wait{Row: wait.Handset, Limit: time.Minute}}
	s.Tell(away)
	for _, words := range []string{"connect it, unlock it", "0:00 / 1:00", "the same command resumes it", `value="30" max="90"`} {
		b.until(at, "progress", words)
	}
	away.Over = true
	s.Tell(away)
	copied.FilesDone, copied.BytesDone = 4, 40
	s.Tell(copied)
	b.until(at, "progress", `value="40" max="90"`)
	if _, page := b.get("/h/" + s.id); strings.Contains(page, "connect it, unlock it") {
		t.Error("the cable is back, and the page waits for it")
	}
}
