package guard

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Reason is why a request was refused.
type Reason int

// The reasons.
const (
	OtherHost   Reason = iota // it names another host: DNS rebinding
	OtherSite                 // a page of another site sent it
	NoSession                 // no session, or one that is over
	UsedLink                  // the one-time link was opened before, or is of an earlier run
	NoToken                   // a change without the token of this page
	TooLarge                  // its body is larger than it may be
	WrongMethod               // neither GET, HEAD nor POST
	WrongWord                 // the password is wrong
	TooMany                   // too many wrong passwords
)

// Status returns the HTTP status of a refusal.
func (r Reason) Status() int {
	switch r {
	case OtherHost:
		return http.StatusMisdirectedRequest
	case NoSession, UsedLink, WrongWord:
		return http.StatusUnauthorized
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case WrongMethod:
		return http.StatusMethodNotAllowed
	case TooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusForbidden
}

// Options are what a guard lets through. All fields but Password and Large are needed.
type Options struct {
	Hosts []string // the names with which the page may be asked for, as host:port
	TLS   bool
	Key   []byte // of the sessions: who has it makes one
	// Password gives a session too; empty: only the link does.
	Password string
	// Large are the paths that take a larger body, and how large.
	Large map[string]int64
	Now   func() time.Time
	// Refuse answers a request that is refused. Its status is that of the reason.
	Refuse func(w http.ResponseWriter, r *http.Request, why Reason)
	// Used is called with a new link when the last one was opened.
	Used func(link string)
}

// Guard is the guard of one server. It is safe for concurrent use.
type Guard struct {
	o Options

	tries tries // of the password

	mu    sync.Mutex
	token string // of the link that was not opened yet
}

// The paths of the guard itself. A path below Open, and LanguagePath, needs no session:
// who is refused reads why, in their language.
const (
	EnterPath    = "/enter"
	LoginPath    = "/login"
	LanguagePath = "/language"
	Open         = "/assets/"
)

// maxBody bounds a form.
const maxBody = 64 << 10

// New returns a guard with a first link.
func New(o Options) *Guard { return &Guard{o: o, token: random()} }

// random returns 256 random bits.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

// Password reports whether a password opens the page.
func (g *Guard) Password() bool { return g.o.Password != "" }

// Link returns the path of the link that opens the page once.
func (g *Guard) Link() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return EnterPath + "?token=" + g.token
}

// Wrap returns a handler that lets through to next what passes.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		why, ok := g.checkSource(r)
		if !ok {
			g.o.Refuse(w, r, why)
			return
		}
		limit := int64(maxBody)
		if n, large := g.o.Large[r.URL.Path]; large {
			limit = n
		}
		if r.ContentLength > limit {
			g.o.Refuse(w, r, TooLarge)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		switch {
		case r.URL.Path == EnterPath && r.Method == http.MethodGet:
			g.enter(w, r)
		case r.URL.Path == LoginPath && r.Method == http.MethodPost && g.o.Password != "":
			g.login(w, r)
		case (strings.HasPrefix(r.URL.Path, Open) || r.URL.Path == LanguagePath) && r.Method != http.MethodPost:
			next.ServeHTTP(w, r)
		default:
			g.session(w, r, next)
		}
	})
}

// setHeaders sets the headers of every answer. A handler may set a stricter policy.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// checkSource refuses requests meant for another host, and requests of another site.
func (g *Guard) checkSource(r *http.Request) (Reason, bool) {
	if !slices.Contains(g.o.Hosts, strings.ToLower(r.Host)) {
		return OtherHost, false
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	default:
		return WrongMethod, false
	}
	origin := r.Header.Get("Origin")
	if origin != "" && !g.own(origin, r.Host) || r.Method == http.MethodPost && origin == "" {
		return OtherSite, false
	}
	// A link in a message of the owner's may lead to the page: its token is checked.
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return 0, true
	}
	return OtherSite, r.URL.Path == EnterPath && r.Method == http.MethodGet
}

func (g *Guard) own(origin, host string) bool {
	u, err := url.Parse(origin)
	scheme := "http"
	if g.o.TLS {
		scheme = "https"
	}
	return err == nil && u.Scheme == scheme && strings.EqualFold(u.Host, host)
}

// enter opens the page by its one-time link. The answer is a page and no redirect: a
// cookie for this site alone is not sent along a chain that another site began.
func (g *Guard) enter(w http.ResponseWriter, r *http.Request) {
	given := r.URL.Query().Get("token")
	g.mu.Lock()
	fits := subtle.ConstantTimeCompare([]byte(given), []byte(g.token)) == 1
	if fits {
		g.token = random()
	}
	g.mu.Unlock()
	if !fits {
		if _, known := g.nonceOf(r); known {
			g.into(w, "/") // the browser's history was asked for the old link
			return
		}
		g.o.Refuse(w, r, UsedLink)
		return
	}
	g.begin(w, r)
	g.into(w, "/")
	if g.o.Used != nil {
		g.o.Used(g.Link())
	}
}

// into sends the browser on to its own path accord.
func (g *Guard) into(w http.ResponseWriter, path string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="` + Open + `icon.svg"><meta http-equiv="refresh" content="0;url=` + path + `"><title>preship</title><a href="` + path + `">preship</a>`))
}

// Loopback reports whether an address of a listener is reached by this computer alone.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
