package seal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/message"
	"preship/report/printable"
	"preship/report/trust"
)

// maxToken is more than a QR code of the printed size could hold.
const maxToken = 2048

// errToken: the text is no token as preship writes it.
var errToken = message.Error(message.Say("error.not-report-code"), nil)

// tokenHeader and Token are the two halves of a JWS in compact form (RFC 7515,
// 8037) that the QR on paper carries after some words for people. Every JOSE library
// reads it.
type tokenHeader struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"` // the signer's fingerprint
}

// Token is what the code on paper states. It binds report.json, not the signed
// list: the pages that carry the code are themselves on that list.
type Token struct {
	ID       string         `json:"id"`
	Report   string         `json:"report"` // SHA-256 of report.json
	Verdict  report.Verdict `json:"verdict"`
	Emulated bool           `json:"emulated,omitempty"`
	IMEI     []string       `json:"imei,omitempty"`
	Finished time.Time      `json:"at"`
}

// newToken signs the short form of a report; digest is that of report.json.
func newToken(r *report.Report, digest string, s trust.Signer) (string, error) {
	t := Token{ID: r.ID, Report: digest, Verdict: r.Verdict, Emulated: r.Emulated, Finished: r.Finished}
	if r.Handset != nil {
		for _, i := range r.Handset.IMEI {
			if len(t.IMEI) < maxTokenIMEIs {
				t.IMEI = append(t.IMEI, printable.Clip(i.Value, 20))
			}
		}
	}
	input, err := signingInput(tokenHeader{Alg: "EdDSA", Kid: s.Fingerprint()}, t)
	if err != nil {
		return "", err
	}
	sig, err := s.Sign([]byte(input))
	if err != nil {
		return "", err
	}
	return t.words(r.Language) + input + "." + base64.RawURLEncoding.EncodeToString(sig), nil
}

// words say the token to somebody whose camera reads the code. They are one line and
// end in a space: the signed part follows, and is all that an older code has.
func (t Token) words(language string) string {
	verdict := t.Verdict.Word()
	if t.Emulated {
		verdict = message.Say("seal.paper.emulated", "verdict", verdict)
	}
	text, _ := message.Say(
		"seal.paper.words", "verdict", verdict, "imei", t.imeis(), "id", t.ID, "date", t.Finished.UTC().Format(time.DateOnly),
	).In(language)
	return strings.Join(strings.Fields(printable.Text(text)), " ") + " "
}

func (t Token) imeis() message.Sentence {
	if len(t.IMEI) == 0 {
		return message.Say("page.unknown")
	}
	return message.AsIs(strings.Join(t.IMEI, ", "))
}

// errTokenWords: the words of a code are not those of its signed part.
var errTokenWords = message.Error(message.Say("seal.paper.other-words"), nil)

// signedPart returns the signed part of the text of a code. The words before it must be
// those of the signed part, in one of the languages: people read them, and nothing else
// protects them.
func signedPart(text string) (string, error) {
	words, signed, found := cutLast(strings.TrimSpace(text), " ")
	if !found {
		return text, nil
	}
	_, t, _, _, err := parseToken(signed)
	if err != nil {
		return "", errToken
	}
	for _, language := range report.Languages {
		if t.words(language) == words+" " {
			return signed, nil
		}
	}
	return "", errTokenWords
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// maxTokenIMEIs keeps the code coarse enough for a camera, whatever a handset says.
const maxTokenIMEIs = 4

func signingInput(h tokenHeader, t Token) (string, error) {
	head, err1 := json.Marshal(h)
	body, err2 := json.Marshal(t)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body), nil
}

// parseToken takes apart the one spelling newToken writes.
func parseToken(text string) (h tokenHeader, t Token, input string, sig []byte, err error) {
	parts := strings.Split(text, ".")
	if len(text) > maxToken || len(parts) != 3 {
		return h, t, "", nil, errToken
	}
	strict := base64.RawURLEncoding.Strict()
	head, err1 := strict.DecodeString(parts[0])
	body, err2 := strict.DecodeString(parts[1])
	sig, err3 := strict.DecodeString(parts[2])
	if err := errors.Join(err1, err2, err3); err != nil {
		return h, t, "", nil, fmt.Errorf("%w: %w", errToken, err)
	}
	if err := errors.Join(json.Unmarshal(head, &h), json.Unmarshal(body, &t)); err != nil {
		return h, t, "", nil, fmt.Errorf("%w: %w", errToken, err)
	}
	input = parts[0] + "." + parts[1]
	if again, err := signingInput(h, t); err != nil || again != input || h.Alg != "EdDSA" {
		return h, t, "", nil, errToken
	}
	return h, t, input, sig, nil
}

// PaperResult is what the code on paper alone proves.
type PaperResult struct {
	OK        bool     `json:"ok"`
	PaperOnly bool     `json:"paper_only"` // always true: no file was looked at
	Problems  []string `json:"problems"`
	// Sentences are the problems for people.
	Sentences []message.Sentence `json:"-"`
	Token     *Token             `json:"token"` // nil when the signature was not found good
	Signer    string             `json:"signer"`
	Principal string             `json:"principal,omitempty"`
	Trust     trust.Level        `json:"trust"`
	// IMEICheck is the comparison with the given IMEI; nil: no IMEI was given, or
	// the code does not verify.
	IMEICheck *IMEICheck `json:"imei_check,omitempty"`
}

func verifies(key ssh.PublicKey, input string, sig []byte) bool {
	return key.Verify([]byte(input), &ssh.Signature{Format: key.Type(), Blob: sig}) == nil
}

// VerifyToken checks the text of the QR code, and, when o has an IMEI, that it is
// about the phone with that IMEI. The key must be known already: a code
// carries no key. No file of the package is checked.
func VerifyToken(text string, o VerifyOptions) PaperResult {
	if o.At.IsZero() {
		o.At = time.Now()
	}
	res := PaperResult{PaperOnly: true, Problems: []string{}, Trust: trust.None}
	bad := func(what message.Sentence) PaperResult {
		what = what.Map(printable.Text)
		res.Problems, res.Sentences = append(res.Problems, what.String()), append(res.Sentences, what)
		return res
	}
	signed, err := signedPart(strings.TrimSpace(text))
	if err != nil {
		return bad(message.Of(err))
	}
	h, t, input, sig, err := parseToken(signed)
	if err != nil {
		return bad(message.Of(err))
	}
	key, ok := o.KeyNamed(h.Kid)
	if !ok {
		return bad(message.Say("seal.paper.signer", "key", h.Kid))
	}
	if !verifies(key, input, sig) {
		return bad(message.Say("seal.paper.signature"))
	}
	j := o.Judge(key, time.Time{})
	res.Token, res.Signer, res.Trust, res.Principal = &t, h.Kid, j.Level, j.Principal
	if !j.Problem.Empty() {
		bad(j.Problem)
	}
	if o.IMEI != "" {
		c := compareIMEI(o.IMEI, t.IMEI)
		res.IMEICheck = &c
		if what := c.problem(t.IMEI); !what.Empty() {
			bad(message.Say("seal.paper.imei", "what", what))
		}
	}
	report.Tidy(res.Token)
	res.OK = len(res.Problems) == 0
	return res
}
