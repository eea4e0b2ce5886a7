package report

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"golang.org/x/crypto/ssh"
)

// PredicateType names what the attestation states. It is what
// `cosign verify-blob-attestation --type` is given.
const PredicateType = "urn:preship:attestation:pre-shipment:v1"

const (
	statementType   = "https://in-toto.io/Statement/v1"
	payloadType     = "application/vnd.in-toto+json"
	bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
)

// errAttestation: the bytes are not an attestation as preship writes it.
var errAttestation = errors.New("malformed attestation")

// statement is an in-toto Statement v1. One statement has every file as a
// subject, because of a list of statements single ones could be taken away.
type statement struct {
	Type          string    `json:"_type"`
	Subject       []subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     predicate `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// predicate repeats from the report what a policy engine decides on.
type predicate struct {
	ReportID     string        `json:"reportId"`
	Supersedes   *string       `json:"supersedes"`
	Verdict      Verdict       `json:"verdict"`
	Emulated     bool          `json:"emulated"`
	Tool         Tool          `json:"tool"`
	Target       *target       `json:"target"` // nil: never identified
	StartedOn    time.Time     `json:"startedOn"`
	FinishedOn   time.Time     `json:"finishedOn"`
	Result       string        `json:"result"` // PASSED, WARNED or FAILED, as in-toto's test-result has it
	PassedTests  []string      `json:"passedTests"`
	WarnedTests  []string      `json:"warnedTests"`
	FailedTests  []string      `json:"failedTests"`
	UnknownTests []string      `json:"unknownTests"`
	SkippedTests []string      `json:"skippedTests"`
	Checks       []statedCheck `json:"checks"`
	Rung         Rung          `json:"rung"`
	Backup       *statedBackup `json:"backup"` // nil: that step made nothing
	Sanitization *Sanitization `json:"sanitization"`
	Materials    []subject     `json:"materials"` // what people said, beside what the handset did
}

// statedCheck is a finding without the advice to a person.
type statedCheck struct {
	ID       string    `json:"id"`
	Status   Status    `json:"status"`
	Method   Method    `json:"method"`
	Observed string    `json:"observed"`
	Evidence []string  `json:"evidence"`
	At       time.Time `json:"at"`
}

type statedBackup struct {
	Files    Tally    `json:"files"`
	Bytes    Tally    `json:"bytes"`
	Manifest *subject `json:"manifest"` // nil: none lies in the package
}

type target struct {
	Kind         string  `json:"kind"`
	Manufacturer *string `json:"manufacturer"`
	Model        *string `json:"model"`
	Codename     *string `json:"codename"`
	Serial       string  `json:"serial"`
	SN           *SN     `json:"sn"`
	IMEI         []IMEI  `json:"imei"`
}

// bundle is a Sigstore bundle v0.3 that carries a bare key's signature: no
// certificate, no transparency log, nothing that needs a network.
type bundle struct {
	MediaType            string `json:"mediaType"`
	VerificationMaterial struct {
		PublicKey struct {
			Hint string `json:"hint"` // the signer's fingerprint
		} `json:"publicKey"`
	} `json:"verificationMaterial"`
	Envelope dsse.Envelope `json:"dsseEnvelope"`
}

func newStatement(r *Report, sums []sum) statement {
	s := statement{Type: statementType, PredicateType: PredicateType, Predicate: newPredicate(r, sums)}
	for _, f := range sums {
		s.Subject = append(s.Subject, f.subject())
	}
	return s
}

func (s sum) subject() subject {
	return subject{Name: s.name, Digest: map[string]string{"sha256": s.sha256}}
}

func newPredicate(r *Report, sums []sum) predicate {
	p := predicate{
		ReportID: r.ID, Supersedes: r.Supersedes, Verdict: r.Verdict, Emulated: r.Emulated, Tool: r.Tool,
		StartedOn: r.Started, FinishedOn: r.Finished, Rung: r.Rung, Sanitization: r.Sanitization,
		PassedTests: []string{}, WarnedTests: []string{}, FailedTests: []string{},
		UnknownTests: []string{}, SkippedTests: []string{}, Checks: []statedCheck{}, Materials: []subject{},
	}
	p.addFindings(r)
	p.addFiles(r, sums)
	if h := r.Handset; h != nil {
		p.Target = &target{
			Kind: h.Kind, Manufacturer: h.Manufacturer, Model: h.Model, Codename: h.Codename,
			Serial: h.Serial, SN: h.SN, IMEI: h.IMEI,
		}
	}
	switch {
	case r.Verdict != VerdictReady:
		p.Result = "FAILED"
	case len(p.WarnedTests)+len(p.UnknownTests) > 0:
		p.Result = "WARNED"
	default:
		p.Result = "PASSED"
	}
	return p
}

func (p *predicate) addFindings(r *Report) {
	lists := map[Status]*[]string{
		StatusPass: &p.PassedTests, StatusWarn: &p.WarnedTests, StatusFail: &p.FailedTests,
		StatusUnknown: &p.UnknownTests, StatusSkipped: &p.SkippedTests,
	}
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			list := lists[f.Status]
			if list == nil {
				list = &p.UnknownTests
			}
			*list = append(*list, f.ID)
			p.Checks = append(p.Checks, statedCheck{f.ID, known(f.Status), f.Method, f.Observed, append([]string{}, f.Evidence...), f.At})
		}
	}
}

func (p *predicate) addFiles(r *Report, sums []sum) {
	if r.Backup != nil {
		p.Backup = &statedBackup{Files: r.Backup.Files, Bytes: r.Backup.Bytes}
	}
	for _, s := range sums {
		f := s.subject()
		switch {
		case s.name == manifestName && p.Backup != nil:
			p.Backup.Manifest = &f
		case s.name == intakeName || s.name == claimName:
			p.Materials = append(p.Materials, f)
		}
	}
}

// attest signs a statement about the files.
func attest(r *Report, sums []sum, s Signer) ([]byte, error) {
	payload, err := json.Marshal(newStatement(r, sums))
	if err != nil {
		return nil, err
	}
	signer, err := dsse.NewEnvelopeSigner(dsseSigner{s})
	if err != nil {
		return nil, err
	}
	envelope, err := signer.SignPayload(context.Background(), payloadType, payload)
	if err != nil {
		return nil, err
	}
	b := bundle{MediaType: bundleMediaType, Envelope: *envelope}
	b.VerificationMaterial.PublicKey.Hint = s.Fingerprint()
	return marshalFile(b)
}

// checkAttestation returns the statement when the bundle is one of ours and
// signed by key.
func checkAttestation(b []byte, key ssh.PublicKey) (statement, error) {
	var in bundle
	if err := json.Unmarshal(b, &in); err != nil {
		return statement{}, fmt.Errorf("%w: %w", errAttestation, err)
	}
	switch fingerprint := ssh.FingerprintSHA256(key); {
	case in.MediaType != bundleMediaType:
		return statement{}, fmt.Errorf("%w: media type %q", errAttestation, in.MediaType)
	case in.Envelope.PayloadType != payloadType:
		return statement{}, fmt.Errorf("%w: payload type %q", errAttestation, in.Envelope.PayloadType)
	case len(in.Envelope.Signatures) != 1:
		return statement{}, fmt.Errorf("%w: %d signatures, want one", errAttestation, len(in.Envelope.Signatures))
	case in.VerificationMaterial.PublicKey.Hint != fingerprint, in.Envelope.Signatures[0].KeyID != fingerprint:
		return statement{}, errors.New("it names another signer")
	}
	payload, err1 := base64.StdEncoding.Strict().DecodeString(in.Envelope.Payload)
	sig, err2 := base64.StdEncoding.Strict().DecodeString(in.Envelope.Signatures[0].Sig)
	if err := errors.Join(err1, err2); err != nil {
		return statement{}, fmt.Errorf("%w: %w", errAttestation, err)
	}
	err := key.Verify(dsse.PAE(payloadType, payload), &ssh.Signature{Format: key.Type(), Blob: sig})
	if err != nil {
		return statement{}, errors.New("its signature does not match")
	}
	var s statement
	if err := json.Unmarshal(payload, &s); err != nil {
		return statement{}, fmt.Errorf("%w: %w", errAttestation, err)
	}
	if s.Type != statementType || s.PredicateType != PredicateType {
		return statement{}, fmt.Errorf("%w: it states %q of type %q", errAttestation, s.PredicateType, s.Type)
	}
	return s, nil
}

// marshalFile is how all JSON of a package is written.
func marshalFile(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}
