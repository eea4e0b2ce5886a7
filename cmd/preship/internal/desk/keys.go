package desk

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/cmd/preship/internal/desk/page"
	"preship/cmd/preship/internal/signing"
	"preship/report/message"
	"preship/report/trust"
)

// keys lists the keys that count on this computer.
func (s *Server) keys(w http.ResponseWriter, r *http.Request) {
	s.showKeys(w, r, http.StatusOK, page.KeyList{})
}

// showKeys shows the keys, and what the list says besides.
func (s *Server) showKeys(w http.ResponseWriter, r *http.Request, status int, l page.KeyList) {
	all, err := s.desk.o.Keys.List(r.Context())
	if err != nil && l.Problem.Empty() {
		l.Problem = message.Of(err)
	}
	for _, k := range all {
		key := page.Key{Name: message.AsIs(k.Name), Trust: signing.Word(k), Fingerprint: k.Fingerprint, Revoked: k.Revoked}
		if k.Trust == trust.Own {
			key.Name, l.Own = message.Say("key.list.own"), k.Fingerprint
		}
		l.Keys = append(l.Keys, key)
	}
	s.show(w, r, status, page.View{Title: message.Say("desk.keys.title"), Here: page.Keys, Parts: []page.Part{{ID: "keys", Data: l}}})
}

// keysDo adds a key to the trusted ones, or revokes one.
func (s *Server) keysDo(w http.ResponseWriter, r *http.Request) {
	form := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	l, err := page.KeyList{}, error(nil)
	switch r.PathValue("do") {
	case "trust":
		l.Text, l.Name, l.Fingerprint = form("key"), form("name"), form("fingerprint")
		l.Note, err = s.trustKey(l)
	case "revoke":
		l.Note, err = s.revokeKey(r, form)
	default:
		s.missing(w, r)
		return
	}
	switch {
	case err != nil:
		l.Problem = message.Of(err)
		s.showKeys(w, r, http.StatusUnprocessableEntity, l)
	case !l.Note.Empty():
		s.showKeys(w, r, http.StatusOK, page.KeyList{Note: l.Note})
	default:
		http.Redirect(w, r, "/keys", http.StatusSeeOther)
	}
}

// trustKey trusts a key that was pasted. The note names other keys of the same name.
func (s *Server) trustKey(l page.KeyList) (note message.Sentence, err error) {
	key, err := signing.PublicKeyOf(l.Text)
	if err != nil {
		return note, err
	}
	fingerprint := l.Fingerprint
	if !strings.HasPrefix(fingerprint, "SHA256:") {
		fingerprint = "SHA256:" + fingerprint
	}
	others, err := s.desk.o.Keys.Allow(key, l.Name, fingerprint, s.desk.o.Host.Now())
	if err == nil && len(others) > 0 {
		note = message.Say("key.trust.second", "name", l.Name, "keys", strings.Join(others, ", "))
	}
	return note, err
}

// errReason: a key is revoked for a reason.
var errReason = message.Error(message.Say("desk.keys.reason.missing"), nil)

// revokeKey revokes a key of the list.
func (s *Server) revokeKey(r *http.Request, form func(string) string) (note message.Sentence, err error) {
	since, now := time.Time{}, s.desk.o.Host.Now()
	if text := form("since"); text != "" {
		if since, err = time.Parse(time.DateOnly, text); err != nil || since.After(now) {
			return note, message.Error(message.Say("desk.keys.since.wrong"), nil)
		}
	}
	if form("reason") == "" {
		return note, errReason
	}
	if !strings.HasPrefix(form("fingerprint"), "SHA256:") {
		return note, signing.ErrFingerprint // no request names a file
	}
	store, err := s.desk.o.Keys.Trusted()
	if err != nil {
		return note, err
	}
	key, err := s.desk.o.Keys.Find(r.Context(), form("fingerprint"))
	if err != nil {
		return note, err
	}
	return message.Say("key.revoked", "key", form("fingerprint")), store.Revoke(key, form("reason"), since, now)
}

// ownKey hands out the public key of this computer, for others to trust.
func (s *Server) ownKey(w http.ResponseWriter, r *http.Request) {
	key, err := s.desk.o.Keys.Known(r.Context())
	if err != nil || key == nil {
		s.missing(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="signer.pub"`)
	_, _ = w.Write(ssh.MarshalAuthorizedKey(key))
}
