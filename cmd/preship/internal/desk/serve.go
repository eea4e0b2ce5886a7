package desk

import (
	"bytes"
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"preship/cmd/preship/internal/desk/guard"
	"preship/cmd/preship/internal/desk/page"
	"preship/report/message"
)

// Server serves the pages of a desk.
type Server struct {
	desk  *Desk
	guard *guard.Guard
	ended chan struct{}
	// checks holds a value for each package that is checked now.
	checks chan struct{}
}

// Access says who may open the page, and where it is.
type Access struct {
	Hosts    []string // host:port, as a browser asks for it
	TLS      bool
	Key      []byte // of the sessions
	Password string // empty: only by the link
	// Used is called with the path of a new link when the last one was opened.
	Used func(path string)
}

// NewServer returns a server for a desk.
func NewServer(d *Desk, a Access) *Server {
	s := &Server{desk: d, ended: make(chan struct{}), checks: make(chan struct{}, maxChecks)}
	s.guard = guard.New(guard.Options{
		Hosts: a.Hosts, TLS: a.TLS, Key: a.Key, Password: a.Password, Now: d.o.Host.Now, Used: a.Used,
		Large: map[string]int64{checkPath: maxPackage}, Refuse: s.refuse,
	})
	return s
}

// Link returns the path that opens the page once.
func (s *Server) Link() string { return s.guard.Link() }

// The time that a request may take. A stream and an upload set their own.
const (
	headerTime = 10 * time.Second
	bodyTime   = 5 * time.Minute
)

// Serve serves until the context ends and the desk's jobs have ended. The error is why it
// could not continue serving.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, IdleTimeout: bodyTime,
		MaxHeaderBytes: 32 << 10, ErrorLog: log.New(discard{}, "", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	running, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.desk.Follow(running)
	}()
	err := error(nil)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stop()
	<-done // the pages show how the jobs end
	close(s.ended)
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = h.Shutdown(bye)
	_ = h.Close()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

const checkPath = "/check"

// Handler returns every page, behind the guard.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+guard.Open, page.Assets(guard.Open))
	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("GET /board", s.board)
	mux.HandleFunc("GET /h/{id}", s.handset)
	mux.HandleFunc("POST /h/{id}/{do}", s.act)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /alive", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET "+guard.LanguagePath, s.setLanguage)
	mux.HandleFunc("GET /intake", s.newForm)
	mux.HandleFunc("GET /intake/{case}", s.form)
	mux.HandleFunc("POST /intake/field", s.field)
	mux.HandleFunc("POST /intake/{case}", s.formDone)
	mux.HandleFunc("POST /intake/{$}", s.formDone)
	mux.HandleFunc("GET /cases", s.cases)
	mux.HandleFunc("GET /case/{case}", s.oneCase)
	mux.HandleFunc("GET /case/{case}/{file}", s.file)
	mux.HandleFunc("POST /case/{case}/open", s.open)
	mux.HandleFunc("POST /case/{case}/restore", s.restore)
	mux.HandleFunc("GET "+checkPath, s.check)
	mux.HandleFunc("POST "+checkPath, s.checkPackage)
	mux.HandleFunc("POST /check/paper", s.checkPaper)
	mux.HandleFunc("GET /keys", s.keys)
	mux.HandleFunc("GET /keys/own", s.ownKey)
	mux.HandleFunc("POST /keys/{do}", s.keysDo)
	mux.HandleFunc("/", s.missing)
	return s.guard.Wrap(mux)
}

// reader returns who reads the page.
func (s *Server) reader(r *http.Request) page.Reader {
	path := r.URL.Path
	if q := r.URL.RawQuery; q != "" && path == "/cases" {
		path += "?" + q
	}
	return page.Reader{Language: s.language(r), Token: guard.Token(r), Path: path, Demo: s.desk.o.Demo}
}

const languageCookie = "preship-language"

// language is the language of a browser: as it chose, else the desk's.
func (s *Server) language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil {
		if tag, err := message.Parse(c.Value); err == nil {
			return tag
		}
	}
	return s.desk.o.Language
}

// setLanguage changes the language of a browser.
func (s *Server) setLanguage(w http.ResponseWriter, r *http.Request) {
	if tag, err := message.Parse(r.URL.Query().Get("lang")); err == nil {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: tag, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600,
		})
	}
	http.Redirect(w, r, here(r.URL.Query().Get("to")), http.StatusSeeOther)
}

