package guard

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// lasts is how long a session lasts: a day at a desk.
const lasts = 12 * time.Hour

// tokenField and tokenHeader are where a change has the token.
const (
	tokenField  = "csrf"
	tokenHeader = "X-Preship-Token"
)

// begin gives the browser a session. Its number and its end are in the cookie, signed, so
// that a server that was restarted under the same address knows it.
func (g *Guard) begin(w http.ResponseWriter, r *http.Request) {
	nonce := strconv.FormatInt(g.o.Now().Add(lasts).Unix(), 16) + "-" + random()[:32]
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r.Host), Value: nonce + "." + g.sign("session", r.Host, nonce),
		Path: "/", HttpOnly: true, Secure: g.o.TLS, SameSite: http.SameSiteStrictMode,
	})
}

// cookieName has the port: a browser sends the cookies of all ports of a host.
func cookieName(host string) string {
	_, port, _ := net.SplitHostPort(host)
	return "preship-" + port
}

func (g *Guard) sign(words ...string) string {
	m := hmac.New(sha256.New, g.o.Key)
	m.Write([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(m.Sum(nil))
}

// nonceOf returns the session of a request, false if it has none or a wrong one.
// A server at another port can set cookies of this name, so each is looked at.
func (g *Guard) nonceOf(r *http.Request) (nonce string, ok bool) {
	for _, c := range r.CookiesNamed(cookieName(r.Host)) {
		nonce, mac, _ := strings.Cut(c.Value, ".")
		until, _, _ := strings.Cut(nonce, "-")
		end, err := strconv.ParseInt(until, 16, 64)
		if err == nil && hmac.Equal([]byte(mac), []byte(g.sign("session", r.Host, nonce))) && g.o.Now().Before(time.Unix(end, 0)) {
			return nonce, true
		}
	}
	return "", false
}

// session lets through who has a session, and to change something also the token.
func (g *Guard) session(w http.ResponseWriter, r *http.Request, next http.Handler) {
	nonce, ok := g.nonceOf(r)
	if !ok {
		w.Header().Set("Connection", "close") // it keeps none of the connections that there are
		g.o.Refuse(w, r, NoSession)
		return
	}
	token := g.sign("token", r.Host, nonce)
	if r.Method == http.MethodPost {
		// A body of another kind, such as a file, stays for the handler.
		if err := r.ParseForm(); err != nil {
			why := NoToken
			if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
				why = TooLarge
			}
			g.o.Refuse(w, r, why)
			return
		}
		given := r.Header.Get(tokenHeader)
		if given == "" {
			given = r.PostForm.Get(tokenField)
		}
		if !hmac.Equal([]byte(given), []byte(token)) {
			g.o.Refuse(w, r, NoToken)
			return
		}
	}
	next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tokenKey{}, token)))
}

type tokenKey struct{}

// Token returns the token that the forms of this request's page have.
func Token(r *http.Request) string {
	token, _ := r.Context().Value(tokenKey{}).(string)
	return token
}

func (g *Guard) login(w http.ResponseWriter, r *http.Request) {
	from := networkOf(r.RemoteAddr)
	if g.tries.paused(from, g.o.Now()) {
		g.o.Refuse(w, r, TooMany)
		return
	}
	_ = r.ParseForm() // what could not be read is no password
	given, want := sha256.Sum256([]byte(r.PostForm.Get("password"))), sha256.Sum256([]byte(g.o.Password))
	fits := subtle.ConstantTimeCompare(given[:], want[:]) == 1
	g.tries.count(from, fits, g.o.Now())
	if !fits {
		g.o.Refuse(w, r, WrongWord)
		return
	}
	g.begin(w, r)
	g.into(w, "/")
}
