package guard

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const host = "127.0.0.1:4711"

// rig is a guard before a page that says "inside" and the token of its forms.
type rig struct {
	*Guard
	handler http.Handler
	now     time.Time
	refused []Reason
	links   []string
}

func newRig(o Options) *rig {
	r := &rig{now: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)}
	o.Hosts, o.Key = []string{host, "localhost:4711"}, []byte("0123456789abcdef0123456789abcdef")
	o.Now = func() time.Time { return r.now }
	o.Used = func(link string) { r.links = append(r.links, link) }
	o.Refuse = func(w http.ResponseWriter, _ *http.Request, why Reason) {
		r.refused = append(r.refused, why)
		w.WriteHeader(why.Status())
	}
	r.Guard = New(o)
	r.handler = r.Wrap(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_ = req.ParseForm()
		_, _ = w.Write([]byte("inside " + Token(req)))
	}))
	return r
}

// send sends a request as a browser on the page would, after change.
func (r *rig) send(method, target, body string, cookies []*http.Cookie, change func(*http.Request)) *http.Response {
	req := httptest.NewRequest(method, "http://"+host+target, strings.NewReader(body))
	req.Host = host
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://"+host)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	if change != nil {
		change(req)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w.Result()
}

// cookies returns those of a browser that opened the link.
func (r *rig) cookies(t *testing.T) []*http.Cookie {
	t.Helper()
	return r.send(http.MethodGet, r.Link(), "", nil, nil).Cookies()
}