// here returns a path of this page, the first page for anything else.
func here(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// show writes a page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, v page.View) {
	var b bytes.Buffer
	if err := page.Write(&b, s.reader(r), v); err != nil {
		http.Error(w, "preship", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// refusals are the words of what the guard refuses.
var refusals = map[guard.Reason]message.ID{
	guard.OtherHost:   "desk.refused.host",
	guard.OtherSite:   "desk.refused.site",
	guard.NoSession:   "desk.refused.session",
	guard.UsedLink:    "desk.refused.link",
	guard.NoToken:     "desk.refused.token",
	guard.TooLarge:    "desk.refused.large",
	guard.WrongMethod: "desk.refused.method",
	guard.WrongWord:   "desk.refused.password",
	guard.TooMany:     "desk.refused.many",
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, why guard.Reason) {
	s.refused(w, r, why.Status(), message.Say(refusals[why]), s.guard.Password() && why.Status() == http.StatusUnauthorized)
}

// refused writes why a request is refused: a line for a script, a page for a person.
func (s *Server) refused(w http.ResponseWriter, r *http.Request, status int, what message.Sentence, password bool) {
	if r.Header.Get("Accept") == "application/json" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(s.reader(r).Words(what)))
		return
	}
	s.show(w, r, status, page.View{
		Title: message.Say("desk.refused"),
		Parts: []page.Part{{ID: "refused", Data: page.Refused{Title: message.Say("desk.refused"), What: what, Password: password}}},
	})
}

// missing answers a request for a page that does not exist.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	s.refused(w, r, http.StatusNotFound, message.Say("desk.missing"), false)
}

// start is the first page.
func (s *Server) start(w http.ResponseWriter, r *http.Request) {
	v, _ := s.liveView("start", "")
	s.show(w, r, http.StatusOK, v)
}

func (s *Server) board(w http.ResponseWriter, r *http.Request) {
	v, _ := s.liveView("board", "")
	s.show(w, r, http.StatusOK, v)
}

func (s *Server) handset(w http.ResponseWriter, r *http.Request) {
	v, ok := s.liveView("handset", r.PathValue("id"))
	if !ok {
		s.missing(w, r)
		return
	}
	s.show(w, r, http.StatusOK, v)
}

// act starts or stops the job of a handset, answers its question, or asks the owner of an
// emulated one.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	id, ok := r.PathValue("id"), true
	switch r.PathValue("do") {
	case "start":
		c, problem := chosen(r.PostForm)
		if !problem.Empty() {
			s.refused(w, r, http.StatusUnprocessableEntity, problem, false)
			return
		}
		ok = s.desk.start(id, s.language(r), c)
	case "stop":
		ok = s.desk.stop(id)
	case "give":
		ok = s.desk.giveAgain(id)
	case "close":
		ok = s.desk.close(id)
	case "owner":
		ok = s.desk.helpOwner(id)
	case "answer":
		if err := s.desk.reply(id, r.PostForm); err != nil {
			s.refused(w, r, http.StatusConflict, s.desk.late(id, r.PostForm.Get("question")), false)
			return
		}
	default:
		ok = false
	}
	if !ok {
		s.missing(w, r)
		return
	}
	done(w, r, "/h/"+url.PathEscape(id))
}

// done answers a change that was made: a form without script goes back to its page.
func done(w http.ResponseWriter, r *http.Request, path string) {
	if r.Header.Get("Accept") == "application/json" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}

// reply answers the open question of a handset with a form.
func (d *Desk) reply(id string, form url.Values) error {
	d.mu.Lock()
	s := d.seat(func(s *seat) bool { return s.id == id })
	if s == nil || s.question == nil || s.question.id != form.Get("question") {
		d.mu.Unlock()
		return errStale
	}
	text := s.question.how.typed(form.Get)
	d.mu.Unlock()
	return d.answer(id, form.Get("question"), text)
}

// helpOwner lets the owner of an emulated handset follow the request.
func (d *Desk) helpOwner(id string) bool {
	d.mu.Lock()
	s := d.seat(func(s *seat) bool { return s.id == id })
	d.mu.Unlock()
	if s == nil || d.o.Owner == nil {
		return false
	}
	d.o.Owner(s.serial)
	return true
}
