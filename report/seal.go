package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"preship/report/safefile"
)

// ErrNoSigner: the signer is the zero value.
var ErrNoSigner = errors.New("no signer")

// Seal writes the report into the case folder and signs everything there that
// belongs to the package. SHA256SUMS.sig is taken away first and written last,
// so that a crash leaves a package that reads as not sealed, never one that
// verifies with parts of two. Sealing the same case again gives the same bytes;
// sealing a case that went on supersedes the report before.
//
// Evidence that is not what [Case.Record] wrote is [ErrBrokenLog]: it is not
// made good by a signature.
func Seal(c *Case, r Report, s Signer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.key == nil {
		return ErrNoSigner
	}
	r.Signer = s.Fingerprint()
	if err := c.hasWhatChecksRestOn(&r); err != nil {
		return err // the package that is there may still verify
	}
	if err := c.unseal(); err != nil {
		return err
	}
	if err := safefile.Remove(c.root, countersignName); err != nil {
		return err // it was given for another report
	}
	for _, dir := range []string{".", evidenceDir} {
		if err := safefile.RemoveTemps(c.root, dir); err != nil {
			return err
		}
	}
	if err := c.supersede(&r); err != nil {
		return err
	}
	if err := c.writeReport(&r, s); err != nil {
		return err
	}
	sums, err := c.subjects()
	if err != nil {
		return err
	}
	if err := checkEvidence(safefile.In(c.root), c.id, sums); err != nil {
		return err
	}
	return c.sign(&r, sums, s)
}

// hasWhatChecksRestOn sees that each file of the case that a check of a finished
// step names is there: a package that is sealed without one does not verify.
func (c *Case) hasWhatChecksRestOn(r *Report) error {
	for _, s := range r.Steps {
		if s.State != StepDone {
			continue // it may have ended before it wrote the file
		}
		for _, f := range s.Findings {
			for _, ref := range f.Evidence {
				if strings.HasPrefix(ref, evidenceDir+"/") {
					continue // checkEvidence says more of those
				}
				if _, err := c.root.Lstat(ref); err != nil {
					return fmt.Errorf("no report is sealed: %s rests on %s, which cannot be read (%w); put that file back into the case folder", f.ID, ref, err)
				}
			}
		}
	}
	return nil
}

// supersede names the report this one replaces, and remembers this one before it
// is written: an attempt must not vanish by crashing.
func (c *Case) supersede(r *Report) error {
	r.Supersedes = nil
	bare, err := marshalFile(r)
	if err != nil {
		return err
	}
	record := sealRecord{Content: digest(bare)}
	seals := c.file.Seals
	if n := len(seals); n > 0 && seals[n-1].Content == record.Content {
		seals = seals[:n-1] // the same report once more replaces nothing new
	}
	if n := len(seals); n > 0 {
		r.Supersedes = &seals[n-1].Report
	}
	full, err := marshalFile(r)
	if err != nil {
		return err
	}
	record.Report = digest(full)
	return c.update(func(f *caseFile) { f.Seals = append(slices.Clone(seals), record) })
}

func (c *Case) writeReport(r *Report, s Signer) error {
	b, err := marshalFile(r)
	if err != nil {
		return err
	}
	if len(b) > maxReportFile {
		return fmt.Errorf("%s: %w", reportName, safefile.ErrTooLarge)
	}
	if err := safefile.Write(c.root, reportName, b); err != nil {
		return err
	}
	if err := c.writeClaim(r); err != nil {
		return err
	}
	token, err := newToken(r, digest(b), s)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name   string
		render func(*Report, string) ([]byte, error)
	}{{htmlName, renderHTML}, {pdfName, renderPDF}, {labelName, renderLabel}} {
		page, err := f.render(r, token)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if err := safefile.Write(c.root, f.name, page); err != nil {
			return err
		}
	}
	return nil
}

// writeClaim writes claim.txt when somebody filled in the form this report was
// built with; one that belongs to no such form goes. A form about another handset
// makes no claim, also where it came into the case after the report was built.
func (c *Case) writeClaim(r *Report) error {
	in, ok, err := c.intake()
	if err != nil {
		return err
	}
	if !ok || r.Ticket == nil || r.otherHandset(in) {
		return safefile.Remove(c.root, claimName)
	}
	text, err := renderClaim(in, r)
	if err != nil {
		return err
	}
	return safefile.Write(c.root, claimName, text)
}

// subjects digests everything the attestation is about, in order of name.
func (c *Case) subjects() ([]sum, error) {
	var sums []sum
	room := int64(maxUnpacked) // what could not be verified is not sealed
	err := walk(safefile.In(c.root), func(f found) error {
		if f.kind != kindSubject {
			return nil // written below, or not ours: Verify will name it
		}
		if len(f.name) > maxNameLength || !packageName.MatchString(f.name) {
			return fmt.Errorf("%q cannot be part of a package: rename it", f.name)
		}
		d, size, err := digestWithin(safefile.In(c.root), f.name, room)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		room -= size
		sums = append(sums, sum{f.name, d})
		return nil
	})
	slices.SortFunc(sums, func(a, b sum) int { return strings.Compare(a.name, b.name) })
	return sums, err
}

// sign writes everything that follows from the subjects, the signature last.
func (c *Case) sign(r *Report, sums []sum, s Signer) error {
	attestation, err := attest(r, sums, s)
	if err != nil {
		return err
	}
	text, err := howToVerify(r)
	if err != nil {
		return err
	}
	pem, err := publicPEM(s.PublicKey())
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
		if err := safefile.Write(c.root, f.name, f.data); err != nil {
			return err
		}
		sums = append(sums, sum{f.name, digest(f.data)})
	}
	slices.SortFunc(sums, func(a, b sum) int { return strings.Compare(a.name, b.name) })
	list := formatSums(sums)
	if err := safefile.Write(c.root, sumsName, list); err != nil {
		return err
	}
	sig, err := sshsig.Sign(bytes.NewReader(list), s.key, sshsig.HashSHA512, Namespace)
	if err != nil {
		return err
	}
	return safefile.Write(c.root, sigName, sshsig.Armor(sig))
}

// WriteFile replaces a file of the case such as backup.manifest.json: a crash
// leaves the old bytes or the new ones. The name is relative to the case folder,
// and its folder exists.
func (c *Case) WriteFile(name string, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !fs.ValidPath(name) || path.Clean(name) == "." {
		return &fs.PathError{Op: "write", Path: name, Err: fs.ErrInvalid}
	}
	if err := c.unseal(); err != nil {
		return err
	}
	return safefile.Write(c.root, name, data)
}
