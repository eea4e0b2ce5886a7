package timestamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha512" // a digest that authorities use
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"preship/report/message"
)

// MaxSize is the most bytes of a stamp.
const MaxSize = 64 << 10

var (
	// ErrInvalid: the stamp cannot be read, is about other bytes, or its signature is wrong.
	ErrInvalid = message.Error(message.Say("timestamp.error.invalid"), nil)
	// ErrUntrusted: the stamp is whole, and its authority is none of the trusted ones.
	ErrUntrusted = message.Error(message.Say("timestamp.error.untrusted"), nil)
	// ErrNoRoots: the file of certificates has no certificate.
	ErrNoRoots = message.Error(message.Say("timestamp.error.no-roots"), nil)
)

// Stamp is what an authority states.
type Stamp struct {
	At        time.Time
	Authority string // the name in its certificate
}

var (
	oidStampInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4} // id-ct-TSTInfo
	oidUsage     = asn1.ObjectIdentifier{2, 5, 29, 37}                      // extended key usage
)

// Check returns what a stamp states about data. If the certificate of its authority does
// not lead to roots, the error is [ErrUntrusted] and the stamp is consistent; any other
// defect is [ErrInvalid]. The zero value of roots trusts no authority.
func Check(token, data []byte, roots Roots) (Stamp, error) {
	if len(token) > MaxSize {
		return Stamp{}, fmt.Errorf("%w: %d bytes", ErrInvalid, len(token))
	}
	t, signed, err := parse(token)
	if err != nil {
		return Stamp{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if !t.HashAlgorithm.Available() || t.HashAlgorithm == crypto.SHA1 {
		return Stamp{}, fmt.Errorf("%w: digest %v", ErrInvalid, t.HashAlgorithm)
	}
	h := t.HashAlgorithm.New()
	h.Write(data)
	if !bytes.Equal(h.Sum(nil), t.HashedMessage) {
		return Stamp{}, fmt.Errorf("%w: %w", ErrInvalid, errOther)
	}
	by := signed.GetOnlySigner()
	if by == nil || !stampsOnly(by) {
		return Stamp{}, fmt.Errorf("%w: %w", ErrInvalid, errNoAuthority)
	}
	s := Stamp{At: t.Time.UTC(), Authority: by.Subject.CommonName}
	if s.Authority == "" {
		s.Authority = by.Subject.String()
	}
	return s, roots.check(by, signed.Certificates, t.Time)
}

var (
	errOther       = message.Error(message.Say("timestamp.error.other"), nil)
	errNoAuthority = message.Error(message.Say("timestamp.error.no-authority"), nil)
)

// parse reads a stamp and checks its signature by the certificate that it names.
func parse(token []byte) (t *timestamp.Timestamp, signed *pkcs7.PKCS7, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser is not ours, and the bytes come from anywhere
			err = fmt.Errorf("%v", r)
		}
	}()
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(token, &whole); err != nil || len(rest) > 0 {
		return nil, nil, errors.Join(errors.New("not DER"), err)
	}
	signed, err = pkcs7.Parse(token)
	if err != nil {
		return nil, nil, err
	}
	var about asn1.ObjectIdentifier
	if err := signed.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &about); err != nil || !about.Equal(oidStampInfo) {
		return nil, nil, errors.Join(errors.New("not about a time"), err)
	}
	// Without a certificate, timestamp.Parse checks no signature.
	if len(signed.Certificates) == 0 {
		return nil, nil, errNoAuthority
	}
	t, err = timestamp.Parse(token)
	return t, signed, err
}

// stampsOnly reports whether a certificate is for time stamps and for nothing else, as
// RFC 3161 wants.
func stampsOnly(c *x509.Certificate) bool {
	for _, e := range c.Extensions {
		if e.Id.Equal(oidUsage) && !e.Critical {
			return false
		}
	}
	return len(c.UnknownExtKeyUsage) == 0 && len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping
}

// Roots are the certificates of the authorities that are trusted.
type Roots struct{ certs []*x509.Certificate }

// ParseRoots reads certificates in PEM. Empty input trusts no authority; other input
// without a certificate is [ErrNoRoots].
func ParseRoots(file []byte) (r Roots, err error) {
	for rest := file; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return Roots{}, fmt.Errorf("%w: %w", ErrNoRoots, err)
		}
		r.certs = append(r.certs, c)
	}
	if len(r.certs) == 0 && len(bytes.TrimSpace(file)) > 0 {
		return Roots{}, ErrNoRoots
	}
	return r, nil
}

// check reports whether a certificate leads to the roots and was valid at a time.
func (r Roots) check(c *x509.Certificate, others []*x509.Certificate, at time.Time) error {
	o := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}
	for _, root := range r.certs {
		o.Roots.AddCert(root)
	}
	for _, other := range others {
		o.Intermediates.AddCert(other)
	}
	if _, err := c.Verify(o); err != nil {
		return fmt.Errorf("%w: %w", ErrUntrusted, err)
	}
	return nil
}
