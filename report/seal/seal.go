package seal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/casedir"
	"preship/report/intake"
	"preship/report/message"
	"preship/report/picture"
	"preship/report/safefile"
	"preship/report/trust"
)

// Pages renders the files of a package that show the report to people. The token is
// the text of the code on paper, see [Token].
type Pages struct {
	HTML func(r *report.Report, token string) ([]byte, error) // report.html
	PDF  func(r *report.Report, token string) ([]byte, error) // report.pdf

	// Label renders label.pdf; in is nil without a form.
	Label func(r *report.Report, in *intake.Form) ([]byte, error)

	// Fault renders fault.pdf; in is nil without a form, and photo reads a picture of the
	// case. A package without a form and without a fault has no such file, and neither has
	// one whose Fault is nil.
	Fault func(r *report.Report, in *intake.Form, photo func(file string) ([]byte, error), token string) ([]byte, error)
	// Stamp asks for a time stamp of the attestation; nil asks for none.
	Stamp Stamper
}

// Seal writes the report and its pages into the case folder and signs everything there
// that belongs to the package. It removes SHA256SUMS.sig first and writes it last, so
// that a crash leaves a package that reads as not sealed, and never one that verifies
// with parts of two. Sealing the same case again gives the same bytes; the report of a
// case that went on supersedes the report before.
//
// Evidence that is not what [Case.Record] wrote is [ErrBrokenLog] and is not signed.
func Seal(c *casedir.Case, r report.Report, s trust.Signer, p Pages) error {
	if s.IsZero() {
		return trust.ErrNoSigner
	}
	return c.Seal(func(c casedir.Sealing) error {
		w := sealer{c, c.Root(), &r, s, p}
		return w.seal()
	})
}

// Try reads what a seal would be about, and returns why [Seal] would refuse it:
// evidence that is not what [Case.Record] wrote is [ErrBrokenLog]. It writes nothing.
func Try(c *casedir.Case) error {
	return c.Seal(func(c casedir.Sealing) error {
		sums, err := subjects(c.Root())
		if err != nil {
			return err
		}
		if err := c.CheckEvidence(byName(sums)); err != nil {
			return err
		}
		return c.CheckLogEnd()
	})
}

// sealer seals one report.
type sealer struct {
	held   casedir.Sealing
	root   *os.Root
	report *report.Report
	signer trust.Signer
	pages  Pages
}

func (w *sealer) seal() error {
	w.report.Signer = w.signer.Fingerprint()
	if err := w.hasEvidence(); err != nil {
		return err // the package that is there may still verify
	}
	if err := w.fits(); err != nil {
		return err // so may this
	}
	if err := w.held.Unseal(); err != nil {
		return err
	}
	for n := range maxReceipts {
		if err := safefile.Remove(w.root, receiptName(n)); err != nil {
			return err // it was given for another report
		}
	}
	if err := w.supersede(); err != nil {
		return err
	}
	if err := w.writeReport(); err != nil {
		return err
	}
	sums, err := subjects(w.root)
	if err != nil {
		return err
	}
	if err := w.held.CheckEvidence(byName(sums)); err != nil {
		return err
	}
	return w.sign(sums)
}

// hasEvidence checks that each file of the case that a check of a finished step names
// is there: a package that is sealed without one does not verify.
func (w *sealer) hasEvidence() error {
	for _, s := range w.report.Steps {
		if s.State != report.StepDone {
			continue // it may have ended before it wrote the file
		}
		for _, f := range s.Findings {
			for _, ref := range f.Evidence {
				if strings.HasPrefix(ref, casedir.EvidenceDir+"/") {
					continue // CheckEvidence says more of those
				}
				if _, err := w.root.Lstat(ref); err != nil {
					return message.Kind(message.Say("seal.error.evidence", "check", f.ID, "file", ref, "error", message.Of(err)), err)
				}
			}
		}
	}
	return nil
}

// fits checks that the package can be read again by [Verify], before the seal of the
// package that is there is removed.
func (w *sealer) fits() error {
	b, err := report.MarshalFile(w.report)
	if err != nil {
		return err
	}
	if len(b)+maxSupersedes > casedir.MaxReportFile {
		return fmt.Errorf("%s: %w", casedir.ReportName, safefile.ErrTooLarge)
	}
	if s, err := json.Marshal(newPredicate(w.report, nil)); err != nil || base64.StdEncoding.EncodedLen(len(s))+maxSmallFile > casedir.MaxReportFile {
		return errors.Join(err, fmt.Errorf("%s: %w", attestationName, safefile.ErrTooLarge))
	}
	var size int64
	return walk(safefile.In(w.root), func(f found) error {
		if f.kind != kindSubject {
			return nil
		}
		if len(f.name) > maxNameLength || !packageName.MatchString(f.name) {
			return message.Error(message.Say("seal.error.name", "name", strconv.Quote(f.name)), nil)
		}
		info, err := w.root.Lstat(f.name)
		if err != nil {
			return err
		}
		if size += info.Size(); size > casedir.MaxUnpacked {
			return fmt.Errorf("%s: %w", f.name, safefile.ErrTooLarge)
		}
		return nil
	})
}

