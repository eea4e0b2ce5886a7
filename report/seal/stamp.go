package seal

import (
	"errors"
	"time"

	"preship/report/casedir"
	"preship/report/safefile"
	"preship/report/timestamp"
)

// Stamp is what an authority for time stamps says of a signature: that it was there at
// that time. A key that was stolen later, and a clock that was set, change nothing of it.
type Stamp struct {
	At        time.Time `json:"at"`
	Authority string    `json:"authority"` // the name in its certificate
	Trusted   bool      `json:"trusted"`   // the certificate leads to one that the caller trusts
}

// trustedAt returns the time if the authority is trusted, and the zero time otherwise.
func (s *Stamp) trustedAt() time.Time {
	if s == nil || !s.Trusted {
		return time.Time{}
	}
	return s.At
}

// stampIn returns what the time stamp in a bundle says of its signature, nil if there is
// no time stamp. An authority that is not trusted is no error.
func stampIn(b []byte, roots timestamp.Roots) (*Stamp, error) {
	in, _, err := peekBundle(b)
	if err != nil || in.VerificationMaterial.Stamps == nil {
		return nil, err
	}
	stamps := in.VerificationMaterial.Stamps.RFC3161
	sig, err := in.signature()
	if err != nil || len(stamps) != 1 {
		return nil, errors.Join(errAttestation, err)
	}
	s, err := timestamp.Check(stamps[0].Stamp, sig, roots)
	if err != nil && !errors.Is(err, timestamp.ErrUntrusted) {
		return nil, err
	}
	return &Stamp{At: s.At, Authority: s.Authority, Trusted: err == nil}, nil
}

// stamp keeps the time stamp of the attestation that is there, if the new one has the
// same signature: it is the earlier one. Otherwise it asks for one.
func (w *sealer) stamp(signature []byte) ([]byte, error) {
	b, err := safefile.Read(safefile.In(w.root), attestationName, casedir.MaxReportFile)
	if err == nil {
		in, _, err := peekBundle(b)
		if err == nil && in.VerificationMaterial.Stamps != nil && len(in.VerificationMaterial.Stamps.RFC3161) == 1 {
			kept := in.VerificationMaterial.Stamps.RFC3161[0].Stamp
			if _, err := timestamp.Check(kept, signature, timestamp.Roots{}); errors.Is(err, timestamp.ErrUntrusted) {
				return kept, nil
			}
		}
	}
	if w.pages.Stamp == nil {
		return nil, nil
	}
	return w.pages.Stamp(signature)
}

// stampOf reads the time stamp of a bundle.
func (v *verifier) stampOf(b []byte) (*Stamp, error) {
	roots, err := timestamp.ParseRoots(v.options.TimeRoots)
	if err != nil {
		return nil, err
	}
	return stampIn(b, roots)
}