// An attacker knows everything but the cookie: none of these reaches the page.
func TestRefused(t *testing.T) {
	t.Parallel()
	r := newRig(Options{Large: map[string]int64{"/verify": 1 << 20}})
	cookies := r.cookies(t)
	res := r.send(http.MethodGet, "/", "", cookies, nil)
	b := make([]byte, 200)
	n, _ := res.Body.Read(b)
	token := strings.TrimPrefix(string(b[:n]), "inside ")
	if len(token) != 64 {
		t.Fatalf("the page says %q", b[:n])
	}
	form := url.Values{"csrf": {token}, "answer": {"yes"}}.Encode()
	other := newRig(Options{})
	other.o.Key = []byte("another key")
	for _, tt := range []struct {
		name    string
		method  string
		path    string
		body    string
		cookies []*http.Cookie
		change  func(*http.Request)
		why     Reason
	}{
		{"another host", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "evil.example:4711" }, OtherHost},
		{"a name that points here", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "127.0.0.1.nip.io:4711" }, OtherHost},
		{"a name with a dot at its end", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "localhost.:4711" }, OtherHost},
		{"a name below localhost", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "evil.localhost:4711" }, OtherHost},
		{"the address of no interface", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "0.0.0.0:4711" }, OtherHost},
		{"the address as IPv6", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "[::ffff:127.0.0.1]:4711" }, OtherHost},
		{"the address as a number", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "2130706433:4711" }, OtherHost},
		{"a name before the address", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "evil.example@127.0.0.1:4711" }, OtherHost},
		{"another host by way of a proxy's header", "GET", "/", "", cookies, func(q *http.Request) {
			q.Host = "evil.example:4711"
			q.Header.Set("X-Forwarded-Host", host)
			q.Header.Set("Forwarded", "host="+host)
		}, OtherHost},
		{"another port", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "127.0.0.1:80" }, OtherHost},
		{"no host", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "" }, OtherHost},
		{"another host at the link", "GET", EnterPath, "", nil, func(q *http.Request) { q.Host = "evil.example:4711" }, OtherHost},
		{"a picture in another site", "GET", "/", "", cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") }, OtherSite},
		{"a page of another port", "GET", "/", "", cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "same-site") }, OtherSite},
		{"a stream for another site", "GET", "/live", "", cookies, func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, OtherSite},
		{"a form of another site", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, OtherSite},
		{"a form of a sandbox", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "null") }, OtherSite},
		{"a form of another port", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "http://127.0.0.1:80") }, OtherSite},
		{"a form of this site's name elsewhere", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "http://"+host+".evil.example") }, OtherSite},
		{"a form of this site's other name", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "http://localhost:4711") }, OtherSite},
		{"a form with the origin in a user's name", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "http://"+host+"@evil.example") }, OtherSite},
		{"a form that only claims its origin", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") }, OtherSite},
		{"a link of another site to a page", "GET", "/h/1", "", cookies, func(q *http.Request) {
			q.Header.Set("Sec-Fetch-Site", "cross-site")
			q.Header.Set("Sec-Fetch-Mode", "navigate")
		}, OtherSite},
		{"the language from another site", "GET", LanguagePath + "?lang=es", "", cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") }, OtherSite},
		{"a login of another site", "POST", LoginPath, "password=x", nil, func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, OtherSite},
		{"a form over TLS", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "https://"+host) }, OtherSite},
		{"a form without an origin", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Del("Origin") }, OtherSite},
		{"no cookie", "GET", "/", "", nil, nil, NoSession},
		{"a made up cookie", "GET", "/", "", []*http.Cookie{{Name: "preship-4711", Value: "ffffffffff-00.00"}}, nil, NoSession},
		{"a cookie of another key", "GET", "/", "", other.cookies(t), nil, NoSession},
		{"a cookie with a later end", "GET", "/", "", []*http.Cookie{{Name: cookies[0].Name, Value: "f" + cookies[0].Value}}, nil, NoSession},
		{"no token", "POST", "/h/1/answer", "answer=yes", cookies, nil, NoToken},
		{"a wrong token", "POST", "/h/1/answer", "csrf=" + strings.Repeat("0", 64), cookies, nil, NoToken},
		{"the token without the cookie", "POST", "/h/1/answer", form, nil, nil, NoSession},
		{"a token of another session", "POST", "/h/1/answer", form, r.cookies(t), nil, NoToken},
		{"a token as a cookie", "POST", "/h/1/answer", "answer=yes", append([]*http.Cookie{{Name: tokenField, Value: token}}, cookies...), nil, NoToken},
		{"a token in a body of another kind", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Content-Type", "text/plain") }, NoToken},
		{"a token in parts of a form", "POST", "/h/1/answer", "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + token + "\r\n--x--\r\n", cookies, func(q *http.Request) { q.Header.Set("Content-Type", "multipart/form-data; boundary=x") }, NoToken},
		{"a page by POST", "POST", "/", "", cookies, nil, NoToken},
		{"a token in the address", "POST", "/h/1/answer?" + form, "", cookies, nil, NoToken},
		{"a wrong link", "GET", EnterPath + "?token=" + strings.Repeat("0", 64), "", nil, nil, UsedLink},
		{"a link without a token", "GET", EnterPath, "", nil, nil, UsedLink},
		{"PUT", "PUT", "/h/1/answer", form, cookies, nil, WrongMethod},
		{"PATCH", "PATCH", "/h/1/answer", form, cookies, nil, WrongMethod},
		{"DELETE", "DELETE", "/case/PS-20261129-AAAAAA", "", cookies, nil, WrongMethod},
		{"OPTIONS, as a browser asks for another site", "OPTIONS", "/h/1/answer", "", nil, func(q *http.Request) { q.Header.Set("Access-Control-Request-Method", "POST") }, WrongMethod},
		{"TRACE", "TRACE", "/", "", cookies, nil, WrongMethod},
		{"CONNECT", "CONNECT", "/", "", cookies, nil, WrongMethod},
		{"a method in lower case", "post", "/h/1/answer", form, cookies, nil, WrongMethod},
		{"a method that a header changes", "GET", "/h/1/answer", "", nil, func(q *http.Request) { q.Header.Set("X-HTTP-Method-Override", "POST") }, NoSession},
		{"a gigabyte", "POST", "/verify", "x", cookies, func(q *http.Request) { q.ContentLength = 1 << 30 }, TooLarge},
		{"a gigabyte before the session", "POST", "/verify", "x", nil, func(q *http.Request) { q.ContentLength = 1 << 30 }, TooLarge},
		{"a large form", "POST", "/h/1/answer", form + "&x=" + strings.Repeat("x", maxBody), cookies, nil, TooLarge},
		{"a large form without a length", "POST", "/h/1/answer", form + "&x=" + strings.Repeat("x", maxBody), cookies, func(q *http.Request) { q.ContentLength = -1 }, TooLarge},
		{"a large upload", "POST", "/verify", strings.Repeat("x", 1<<20+1), cookies, nil, TooLarge},
		{"a password where there is none", "POST", LoginPath, "password=", nil, nil, NoSession},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r.refused = nil
			res := r.send(tt.method, tt.path, tt.body, tt.cookies, tt.change)
			if len(r.refused) != 1 || r.refused[0] != tt.why || res.StatusCode != tt.why.Status() {
				t.Errorf("refused %v with %s, want %v", r.refused, res.Status, tt.why)
			}
		})
	}
	res = r.send(http.MethodPost, "/h/1/answer", form, cookies, nil)
	if res.StatusCode != http.StatusOK {
		t.Errorf("the page's own form gives %s", res.Status)
	}
	res = r.send(http.MethodPost, "/verify", strings.Repeat("x", 1<<20), cookies, func(q *http.Request) { q.Header.Set(tokenHeader, token) })
	if res.StatusCode != http.StatusOK {
		t.Errorf("the page's own upload gives %s", res.Status)
	}
}

// A server at another port of this computer can set cookies of this page's name. They
// neither open it nor keep its own session out.
func TestCookieBesideTheSession(t *testing.T) {
	t.Parallel()
	r := newRig(Options{})
	cookies := r.cookies(t)
	planted := &http.Cookie{Name: cookies[0].Name, Value: "ffffffffff-00.00"}
	if res := r.send(http.MethodGet, "/", "", []*http.Cookie{planted, cookies[0]}, nil); res.StatusCode != http.StatusOK {
		t.Errorf("beside a planted cookie the session gives %s", res.Status)
	}
}

