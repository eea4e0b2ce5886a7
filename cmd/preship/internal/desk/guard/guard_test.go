package guard

import (
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
		{"another port", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "127.0.0.1:80" }, OtherHost},
		{"no host", "GET", "/", "", cookies, func(q *http.Request) { q.Host = "" }, OtherHost},
		{"another host at the link", "GET", EnterPath, "", nil, func(q *http.Request) { q.Host = "evil.example:4711" }, OtherHost},
		{"a picture in another site", "GET", "/", "", cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") }, OtherSite},
		{"a page of another port", "GET", "/", "", cookies, func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "same-site") }, OtherSite},
		{"a stream for another site", "GET", "/live", "", cookies, func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, OtherSite},
		{"a form of another site", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") }, OtherSite},
		{"a form of a sandbox", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "null") }, OtherSite},
		{"a form of another port", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "http://127.0.0.1:80") }, OtherSite},
		{"a form over TLS", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Set("Origin", "https://"+host) }, OtherSite},
		{"a form without an origin", "POST", "/h/1/answer", form, cookies, func(q *http.Request) { q.Header.Del("Origin") }, OtherSite},
		{"no cookie", "GET", "/", "", nil, nil, NoSession},
		{"a made up cookie", "GET", "/", "", []*http.Cookie{{Name: "preship-4711", Value: "ffffffffff-00.00"}}, nil, NoSession},
		{"a cookie of another key", "GET", "/", "", other.cookies(t), nil, NoSession},
		{"a cookie with a later end", "GET", "/", "", []*http.Cookie{{Name: cookies[0].Name, Value: "f" + cookies[0].Value}}, nil, NoSession},
		{"no token", "POST", "/h/1/answer", "answer=yes", cookies, nil, NoToken},
		{"a wrong token", "POST", "/h/1/answer", "csrf=" + strings.Repeat("0", 64), cookies, nil, NoToken},
		{"a token in the address", "POST", "/h/1/answer?" + form, "", cookies, nil, NoToken},
		{"a wrong link", "GET", EnterPath + "?token=" + strings.Repeat("0", 64), "", nil, nil, UsedLink},
		{"a link without a token", "GET", EnterPath, "", nil, nil, UsedLink},
		{"another method", "PUT", "/h/1/answer", form, cookies, nil, WrongMethod},
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
	login := func(word string) *http.Response {
		return r.send(http.MethodPost, LoginPath, "password="+url.QueryEscape(word), nil, func(q *http.Request) { q.Header.Set("Origin", "https://"+host) })
	}
	for range wrongTries {
		if res := login("taller"); res.StatusCode != http.StatusUnauthorized || len(res.Cookies()) > 0 {
			t.Fatalf("a wrong password gives %s", res.Status)
		}
	}
	if res := login("taller 7"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after %d wrong ones the right one gives %s", wrongTries, res.Status)
	}
	r.now = r.now.Add(pause + time.Second)
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
