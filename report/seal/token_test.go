package seal

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casedir"
	"preship/report/trust"
	"preship/testdata/program"
)

// tokenOf is the code on the page of a sealed package, as a scanner types it.
func tokenOf(t *testing.T, c *casedir.Case) string {
	t.Helper()
	m := regexp.MustCompile(`<code id="token">([^<]*)</code>`).FindStringSubmatch(readFile(t, c, htmlName))
	if m == nil {
		t.Fatal("the page has no code")
	}
	return m[1]
}

func allow(seed ...byte) VerifyOptions {
	var file []byte
	for _, n := range seed {
		file = append(file, fixedSigner(n).AllowedSigners("desk"+string('0'+rune(n))+"@shop")+"\n"...)
	}
	return VerifyOptions{Lists: trust.Lists{AllowedSigners: file}}
}

func TestTokenBindsTheReport(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	o := allow(2, 1)
	o.IMEI = "356938035643809"
	got := VerifyToken(tokenOf(t, c)+"\n", o)
	if !got.OK || !got.PaperOnly || got.Trust != trust.Allowed || got.Principal != "desk1@shop" {
		t.Fatalf("result = %+v", got)
	}
	if want := report.Digest([]byte(readFile(t, c, casedir.ReportName))); got.Token.Report != want || got.Token.ID != c.ID() || got.Token.Verdict != report.VerdictReady {
		t.Errorf("token = %+v, want report %s", got.Token, want)
	}
}

// A camera shows words that a person understands, in the language of the report.
func TestTokenHasWords(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 14, 9, 0, 0, time.UTC)
	for _, tt := range []struct {
		tag   string
		token Token
		want  string
	}{
		{"en", Token{ID: "PS-1", Verdict: report.VerdictReady, IMEI: []string{"356938035643809", "490154203237518"}, Finished: at}, "READY, IMEI 356938035643809, 490154203237518, report PS-1 of 2026-11-22. To check it: preship report verify --qr "},
		{"es", Token{ID: "PS-1", Verdict: report.VerdictNotReady, IMEI: []string{"356938035643809"}, Finished: at}, "NO LISTO, IMEI 356938035643809, informe PS-1 del 2026-11-22. Para comprobarlo: preship report verify --qr "},
		{"zh", Token{ID: "PS-1", Verdict: report.VerdictReady, Emulated: true, Finished: at}, "模拟：可以寄出，IMEI 未知，报告 PS-1，2026-11-22。核验：preship report verify --qr "},
	} {
		if got := tt.token.words(tt.tag); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.tag, got, tt.want)
		}
	}
}