func TestLinkOpensOnce(t *testing.T) {
	t.Parallel()
	r := newRig(Options{})
	link := r.Link()
	first := r.send(http.MethodGet, link, "", nil, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") })
	if first.StatusCode != http.StatusOK || len(r.links) != 1 || r.links[0] == link {
		t.Fatalf("the link gives %s, and new links %q", first.Status, r.links)
	}
	c := first.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.Secure {
		t.Errorf("cookie %+v", c)
	}
	if res := r.send(http.MethodGet, link, "", nil, nil); res.StatusCode != http.StatusUnauthorized || len(res.Cookies()) > 0 {
		t.Errorf("the second time it gives %s and %v", res.Status, res.Cookies())
	}
	if res := r.send(http.MethodGet, link, "", first.Cookies(), nil); res.StatusCode != http.StatusOK {
		t.Errorf("who is inside already gets %s", res.Status)
	}
	if res := r.send(http.MethodHead, r.Link(), "", nil, nil); res.StatusCode != http.StatusUnauthorized || len(r.links) != 1 {
		t.Errorf("a look ahead gives %s and uses the link: %q", res.Status, r.links)
	}
	if res := r.send(http.MethodGet, r.links[0], "", nil, nil); res.StatusCode != http.StatusOK {
		t.Errorf("a second browser gets %s by the new link", res.Status)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	r := newRig(Options{})
	cookies := r.cookies(t)
	r.now = r.now.Add(lasts - time.Minute)
	if res := r.send(http.MethodGet, "/", "", cookies, nil); res.StatusCode != http.StatusOK {
		t.Errorf("before its end: %s", res.Status)
	}
	again := newRig(Options{}) // a server that was restarted has the same key
	again.now = r.now
	if res := again.send(http.MethodGet, "/", "", cookies, nil); res.StatusCode != http.StatusOK {
		t.Errorf("after a restart: %s", res.Status)
	}
	r.now = r.now.Add(2 * time.Minute)
	if res := r.send(http.MethodGet, "/", "", cookies, nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("after its end: %s", res.Status)
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	r := newRig(Options{Password: "taller 7", TLS: true})
	from := "192.0.2.7:40000"
	login := func(word string) *http.Response {
		return r.send(http.MethodPost, LoginPath, "password="+url.QueryEscape(word), nil, func(q *http.Request) {
			q.Header.Set("Origin", "https://"+host)
			q.RemoteAddr = from
		})
	}
	for range wrongTries {
		if res := login("taller"); res.StatusCode != http.StatusUnauthorized || len(res.Cookies()) > 0 {
			t.Fatalf("a wrong password gives %s", res.Status)
		}
	}
	if res := login("taller 7"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after %d wrong ones the right one gives %s", wrongTries, res.Status)
	}
	from = "[2001:db8::1]:40000"
	if res := login("taller 7"); res.StatusCode != http.StatusOK {
		t.Errorf("who guesses elsewhere keeps the desk out: %s", res.Status)
	}
	for i := range allTries {
		from = fmt.Sprintf("[2001:db8:0:%x::1]:40000", i)
		login("taller")
	}
	from = "192.0.2.9:40000"
	if res := login("taller 7"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after %d wrong ones from everywhere the right one gives %s", allTries, res.Status)
	}
	r.now = r.now.Add(pause + time.Second)
	from = "192.0.2.7:40000"
	res := login("taller 7")
	if res.StatusCode != http.StatusOK || len(res.Cookies()) != 1 || !res.Cookies()[0].Secure {
		t.Errorf("the right password gives %s and %v", res.Status, res.Cookies())
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	r := newRig(Options{})
	for _, path := range []string{"/", r.Link(), "/assets/desk.css"} {
		h := r.send(http.MethodGet, path, "", nil, nil).Header
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"127.0.0.1:0": true, "127.9.9.9:80": true, "[::1]:0": true, "localhost:0": true,
		"0.0.0.0:0": false, ":0": false, "192.168.1.2:80": false, "[::]:1": false, "example.com:80": false, "": false,
		"127.0.0.1.example:80": false,
	} {
		if got := Loopback(addr); got != want {
			t.Errorf("%q: %t", addr, got)
		}
	}
}

func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:40000": "192.0.2.7", "[::ffff:192.0.2.7]:1": "192.0.2.7", "[2001:db8::5]:1": "2001:db8::/64", "[2001:db8::6]:2": "2001:db8::/64",
		"[fe80::1%eth0]:1": "fe80::/64", "": "", "nonsense": "",
	} {
		if got := networkOf(remote); got != want {
			t.Errorf("%q: %q, want %q", remote, got, want)
		}
	}
}
