package seal

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/trust"
)

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

// newBundle signs a statement.
func newBundle(statement any, s trust.Signer) ([]byte, error) {
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
	return report.MarshalFile(b)
}

// peekBundle reads a bundle without believing it.
func peekBundle(b []byte) (in bundle, payload []byte, err error) {
	if err := json.Unmarshal(b, &in); err != nil {
		return in, nil, fmt.Errorf("%w: %w", errAttestation, err)
	}
	switch {
	case in.MediaType != bundleMediaType:
		return in, nil, fmt.Errorf("%w: media type %q", errAttestation, in.MediaType)
	case in.Envelope.PayloadType != payloadType:
		return in, nil, fmt.Errorf("%w: payload type %q", errAttestation, in.Envelope.PayloadType)
	case len(in.Envelope.Signatures) != 1:
		return in, nil, fmt.Errorf("%w: %d signatures, want one", errAttestation, len(in.Envelope.Signatures))
	}
	payload, err = base64.StdEncoding.Strict().DecodeString(in.Envelope.Payload)
	if err != nil {
		return in, nil, fmt.Errorf("%w: %w", errAttestation, err)
	}
	return in, payload, nil
}

// openBundle returns what key signed in a bundle.
func openBundle(b []byte, key ssh.PublicKey) ([]byte, error) {
	in, payload, err := peekBundle(b)
	if err != nil {
		return nil, err
	}
	fingerprint := ssh.FingerprintSHA256(key)
	if in.VerificationMaterial.PublicKey.Hint != fingerprint || in.Envelope.Signatures[0].KeyID != fingerprint {
		return nil, errors.New("it names another signer")
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(in.Envelope.Signatures[0].Sig)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAttestation, err)
	}
	if err := key.Verify(dsse.PAE(payloadType, payload), &ssh.Signature{Format: key.Type(), Blob: sig}); err != nil {
		return nil, errors.New("its signature does not match")
	}
	return payload, nil
}

// dsseSigner lends a key to package dsse.
type dsseSigner struct{ s trust.Signer }

// Sign implements [dsse.Signer]. DSSE takes the bare signature.
func (d dsseSigner) Sign(_ context.Context, data []byte) ([]byte, error) { return d.s.Sign(data) }

// KeyID is the OpenSSH fingerprint: cosign refuses an envelope whose keyid is the
// digest of the SPKI.
func (d dsseSigner) KeyID() (string, error) { return d.s.Fingerprint(), nil }
