package seal

import (
	"errors"

	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/safefile"
	"preship/report/timestamp"
)

// Stamper returns a time stamp of a signature; see [bundle.Stamper].
type Stamper = bundle.Stamper

// stamp keeps the time stamp of the attestation that is there, if the new one has the
// same signature: it is the earlier one. Otherwise it asks for one.
func (w *sealer) stamp(signature []byte) ([]byte, error) {
	b, err := safefile.Read(safefile.In(w.root), attestationName, casedir.MaxReportFile)
	if err == nil {
		kept := bundle.TimeStamp(b)
		if _, err := timestamp.Check(kept, signature, timestamp.Roots{}); kept != nil && errors.Is(err, timestamp.ErrUntrusted) {
			return kept, nil
		}
	}
	if w.pages.Stamp == nil {
		return nil, nil
	}
	return w.pages.Stamp(signature)
}

// stampOf reads the time stamp of a bundle.
func (v *verifier) stampOf(b []byte) (*bundle.Stamp, error) {
	roots, err := timestamp.ParseRoots(v.options.TimeRoots)
	if err != nil {
		return nil, err
	}
	return bundle.StampIn(b, roots)
}