// maxSupersedes is more than the field supersedes adds to report.json.
const maxSupersedes = 200

// supersede names the report this one replaces, and remembers this one before it
// is written.
func (w *sealer) supersede() error {
	w.report.Supersedes = nil
	bare, err := report.MarshalFile(w.report)
	if err != nil {
		return err
	}
	content := report.Digest(bare)
	w.report.Supersedes = w.held.Superseded(content)
	full, err := report.MarshalFile(w.report)
	if err != nil {
		return err
	}
	return w.held.Remember(content, report.Digest(full))
}

func (w *sealer) writeReport() error {
	b, err := report.MarshalFile(w.report)
	if err != nil {
		return err
	}
	if len(b) > casedir.MaxReportFile {
		return fmt.Errorf("%s: %w", casedir.ReportName, safefile.ErrTooLarge)
	}
	if err := safefile.Write(w.root, casedir.ReportName, b); err != nil {
		return err
	}
	if err := w.writeClaim(); err != nil {
		return err
	}
	token, err := newToken(w.report, report.Digest(b), w.signer)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name   string
		render func(*report.Report, string) ([]byte, error)
	}{{htmlName, w.pages.HTML}, {pdfName, w.pages.PDF}} {
		page, err := f.render(w.report, token)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if err := safefile.Write(w.root, f.name, page); err != nil {
			return err
		}
	}
	return w.writePapers(token)
}

// writePapers writes label.pdf, and fault.pdf or removes one that is not of this report.
func (w *sealer) writePapers(token string) error {
	in, err := w.held.Form(w.report)
	if err != nil {
		return err
	}
	label, err := w.pages.Label(w.report, in)
	if err != nil {
		return fmt.Errorf("%s: %w", casedir.LabelName, err)
	}
	if err := safefile.Write(w.root, casedir.LabelName, label); err != nil {
		return err
	}
	if w.pages.Fault == nil || in == nil && w.report.Fault == nil {
		return safefile.Remove(w.root, casedir.FaultName)
	}
	photo := func(file string) ([]byte, error) { return safefile.Read(safefile.In(w.root), file, picture.MaxBytes) }
	b, err := w.pages.Fault(w.report, in, photo, token)
	if err != nil {
		return fmt.Errorf("%s: %w", casedir.FaultName, err)
	}
	return safefile.Write(w.root, casedir.FaultName, b)
}

// writeClaim writes claim.txt, or removes one that is not of this report.
func (w *sealer) writeClaim() error {
	text, err := w.held.Claim(w.report)
	switch {
	case err != nil:
		return err
	case text == nil:
		return safefile.Remove(w.root, casedir.ClaimName)
	}
	return safefile.Write(w.root, casedir.ClaimName, text)
}

// subjects digests everything that the attestation states, in order of name.
func subjects(root *os.Root) ([]sum, error) {
	var sums []sum
	in, room := safefile.In(root), int64(casedir.MaxUnpacked) // what could not be verified is not sealed
	err := walk(in, func(f found) error {
		if f.kind != kindSubject {
			return nil // written below, or not ours: Verify will name it
		}
		if len(f.name) > maxNameLength || !packageName.MatchString(f.name) {
			return message.Error(message.Say("seal.error.name", "name", strconv.Quote(f.name)), nil)
		}
		d, size, err := casedir.DigestWithin(in, f.name, room)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		room -= size
		sums = append(sums, sum{f.name, d})
		return nil
	})
	sort.Slice(sums, func(i, j int) bool { return sums[i].name < sums[j].name })
	return sums, err
}

// sign writes everything that follows from the subjects, the signature last.
func (w *sealer) sign(sums []sum) error {
	r, s := w.report, w.signer
	attestation, err := attest(r, sums, s, w.stamp)
	if err != nil {
		return err
	}
	text, err := howToVerify(r)
	if err != nil {
		return err
	}
	pem, err := s.PEM()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{
		{attestationName, attestation},
		{howName, text},
		{pubName, ssh.MarshalAuthorizedKey(s.PublicKey())},
		{pemName, pem},
	} {
		if err := safefile.Write(w.root, f.name, f.data); err != nil {
			return err
		}
		sums = append(sums, sum{f.name, report.Digest(f.data)})
	}
	sort.Slice(sums, func(i, j int) bool { return sums[i].name < sums[j].name })
	list := formatSums(sums)
	if err := safefile.Write(w.root, sumsName, list); err != nil {
		return err
	}
	sig, err := s.SignFile(list)
	if err != nil {
		return err
	}
	return safefile.Write(w.root, casedir.SigName, sig)
}
