package bundle

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/message"
	"preship/report/timestamp"
	"preship/report/trust"
)

const (
	// StatementType is the type of every statement: an in-toto Statement v1.
	StatementType   = "https://in-toto.io/Statement/v1"
	payloadType     = "application/vnd.in-toto+json"
	bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"
)

// ErrAttestation: the bytes are not an attestation as preship writes it.
var ErrAttestation = message.Error(message.Say("error.attestation"), nil)

// Subject is a file that a statement is about.
type Subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// bundle is a Sigstore bundle v0.3 that carries a bare key's signature: no
// certificate of the signer, no transparency log, nothing that needs a network to check.
type bundle struct {
	MediaType            string `json:"mediaType"`
	VerificationMaterial struct {
		PublicKey struct {
			Hint string `json:"hint"` // the signer's fingerprint
		} `json:"publicKey"`
		Stamps *stampData `json:"timestampVerificationData,omitempty"` // nil: no authority was asked
	} `json:"verificationMaterial"`
	Envelope dsse.Envelope `json:"dsseEnvelope"`
}

// stampData has the time stamps of the signature in the envelope.
type stampData struct {
	RFC3161 []signedStamp `json:"rfc3161Timestamps"`
}

type signedStamp struct {
	Stamp []byte `json:"signedTimestamp"` // DER
}

// Stamper returns a time stamp of a signature, such as that of an authority for time stamps. A nil
// Stamper, or an empty stamp, leaves the signature with the date that its signer wrote.
type Stamper func(signature []byte) ([]byte, error)

// Sign signs a statement.
func Sign(statement any, s trust.Signer, stamp Stamper) ([]byte, error) {
	payload, err := json.Marshal(statement)
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
	if err := b.stamp(stamp); err != nil {
		return nil, err
	}
	return report.MarshalFile(b)
}

func (b *bundle) stamp(stamp Stamper) error {
	if stamp == nil {
		return nil
	}
	sig, err := b.signature()
	if err != nil {
		return err
	}
	token, err := stamp(sig)
	if err != nil || len(token) == 0 {
		return err
	}
	b.VerificationMaterial.Stamps = &stampData{[]signedStamp{{token}}}
	return nil
}

// signature returns the bytes that a time stamp is about.
func (b bundle) signature() ([]byte, error) {
	return base64.StdEncoding.Strict().DecodeString(b.Envelope.Signatures[0].Sig)
}

// peek reads a bundle without believing it.
func peek(b []byte) (in bundle, payload []byte, err error) {
	if err := json.Unmarshal(b, &in); err != nil {
		return in, nil, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	switch {
	case in.MediaType != bundleMediaType:
		return in, nil, message.Detail(ErrAttestation, message.Say("error.detail.media-type", "type", strconv.Quote(in.MediaType)))
	case in.Envelope.PayloadType != payloadType:
		return in, nil, message.Detail(ErrAttestation, message.Say("error.detail.payload-type", "type", strconv.Quote(in.Envelope.PayloadType)))
	case len(in.Envelope.Signatures) != 1:
		return in, nil, message.Detail(ErrAttestation, message.Say("error.detail.signatures", "number", strconv.Itoa(len(in.Envelope.Signatures))))
	}
	payload, err = base64.StdEncoding.Strict().DecodeString(in.Envelope.Payload)
	if err != nil {
		return in, nil, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	return in, payload, nil
}

// Open returns what key signed in a bundle.
func Open(b []byte, key ssh.PublicKey) ([]byte, error) {
	in, payload, err := peek(b)
	if err != nil {
		return nil, err
	}
	fingerprint := ssh.FingerprintSHA256(key)
	if in.VerificationMaterial.PublicKey.Hint != fingerprint || in.Envelope.Signatures[0].KeyID != fingerprint {
		return nil, message.Error(message.Say("error.detail.another-signer"), nil)
	}
	sig, err := in.signature()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	if err := key.Verify(dsse.PAE(payloadType, payload), &ssh.Signature{Format: key.Type(), Blob: sig}); err != nil {
		return nil, message.Error(message.Say("error.detail.signature"), nil)
	}
	return payload, nil
}

// Read reads into a statement a bundle whose statement names the key that signed it,
// and returns that key. It takes the one spelling that [Sign] writes. key returns the
// named key, as signer.pub has it.
func Read(b []byte, statement any, key func() string) (ssh.PublicKey, error) {
	in, payload, err := peek(b)
	if err != nil {
		return nil, err
	}
	if again, err := report.MarshalFile(in); err != nil || !bytes.Equal(again, b) {
		return nil, message.Detail(ErrAttestation, message.Say("error.detail.spelling"))
	}
	if err := json.Unmarshal(payload, statement); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAttestation, err)
	}
	if key := UnclearKey(payload, statement); key != "" {
		return nil, message.Detail(ErrAttestation, message.Say("error.detail.key", "key", strconv.Quote(key)))
	}
	named, _, _, rest, err := ssh.ParseAuthorizedKey([]byte(key()))
	if err != nil || len(rest) > 0 {
		return nil, message.Detail(ErrAttestation, message.Say("error.detail.signer"))
	}
	_, err = Open(b, named)
	return named, err
}

// TimeStamp returns the time stamp of a bundle as the authority gave it, nil if there is not one.
func TimeStamp(b []byte) []byte {
	in, _, err := peek(b)
	if err != nil || in.VerificationMaterial.Stamps == nil || len(in.VerificationMaterial.Stamps.RFC3161) != 1 {
		return nil
	}
	return in.VerificationMaterial.Stamps.RFC3161[0].Stamp
}

// dsseSigner lends a key to package dsse.
type dsseSigner struct{ s trust.Signer }

// Sign implements [dsse.Signer]. DSSE takes the bare signature.
func (d dsseSigner) Sign(_ context.Context, data []byte) ([]byte, error) { return d.s.Sign(data) }

// KeyID is the OpenSSH fingerprint: cosign refuses an envelope whose keyid is the
// digest of the SPKI.
func (d dsseSigner) KeyID() (string, error) { return d.s.Fingerprint(), nil }

// Stamp is what an authority for time stamps says of a signature: that it was there at
// that time. A key that was stolen later, and a clock that was set, change nothing of it.
type Stamp struct {
	At        time.Time `json:"at"`
	Authority string    `json:"authority"` // the name in its certificate
	Trusted   bool      `json:"trusted"`   // the certificate leads to one that the caller trusts
}

// TrustedAt returns the time if the authority is trusted, and the zero time otherwise.
func (s *Stamp) TrustedAt() time.Time {
	if s == nil || !s.Trusted {
		return time.Time{}
	}
	return s.At
}

// StampIn returns what the time stamp in a bundle says of its signature, nil if there is
// no time stamp. An authority that is not trusted is no error.
func StampIn(b []byte, roots timestamp.Roots) (*Stamp, error) {
	in, _, err := peek(b)
	if err != nil || in.VerificationMaterial.Stamps == nil {
		return nil, err
	}
	stamps := in.VerificationMaterial.Stamps.RFC3161
	sig, err := in.signature()
	if err != nil || len(stamps) != 1 {
		return nil, errors.Join(ErrAttestation, err)
	}
	s, err := timestamp.Check(stamps[0].Stamp, sig, roots)
	if err != nil && !errors.Is(err, timestamp.ErrUntrusted) {
		return nil, err
	}
	return &Stamp{At: s.At, Authority: s.Authority, Trusted: err == nil}, nil
}
