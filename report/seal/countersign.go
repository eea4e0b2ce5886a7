package seal

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/safefile"
	"preship/report/trust"
)

// receiptType names what a countersignature states.
const receiptType = "urn:preship:attestation:receipt:v1"

var (
	// ErrUnverified: the package does not verify, so its receipt is not signed.
	ErrUnverified = message.Error(message.Say("error.report-unverified"), nil)
	// ErrOwnReport: who signed the report cannot countersign it.
	ErrOwnReport = message.Error(message.Say("error.own-report"), nil)
)

// receipt is the statement of a countersignature.
type receipt struct {
	Type          string           `json:"_type"`
	Subject       []bundle.Subject `json:"subject"`
	PredicateType string           `json:"predicateType"`
	Predicate     receiptClaims    `json:"predicate"`
}

// receiptClaims are the claims of the receiving desk. They include its key, so that a
// changed byte shows also to a person who does not know the desk.
type receiptClaims struct {
	ReportID   string    `json:"reportId"`
	ReceivedOn time.Time `json:"receivedOn"`
	Verified   bool      `json:"verified"` // every file was checked before signing
	Receiver   string    `json:"receiver"` // public key, as in signer.pub
}

// Countersigned is the result of checking a countersignature.
type Countersigned struct {
	Signer     string        `json:"signer"` // fingerprint
	Principal  string        `json:"principal,omitempty"`
	Trust      trust.Level   `json:"trust"`
	ReceivedOn time.Time     `json:"received_on"`
	Time       *bundle.Stamp `json:"time,omitempty"` // nil: no authority was asked
}

// Countersign adds to the package in dir that s received and verified it, as a
// further bundle beside the first: the seal itself stays unchanged. The receipt covers the
// receipts before it, so that none of them can be taken away or replaced. A package that
// does not verify gives [ErrUnverified], one that was signed last with the same key
// [ErrOwnReport] or, if that was a receipt, [fs.ErrExist].
func Countersign(dir string, s trust.Signer, o VerifyOptions, now time.Time, stamp Stamper) (Result, error) {
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
	case res.Countersigned == nil && res.Signer == s.Fingerprint():
		return res, fmt.Errorf("%s: %w", dir, ErrOwnReport)
	case res.Countersigned != nil && res.Countersigned.Signer == s.Fingerprint(), len(res.Receipts) == maxReceipts:
		return res, fmt.Errorf("%s: %s: %w", dir, receiptName(len(res.Receipts)-1), fs.ErrExist)
	}
	r := receipt{Type: bundle.StatementType, PredicateType: receiptType, Predicate: receiptClaims{
		ReportID: res.ID, ReceivedOn: now.UTC().Truncate(time.Second), Verified: true, Receiver: trust.AuthorizedKey(s.PublicKey()),
	}}
	for _, name := range coveredBy(len(res.Receipts)) {
		d, err := casedir.DigestFile(safefile.In(root), name)
		if err != nil {
			return res, err
		}
		r.Subject = append(r.Subject, sum{name, d}.subject())
	}
	b, err := bundle.Sign(r, s, stamp)
	if err != nil {
		return res, err
	}
	if err := safefile.Write(root, receiptName(len(res.Receipts)), b); err != nil {
		return res, err
	}
	return Verify(dir, o)
}

// checkReceipts checks the receipts, if there are any.
func (v *verifier) checkReceipts() {
	last := -1
	for name := range v.present {
		if n, ok := receiptNumber(name); ok {
			last = max(last, n)
		}
	}
	for n := range last + 1 {
		v.checkReceipt(n)
	}
}

func (v *verifier) checkReceipt(n int) {
	name := receiptName(n)
	b, ok := v.read(name, maxSmallFile)
	if !ok {
		return
	}
	r, key, err := readReceipt(b)
	if err != nil {
		v.problem(name, message.Say("seal.problem.invalid", "error", message.Of(err)))
		return
	}
	covered := coveredBy(n)
	if len(r.Subject) != len(covered) {
		v.problem(name, message.Say("seal.problem.receipts", "has", strconv.Itoa(len(r.Subject)), "want", strconv.Itoa(len(covered))))
		return
	}
	for i, file := range covered {
		if s := r.Subject[i]; s.Name != file || s.Digest["sha256"] != v.present[file] && !v.named(file) {
			v.problem(name, message.Say("seal.problem.other-file", "file", file))
		}
	}
	stamp, err := v.stampOf(b)
	if err != nil {
		v.problem(name, message.Say("seal.problem.invalid", "error", message.Of(err)))
	}
	j := v.options.Judge(key, stamp.TrustedAt())
	if !j.Problem.Empty() {
		v.problem(name, j.Problem)
	}
	v.result.Receipts = append(v.result.Receipts, Countersigned{
		Signer: ssh.FingerprintSHA256(key), Principal: j.Principal, Trust: j.Level, ReceivedOn: r.Predicate.ReceivedOn, Time: stamp,
	})
	v.result.Countersigned = &v.result.Receipts[len(v.result.Receipts)-1]
	another := v.result.Signer != v.result.Countersigned.Signer
	if v.result.Trust == trust.Allowed && j.Level == trust.Allowed && another && !v.named(name) {
		v.result.Trust = trust.Received
	}
}

// readReceipt takes the one spelling [Countersign] writes.
func readReceipt(b []byte) (r receipt, key ssh.PublicKey, err error) {
	key, err = bundle.Read(b, &r, func() string { return r.Predicate.Receiver })
	if err == nil && (r.Type != bundle.StatementType || r.PredicateType != receiptType) {
		err = message.Detail(bundle.ErrAttestation, message.Say("error.detail.states", "statement", strconv.Quote(r.PredicateType), "type", strconv.Quote(r.Type)))
	}
	return r, key, err
}

// countersignName is the file of the first receipt.
const countersignName = "countersign.sigstore.json"

// maxReceipts is more than a handset changes hands on its way.
const maxReceipts = 20

// receiptName returns the file of a receipt; the first has number 0.
func receiptName(n int) string {
	if n == 0 {
		return countersignName
	}
	return fmt.Sprintf("countersign-%d.sigstore.json", n+1)
}

var furtherReceipt = regexp.MustCompile(`^countersign-([1-9][0-9]?)\.sigstore\.json$`)

// receiptNumber is the reverse of receiptName.
func receiptNumber(name string) (n int, ok bool) {
	if name == countersignName {
		return 0, true
	}
	m := furtherReceipt.FindStringSubmatch(name)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n - 1, err == nil && n > 1 && n <= maxReceipts
}

// coveredBy names the subjects of a receipt: the report, the list that fixes every other
// file, and the receipts before.
func coveredBy(n int) []string {
	names := []string{casedir.ReportName, sumsName}
	for before := range n {
		names = append(names, receiptName(before))
	}
	return names
}
