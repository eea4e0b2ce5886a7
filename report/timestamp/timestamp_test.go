package timestamp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preship/report/timestamp"
	"preship/report/timestamp/authority"
	"preship/report/timestamp/timestamptest"
)

var day = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func TestGetAndCheck(t *testing.T) {
	t.Parallel()
	tsa := start(t, "TSA of a test")
	data := []byte("a signature")
	token, err := authority.Get(t.Context(), tsa.URL, data)
	if err != nil {
		t.Fatal(err)
	}
	roots := mustRoots(t, tsa.Roots)
	got, err := timestamp.Check(token, data, roots)
	if err != nil || !got.At.Equal(day) || got.Authority != "TSA of a test" {
		t.Errorf("%+v, %v", got, err)
	}
	other := start(t, "another")
	for name, tt := range map[string]struct {
		token, data []byte
		roots       timestamp.Roots
		want        error
	}{
		"no roots":      {token, data, timestamp.Roots{}, timestamp.ErrUntrusted},
		"another's":     {token, data, mustRoots(t, other.Roots), timestamp.ErrUntrusted},
		"other data":    {token, []byte("b"), roots, timestamp.ErrInvalid},
		"more behind":   {append(bytes.Clone(token), 0), data, roots, timestamp.ErrInvalid},
		"nothing":       {nil, data, roots, timestamp.ErrInvalid},
		"another time":  {bytes.Replace(token, []byte("20261122"), []byte("20251122"), 1), data, roots, timestamp.ErrInvalid},
		"half of it":    {token[:len(token)/2], data, roots, timestamp.ErrInvalid},
		"a large token": {make([]byte, timestamp.MaxSize+1), data, roots, timestamp.ErrInvalid},
	} {
		if _, err := timestamp.Check(tt.token, tt.data, tt.roots); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", name, err, tt.want)
		}
	}
}

// A bit of a stamp changes none of its statements, whatever it does to the stamp.
func TestCheckDamaged(t *testing.T) {
	t.Parallel()
	tsa := start(t, "TSA")
	data := []byte("a signature")
	token, err := authority.Get(t.Context(), tsa.URL, data)
	if err != nil {
		t.Fatal(err)
	}
	roots := mustRoots(t, tsa.Roots)
	for i := range token {
		b := bytes.Clone(token)
		b[i] ^= 1 << (i % 8)
		if got, err := timestamp.Check(b, data, roots); err == nil && (!got.At.Equal(day) || got.Authority != "TSA") {
			t.Errorf("byte %d: it states %+v", i, got)
		}
	}
}

func TestGetRefusals(t *testing.T) {
	t.Parallel()
	tsa := start(t, "TSA")
	var old []byte // an answer to another question
	keep := serve(t, func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		tsa.ServeHTTP(rec, r)
		if old == nil {
			old = rec.Body.Bytes()
		}
		_, _ = w.Write(old)
	})
	if _, err := authority.Get(t.Context(), keep, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for name, url := range map[string]string{
		"no":       serve(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }),
		"a page":   serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }),
		"replayed": keep,
	} {
		if _, err := authority.Get(t.Context(), url, []byte("x")); !errors.Is(err, authority.ErrRefused) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := authority.Get(ctx, tsa.URL, []byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

func TestURLsAndRoots(t *testing.T) {
	t.Parallel()
	for url, ok := range map[string]bool{"https://tsa.example/tsr": true, "http://127.0.0.1:1": true, "tsa.example": false, "file:///x": false, "": false, "http://": false} {
		if err := authority.CheckURL(url); (err == nil) != ok {
			t.Errorf("%q: error %v", url, err)
		}
	}
	for file, want := range map[string]error{"": nil, "\n": nil, "x": timestamp.ErrNoRoots, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n": timestamp.ErrNoRoots} {
		if _, err := timestamp.ParseRoots([]byte(file)); !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", file, err, want)
		}
	}
}

// openssl is an authority that is not ours, and its own verifier agrees with Check.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl on this computer")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), openssl, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "OPENSSL_CONF="+filepath.Join(dir, "conf"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("conf", []byte(opensslConf))
	write("serial", []byte("01\n"))
	run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Root", "-days", "30", "-extensions", "ca")
	run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=OpenSSL TSA")
	run("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "30", "-extfile", "conf", "-extensions", "tsa")
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		query, _ := io.ReadAll(r.Body)
		write("query.tsq", query)
		run("ts", "-reply", "-config", "conf", "-section", "authority", "-queryfile", "query.tsq", "-out", "reply.tsr")
		reply, _ := os.ReadFile(filepath.Join(dir, "reply.tsr"))
		_, _ = w.Write(reply)
	})
	data := []byte("a signature")
	token, err := authority.Get(t.Context(), url, data)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := timestamp.Check(token, data, mustRoots(t, root))
	if err != nil || got.Authority != "OpenSSL TSA" || time.Since(got.At).Abs() > time.Hour {
		t.Errorf("%+v, %v", got, err)
	}
	write("data", data)
	write("token.der", token)
	run("ts", "-verify", "-data", "data", "-in", "token.der", "-token_in", "-CAfile", "ca.pem")
}

const opensslConf = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[authority]
serial = serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
`

func start(t *testing.T, name string) *timestamptest.Authority {
	t.Helper()
	a, err := timestamptest.New(name, func() time.Time { return day })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func mustRoots(t *testing.T, file []byte) timestamp.Roots {
	t.Helper()
	r, err := timestamp.ParseRoots(file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
