package desk

import (
	"crypto/ed25519"
	"crypto/rand"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"preship/report/trust"
)

// A key is trusted only with the fingerprint that its owner gave, and a revoked one stays
// revoked.
func TestKeysOnThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	b := r.browser(t)
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	line, print := trust.AuthorizedKey(key), ssh.FingerprintSHA256(key)
	level := func() string {
		t.Helper()
		all, err := r.o.Keys.List(t.Context())
		if err != nil || len(all) > 1 {
			t.Fatal(all, err)
		}
		if len(all) == 0 {
			return ""
		}
		return all[0].Name + " " + string(all[0].Trust)
	}
	for _, tt := range []struct {
		name, do string
		form     url.Values
		status   int
		level    string
	}{
		{"no key", "trust", url.Values{"key": {"hello"}, "name": {"a@b"}, "fingerprint": {print}}, http.StatusUnprocessableEntity, ""},
		{"another fingerprint", "trust", url.Values{"key": {line}, "name": {"a@b"}, "fingerprint": {"SHA256:" + strings.Repeat("A", 43)}}, http.StatusUnprocessableEntity, ""},
		{"no fingerprint", "trust", url.Values{"key": {line}, "name": {"a@b"}}, http.StatusUnprocessableEntity, ""},
		{"a name with another meaning", "trust", url.Values{"key": {line}, "name": {"*"}, "fingerprint": {print}}, http.StatusUnprocessableEntity, ""},
		{"a line of allowed_signers", "trust", url.Values{"key": {"x namespaces=\"report@preship\" " + line}, "name": {"a@b"}, "fingerprint": {strings.TrimPrefix(print, "SHA256:")}}, http.StatusSeeOther, "a@b " + string(trust.Allowed)},
		{"without a reason", "revoke", url.Values{"fingerprint": {print}}, http.StatusUnprocessableEntity, "a@b " + string(trust.Allowed)},
		{"since tomorrow", "revoke", url.Values{"fingerprint": {print}, "reason": {"lost"}, "since": {"2999-01-01"}}, http.StatusUnprocessableEntity, "a@b " + string(trust.Allowed)},
		{"a file", "revoke", url.Values{"fingerprint": {"/etc/passwd"}, "reason": {"lost"}}, http.StatusUnprocessableEntity, "a@b " + string(trust.Allowed)},
		{"lost", "revoke", url.Values{"fingerprint": {print}, "reason": {"lost"}}, http.StatusOK, ""},
		{"again", "trust", url.Values{"key": {line}, "name": {"a@b"}, "fingerprint": {print}}, http.StatusUnprocessableEntity, ""},
		{"something else", "delete", url.Values{}, http.StatusNotFound, ""},
	} {
		if status, body := b.post("/keys/"+tt.do, tt.form); status != tt.status {
			t.Errorf("%s: %d %s", tt.name, status, body)
		}
		if tt.level != "" && level() != tt.level {
			t.Errorf("%s: %q", tt.name, level())
		}
	}
	all, err := r.o.Keys.List(t.Context())
	if err != nil || len(all) != 1 || !all[0].Revoked {
		t.Errorf("at the end: %+v %v", all, err)
	}
	if _, body := b.get("/keys"); !strings.Contains(html.UnescapeString(body), print) || strings.Contains(body, `action="/keys/revoke"`) {
		t.Errorf("the page: %s", body)
	}
}