func TestTokenIsRefused(t *testing.T) {
	t.Parallel()
	c := sealed(t, nil)
	whole := tokenOf(t, c)
	words, token, _ := cutLast(whole, " ")
	parts := strings.Split(token, ".")
	forge := func(edit func(*Token)) string {
		_, tok, _, _, err := parseToken(token)
		if err != nil {
			t.Fatal(err)
		}
		edit(&tok)
		body, err := json.Marshal(tok)
		if err != nil {
			t.Fatal(err)
		}
		return parts[0] + "." + base64.RawURLEncoding.EncodeToString(body) + "." + parts[2]
	}
	// What the right key signed, and still no code of ours: another field.
	_, body, _ := strings.Cut(token, ".")
	body, _, _ = strings.Cut(body, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	more := parts[0] + "." + base64.RawURLEncoding.EncodeToString(append(raw[:len(raw)-1], `,"x":1}`...))
	sig, err := testSigner(t, 1).Sign([]byte(more))
	if err != nil {
		t.Fatal(err)
	}
	more += "." + base64.RawURLEncoding.EncodeToString(sig)
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"` + testSigner(t, 1).Fingerprint() + `"}`))
	revoked := allow(1)
	revoked.Revoked = ssh.MarshalAuthorizedKey(testSigner(t, 1).PublicKey())
	for _, tt := range []struct {
		name, text, imei string
		options          VerifyOptions
		want             string
	}{
		{"nothing", "", "", allow(1), "not the code"},
		{"a web address", "https://example.net/", "", allow(1), "not the code"},
		{"too long", strings.Repeat("A", 3000) + ".A.A", "", allow(1), "not the code"},
		{"other verdict", forge(func(k *Token) { k.Verdict = "READY!" }), "", allow(1), "does not match"},
		{"other phone", forge(func(k *Token) { k.IMEI = []string{"1"} }), "", allow(1), "does not match"},
		{"no algorithm", none + "." + parts[1] + ".", "", allow(1), "not the code"},
		{"another field", more, "", allow(1), "not the code"},
		{"padding", token + "=", "", allow(1), "not the code"},
		{"words of another verdict", strings.Replace(whole, "READY", "NOT READY", 1), "", allow(1), "words before the code"},
		{"words of another phone", strings.Replace(whole, "356938035643809", "490154203237518", 1), "", allow(1), "words before the code"},
		{"words of nobody", "All is well. " + token, "", allow(1), "words before the code"},
		{"words without a code", words, "", allow(1), "not the code"},
		{"unknown key", token, "", VerifyOptions{}, "not known here"},
		{"key of another", token, "", allow(2), "not known here"},
		{"revoked", token, "", revoked, "revoked"},
		{"not this phone", token, "490154203237519", allow(1), "another handset"},
	} {
		tt.options.IMEI = tt.imei
		got := VerifyToken(tt.text, tt.options)
		if got.OK || len(got.Problems) != 1 || !strings.Contains(got.Problems[0], tt.want) {
			t.Errorf("%s: %+v, want a problem with %q", tt.name, got, tt.want)
		}
	}
	if got := VerifyToken(token, allow(1)); !got.OK {
		t.Errorf("a code without words, as earlier versions printed it: %+v", got)
	}
	for at := range whole {
		b := []byte(whole)
		b[at] ^= 1
		if got := VerifyToken(string(b), allow(1)); got.OK {
			t.Fatalf("byte %d changed, and accepted: %q", at, b)
		}
	}
}

// openssl must agree, by what RFC 8037 says and nothing of ours.
func TestTokenByOpenSSL(t *testing.T) {
	t.Parallel()
	openssl := program.Path(t, "openssl")
	c := sealed(t, nil)
	_, token, _ := cutLast(tokenOf(t, c), " ")
	input, sig := token[:strings.LastIndex(token, ".")], token[strings.LastIndex(token, ".")+1:]
	raw, err := base64.RawURLEncoding.DecodeString(sig)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	verify := func(input string) error {
		for name, b := range map[string][]byte{"input": []byte(input), "sig": raw} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return exec.CommandContext(t.Context(), openssl, "pkeyutl", "-verify", "-pubin", "-inkey", filepath.Join(c.Dir(), pemName),
			"-rawin", "-in", filepath.Join(dir, "input"), "-sigfile", filepath.Join(dir, "sig")).Run()
	}
	if err := verify(input); err != nil {
		t.Errorf("openssl does not accept the code: %v", err)
	}
	if err := verify(input + "A"); err == nil {
		t.Error("openssl accepts a changed code")
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add("eyJhbGciOiJFZERTQSIsImtpZCI6IiJ9.eyJpZCI6IiIsInJlcG9ydCI6IiIsInZlcmRpY3QiOiIiLCJhdCI6IjAwMDEtMDEtMDFUMDA6MDA6MDBaIn0.AA")
	f.Add("..")
	f.Fuzz(func(t *testing.T, text string) {
		h, tok, input, sig, err := parseToken(text)
		if err != nil {
			return
		}
		again, err := signingInput(h, tok)
		if err != nil || again+"."+base64.RawURLEncoding.EncodeToString(sig) != text || again != input {
			t.Errorf("%q is accepted and written as %q (%v)", text, again, err)
		}
	})
}
