package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/safefile"
	"preship/report/trust"
)

// ReceiptType names what a countersignature states.
const ReceiptType = "urn:preship:attestation:receipt:v1"

var (
	// ErrUnverified: the package does not verify, so its receipt is not signed.
	ErrUnverified = message.Error(message.Say("error.report-unverified"), nil)
	// ErrOwnReport: who signed the report cannot countersign it.
	ErrOwnReport = message.Error(message.Say("error.own-report"), nil)
)

// receipt is the statement of a countersignature.
type receipt struct {
	Type          string        `json:"_type"`
	Subject       []subject     `json:"subject"`
	PredicateType string        `json:"predicateType"`
	Predicate     receiptClaims `json:"predicate"`
}

// receiptClaims are the claims of the receiving desk. They include its key, so that a
// changed byte shows also to somebody who does not know the desk.
type receiptClaims struct {
	ReportID   string    `json:"reportId"`
	ReceivedOn time.Time `json:"receivedOn"`
	Verified   bool      `json:"verified"` // every file was checked before signing
	Receiver   string    `json:"receiver"` // public key, as in signer.pub
}

// Countersigned is the result of checking a countersignature.
type Countersigned struct {
	Signer     string      `json:"signer"` // fingerprint
	Principal  string      `json:"principal,omitempty"`
	Trust      trust.Level `json:"trust"`
	ReceivedOn time.Time   `json:"received_on"`
}

// Countersign adds to the package in dir that s received and verified it, as a
// second bundle beside the first: the seal itself stays as it was. A package
// that does not verify gives [ErrUnverified], one signed with the same key
// [ErrOwnReport], one countersigned already [fs.ErrExist].
func Countersign(dir string, s trust.Signer, o VerifyOptions, now time.Time) (Result, error) {
	if s.IsZero() {
		return Result{}, trust.ErrNoSigner
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Result{}, err
	}
	defer root.Close()
	res, err := Verify(dir, o)
	switch {
	case err != nil:
		return res, err
	case !res.OK:
		return res, fmt.Errorf("%s: %w", dir, ErrUnverified)
	case res.Signer == s.Fingerprint():
		return res, fmt.Errorf("%s: %w", dir, ErrOwnReport)
	case res.Countersigned != nil:
		return res, fmt.Errorf("%s: %s: %w", dir, countersignName, fs.ErrExist)
	}
	r := receipt{Type: statementType, PredicateType: ReceiptType, Predicate: receiptClaims{
		ReportID: res.ID, ReceivedOn: now.UTC().Truncate(time.Second), Verified: true, Receiver: trust.AuthorizedKey(s.PublicKey()),
	}}
	for _, name := range countersigned {
		d, err := casedir.DigestFile(safefile.In(root), name)
		if err != nil {
			return res, err
		}
		r.Subject = append(r.Subject, sum{name, d}.subject())
	}
	b, err := newBundle(r, s)
	if err != nil {
		return res, err
	}
	if err := safefile.Write(root, countersignName, b); err != nil {
		return res, err
	}
	return Verify(dir, o)
}

// countersigned are the subjects of a receipt: the report, and the list that
// fixes every other file.
var countersigned = []string{casedir.ReportName, sumsName}

// checkCountersign checks the receipt, when there is one.
func (v *verifier) checkCountersign() {
	if _, ok := v.present[countersignName]; !ok {
		return
	}
	b, ok := v.read(countersignName, maxSmallFile)
	if !ok {
		return
	}
	r, key, err := readReceipt(b)
	if err != nil {
		v.problem(countersignName, message.Say("seal.problem.invalid", "error", message.Of(err)))
		return
	}
	for i, name := range countersigned {
		if s := r.Subject[i]; s.Name != name || s.Digest["sha256"] != v.present[name] && !v.named(name) {
			v.problem(countersignName, message.Say("seal.problem.other-file", "file", name))
		}
	}
	j := v.options.Judge(key)
	if !j.Problem.Empty() {
		v.problem(countersignName, j.Problem)
	}
	v.result.Countersigned = &Countersigned{
		Signer: ssh.FingerprintSHA256(key), Principal: j.Principal, Trust: j.Level, ReceivedOn: r.Predicate.ReceivedOn,
	}
	another := v.result.Signer != v.result.Countersigned.Signer
	if v.result.Trust == trust.Allowed && j.Level == trust.Allowed && another && !v.named(countersignName) {
		v.result.Trust = trust.Received
	}
}

// readReceipt takes the one spelling [Countersign] writes.
func readReceipt(b []byte) (r receipt, key ssh.PublicKey, err error) {
	in, payload, err := peekBundle(b)
	if err != nil {
		return r, nil, err
	}
	if again, err := report.MarshalFile(in); err != nil || !bytes.Equal(again, b) {
		return r, nil, fmt.Errorf("%w: not as preship writes it", errAttestation)
	}
	if err := json.Unmarshal(payload, &r); err != nil {
		return r, nil, fmt.Errorf("%w: %w", errAttestation, err)
	}
	if r.Type != statementType || r.PredicateType != ReceiptType || len(r.Subject) != len(countersigned) {
		return r, nil, fmt.Errorf("%w: it states %q of type %q", errAttestation, r.PredicateType, r.Type)
	}
	key, _, _, rest, err := ssh.ParseAuthorizedKey([]byte(r.Predicate.Receiver))
	if err != nil || len(rest) > 0 {
		return r, nil, fmt.Errorf("%w: no key of a receiver", errAttestation)
	}
	if _, err := openBundle(b, key); err != nil {
		return r, nil, err
	}
	return r, key, nil
}
