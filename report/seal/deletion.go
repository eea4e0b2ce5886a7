package seal

import (
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"

	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/deletion"
	"preship/report/message"
	"preship/report/safefile"
	"preship/report/timestamp"
	"preship/report/trust"
)

// Deleted is the result of checking a deletion statement whose signature is good.
type Deleted struct {
	File      string         `json:"file"`   // in the package, or beside it
	Signer    string         `json:"signer"` // fingerprint
	Principal string         `json:"principal,omitempty"`
	Trust     trust.Level    `json:"trust"`
	Key       trust.Standing `json:"key,omitempty"`
	Time      *bundle.Stamp  `json:"time,omitempty"` // nil: no authority was asked
	// About says which backup the statement is about: this, that of the report; earlier, one
	// that the case had before; or unknown, without a report to compare with.
	About string `json:"about"`
	// OtherReport says that the report was sealed again since.
	OtherReport bool `json:"other_report,omitempty"`
	// Stated is what the statement states.
	Stated deletion.Predicate `json:"stated"`
}

// Which backup a deletion statement is about.
const (
	AboutThis    = "this"
	AboutEarlier = "earlier"
	AboutUnknown = "unknown"
)

// checkDeletions checks the deletion statements of the package, and one beside it.
func (v *verifier) checkDeletions(path string) {
	for _, f := range append(deletion.In(v.in), v.besides(path)...) {
		v.checkDeletion(f)
	}
}

// besides reads the deletion statement of the case beside a folder or a ZIP file.
func (v *verifier) besides(path string) []deletion.File {
	if v.result.ID == "" || path == "" {
		return nil
	}
	root, err := os.OpenRoot(filepath.Dir(filepath.Clean(path)))
	if err != nil {
		return nil // the package was opened: files beside it do not count
	}
	defer root.Close()
	return deletion.Beside(safefile.In(root), v.result.ID)
}

func (v *verifier) checkDeletion(f deletion.File) {
	if f.Err != nil {
		v.problem(f.Name, message.Say("seal.problem.invalid", "error", message.Of(f.Err)))
		return
	}
	d := deletedOf(f, v.options, func(what message.Sentence) { v.problem(f.Name, what) })
	manifest, listed := v.known[casedir.ManifestName]
	switch {
	case v.result.ID == "":
	case f.CaseID != v.result.ID:
		v.problem(f.Name, message.Say("seal.problem.other-case", "case", f.CaseID))
	case listed && manifest == f.Manifest:
		d.About, d.OtherReport = AboutThis, f.Report != v.present[casedir.ReportName]
	default:
		d.About = AboutEarlier
	}
	v.result.Deletions = append(v.result.Deletions, d)
}

// deletedOf judges the key of a statement, and calls problem if it does not count.
func deletedOf(f deletion.File, o VerifyOptions, problem func(message.Sentence)) Deleted {
	var stamp *bundle.Stamp
	roots, err := timestamp.ParseRoots(o.TimeRoots)
	if err == nil {
		stamp, err = bundle.StampIn(f.Raw, roots)
	}
	if err != nil {
		problem(message.Say("seal.problem.invalid", "error", message.Of(err)))
	}
	j := o.Judge(f.Key, stamp.TrustedAt())
	name := ssh.FingerprintSHA256(f.Key)
	if !j.Problem.Empty() {
		problem(j.Problem)
	} else if o.RequireTrust && !j.Standing.Trusted() {
		problem(message.Say("seal.trust.problem.untrusted", "key", name))
	}
	return Deleted{
		File: f.Name, Signer: name, Principal: j.Principal, Trust: j.Level, Key: j.Standing, Time: stamp,
		About: AboutUnknown, Stated: f.Predicate,
	}
}

// verifyDeletion checks a deletion statement alone, without the report that it is about.
func verifyDeletion(path string, o VerifyOptions) (Result, error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return Result{}, err
	}
	defer root.Close()
	v := verifier{options: o, result: newResult(path), blamed: map[string]bool{}}
	f := deletion.File{Name: filepath.Base(path)}
	f.Raw, f.Err = safefile.Read(safefile.In(root), f.Name, deletion.MaxFile)
	if f.Err == nil {
		f.Statement, f.Err = deletion.Read(f.Raw)
	}
	v.checkDeletion(f)
	if o.IMEI != "" || o.Policy != nil {
		v.problem(f.Name, message.Say("seal.problem.statement-alone"))
	}
	v.result.Statement = true
	if len(v.result.Deletions) == 1 {
		d := v.result.Deletions[0]
		v.result.Signer, v.result.Principal, v.result.Trust, v.result.Key = d.Signer, d.Principal, d.Trust, d.Key
	}
	v.result.OK = len(v.result.Problems) == 0
	return v.result, nil
}

// Deletion returns the newest good statement that the backup of the report was deleted,
// nil if there is none.
func (r Result) Deletion() *Deleted {
	var newest *Deleted
	for i := range r.Deletions {
		d := &r.Deletions[i]
		if d.About == AboutThis && (newest == nil || d.Stated.FinishedOn.After(newest.Stated.FinishedOn)) {
			newest = d
		}
	}
	return newest
}
