package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/policy"
	"preship/report/printable"
	"preship/report/safefile"
	"preship/report/trust"
)

// Result is the answer about a package: the object `preship report verify
// --json` prints.
type Result struct {
	Path      string         `json:"path"`
	OK        bool           `json:"ok"` // there is no problem
	Problems  []Problem      `json:"problems"`
	Signer    string         `json:"signer"` // fingerprint of the key whose signature is good; "" if no signature is
	Principal string         `json:"principal,omitempty"`
	Trust     trust.Level    `json:"trust"`
	Key       trust.Standing `json:"key,omitempty"` // the entry of that key; "" if no signature is good
	// OtherKeys are the fingerprints of further keys that are trusted under the same name.
	OtherKeys []string       `json:"other_keys,omitempty"`
	Verdict   report.Verdict `json:"verdict"` // as the report says; "" when it was changed or cannot be read
	IMEI      []string       `json:"imei"`
	ID        string         `json:"id"` // of the report
	Emulated  bool           `json:"emulated"`
	About
	// Withheld are files with personal data that were left out or deleted, as they
	// may be: their digests are signed, their content cannot be checked here.
	Withheld []string `json:"withheld"`
	// Ignored are files that computers add to a folder or a ZIP file. No signature covers
	// them, and nothing was read in them.
	Ignored []string `json:"ignored,omitempty"`
	// Outside are files of the owner that a ZIP file holds beside the package, such as the
	// saved data. No signature covers them, and the desk does not need them.
	Outside       []string       `json:"outside,omitempty"`
	Countersigned *Countersigned `json:"countersigned"` // the last receipt; nil: not countersigned
	// Receipts are the countersignatures, first to last. Each covers those before it.
	Receipts []Countersigned `json:"receipts,omitempty"`
	// Deletions are the statements that saved data of the case was deleted.
	Deletions []Deleted `json:"deletions,omitempty"`
	// Statement says that this is a deletion statement alone, and no package.
	Statement bool `json:"statement,omitempty"`
	// Pages says whether the pages are those of the report; nil: not asked, or not signed.
	Pages *PageCheck `json:"pages,omitempty"`
	// Time is the time stamp of the attestation; nil: no authority was asked.
	Time *bundle.Stamp `json:"time,omitempty"`
	// Policy is the ruling of the given policy; nil: no policy was given, or the
	// package does not verify.
	Policy *policy.Ruling `json:"policy,omitempty"`
	// Retention records the handing back and deletion of the saved data beside the package;
	// nil: not handed back, or not checked. It is no part of the seal.
	Retention *casedir.Retention `json:"retention,omitempty"`
	// IMEICheck is the comparison with the given IMEI; nil: no IMEI was given.
	IMEICheck *IMEICheck `json:"imei_check,omitempty"`

	intact bool // but for the handset it is about
}

// Problem names a file and its defect.
type Problem struct {
	File string `json:"file"` // relative to the package; a folder ends in /
	What string `json:"what"`
	// Message is the sentence of What.
	Message *message.Sentence `json:"message,omitempty"`
	// Missing says that the package has no such file.
	Missing bool `json:"-"`
}

// VerifyOptions says whom to trust and what else to require. The zero value checks
// integrity only.
type VerifyOptions struct {
	// Lists are the keys that count. A package signed by a key that is not among the
	// AllowedSigners has a problem, if they are given.
	trust.Lists
	Policy *policy.Policy // applied to every report that verifies; may be nil
	// RequireTrust makes a package a problem unless its key is this installation's or an allowed signer's.
	RequireTrust bool
	// Pages draws the pages again, and Tool is the program that does. The pages are not
	// looked at if Pages is empty.
	Pages Pages
	Tool  report.Tool
	IMEI  string // 15 digits, of the handset the package must be about; "" is any
}

// Verify checks a package, a folder or a ZIP file: that every file is the signed one,
// that no file is missing or added, and that its parts agree. The defects
// of the package are in the result; an error means that it could not be
// looked at. Nothing is written, no symbolic link is followed, and memory stays
// bounded whatever the package.
func Verify(path string, o VerifyOptions) (Result, error) {
	res, _, err := Read(path, o)
	return res, err
}

// Read verifies a package as [Verify] does, and returns its report.json as it was signed,
// nil if it was changed or cannot be read.
func Read(path string, o VerifyOptions) (Result, []byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Result{}, nil, err
	}
	switch {
	case !info.IsDir() && strings.EqualFold(filepath.Ext(path), ".json"):
		res, err := verifyDeletion(path, o)
		return res, nil, err
	case !info.IsDir():
		return verifyZIP(path, o)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return Result{}, nil, err
	}
	defer root.Close()
	v, err := verifyFolder(safefile.In(root), path, o)
	return v.result, v.raw, err
}

// Finished is the [Verifier] of a case: an error unless its report verifies, without
// regard to who signed it, and says READY or NOT READY. A report that does not verify is
// [ErrUnverified].
func Finished(root *os.Root, dir string) error {
	res, err := verifyIn(safefile.In(root), dir, VerifyOptions{})
	switch {
	case err != nil:
		return err
	case !res.OK:
		return fmt.Errorf("%w: %s: %s", ErrUnverified, res.Problems[0].File, res.Problems[0].What)
	case res.Verdict != report.VerdictReady && res.Verdict != report.VerdictNotReady:
		return message.Detail(casedir.ErrUnfinished, message.Say("error.detail.verdict", "verdict", string(res.Verdict)))
	}
	return nil
}

func newResult(path string) Result {
	return Result{Path: path, Trust: trust.None, Problems: []Problem{}, IMEI: []string{}, Withheld: []string{}}
}

func verifyIn(in safefile.Folder, path string, o VerifyOptions) (Result, error) {
	v, err := verifyFolder(in, path, o)
	return v.result, err
}

func verifyFolder(in safefile.Folder, path string, o VerifyOptions) (verifier, error) {
	if o.At.IsZero() {
		o.At = time.Now()
	}
	v := verifier{in: in, options: o, result: newResult(path), blamed: map[string]bool{}}
	if err := v.list(); err != nil {
		return verifier{}, err
	}
	v.checkSignature()
	v.checkAttestation()
	v.checkKeys()
	v.checkFiles()
	v.checkReport()
	v.checkTrust()
	v.result.About = aboutOf(v.report, v.present[casedir.ReportName], v.result.Time, o.At)
	v.checkReceipts()
	v.checkDeletions(path)
	v.checkIMEI()
	v.checkPages()
	sort.SliceStable(v.result.Problems, func(i, j int) bool { return v.result.Problems[i].File < v.result.Problems[j].File })
	v.result.OK = len(v.result.Problems) == 0
	if v.result.OK && o.Policy != nil && v.report != nil {
		ruling := o.Policy.Judge(v.report, o.At)
		v.result.Policy = &ruling
	}
	return v, nil
}

// verifier carries what one check found to the next.
type verifier struct {
	in      safefile.Folder
	options VerifyOptions
	result  Result

	present map[string]string // digest of each regular file of the package
	sums    []sum             // as in SHA256SUMS; nil when that cannot be read
	key     ssh.PublicKey     // whose signature SHA256SUMS.sig says it is; nil when it says nothing
	signed  bool              // and it is good
	raw     []byte            // report.json, if report is not nil
	report  *report.Report    // as it was signed; nil when it cannot be read
	stated  *statement        // the attestation; nil when it cannot be believed
	known   map[string]string // the digests to believe, by name
	blamed  map[string]bool   // the files that have a problem
}

// maxProblems bounds how many problems a result names: whoever wrote the package
// decides how many it has.
const maxProblems = 1000

// maxIgnored bounds how many files without a signature a result names.
const maxIgnored = 20

func (v *verifier) problem(file string, what message.Sentence) { v.add(problemOf(file, what)) }

func problemOf(file string, what message.Sentence) Problem {
	what = what.Map(printable.Text)
	return Problem{File: printable.Text(file), What: what.String(), Message: &what}
}

// Sentence returns the defect, as part of another sentence.
func (p Problem) Sentence() message.Sentence { return message.Signed(p.What, p.Message) }

func (p Problem) same(o Problem) bool { return p.File == o.File && p.What == o.What }

// missing names a file that the package should have.
func (v *verifier) missing(file string) {
	p := problemOf(file, message.Say("seal.problem.missing"))
	p.Missing = true
	v.add(p)
}

func (v *verifier) add(p Problem) {
	v.blamed[p.File] = true
	switch n := len(v.result.Problems); {
	case n > maxProblems || slices.ContainsFunc(v.result.Problems, p.same):
	case n == maxProblems:
		v.result.Problems = append(v.result.Problems, problemOf("", message.Say("seal.problem.more")))
	default:
		v.result.Problems = append(v.result.Problems, p)
	}
}

// named reports whether a file has a problem, which may be past those in the result.
func (v *verifier) named(file string) bool { return v.blamed[file] }

// list digests the files that are there and names those that do not belong there.
func (v *verifier) list() error {
	v.present = map[string]string{}
	room := int64(casedir.MaxUnpacked)
	return walk(v.in, func(f found) error {
		switch {
		case f.kind == kindIgnored:
			if len(v.result.Ignored) < maxIgnored {
				v.result.Ignored = append(v.result.Ignored, printable.Text(f.name))
			}
			return nil
		case f.mode.IsDir():
			v.problem(f.name+"/", message.Say("seal.problem.foreign"))
			return nil
		case f.kind == kindExtra:
			v.problem(f.name, message.Say("seal.problem.foreign"))
			return nil
		}
		d, size, err := casedir.DigestWithin(v.in, f.name, room)
		room -= size
		if errors.Is(err, safefile.ErrNotRegular) {
			v.problem(f.name, message.Say("seal.problem.not-file"))
			return nil
		}
		if errors.Is(err, errDamaged) || errors.Is(err, safefile.ErrTooLarge) {
			v.problem(f.name, message.Say("seal.problem.unreadable", "error", message.Of(err)))
			return nil
		}
		if err != nil {
			return err
		}
		v.present[f.name] = d
		return nil
	})
}

// read returns a file's bytes, or names why not.
func (v *verifier) read(name string, limit int64) ([]byte, bool) {
	b, err := safefile.Read(v.in, name, limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.missing(name)
	case err != nil && !v.named(name):
		v.problem(name, message.Say("seal.problem.unreadable", "error", message.Of(err)))
	}
	return b, err == nil
}

// checkReport reads what the report says, and that it agrees with the rest. A
// report that was changed is not quoted.
func (v *verifier) checkReport() {
	if v.named(casedir.ReportName) {
		return
	}
	b, ok := v.read(casedir.ReportName, casedir.MaxReportFile)
	if !ok {
		return
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil || r.Schema != report.Schema {
		v.problem(casedir.ReportName, message.Say("seal.problem.schema", "schema", report.Schema))
		return
	}
	if key := bundle.UnclearKey(b, r); key != "" {
		v.problem(casedir.ReportName, message.Say("seal.problem.unclear-key", "key", strconv.Quote(key)))
		return
	}
	report.Tidy(&r)
	v.report, v.raw = &r, b
	if judged := r.Judged(); r.Verdict == report.VerdictReady && (judged != r.Verdict || len(r.Reasons) > 0) {
		v.problem(casedir.ReportName, message.Say("seal.problem.verdict", "verdict", r.Verdict.Word(), "judged", judged.Word()))
	}
	v.result.Verdict, v.result.ID, v.result.Emulated = r.Verdict, r.ID, r.Emulated
	v.result.Ignored = slices.DeleteFunc(v.result.Ignored, func(name string) bool { return name == casedir.ParcelName(r.ID) })
	if r.Handset != nil {
		for _, i := range r.Handset.IMEI {
			v.result.IMEI = append(v.result.IMEI, i.Value)
		}
	}
	if v.signed && r.Signer != v.result.Signer {
		v.problem(casedir.ReportName, message.Say("seal.problem.other-signer"))
	}
	if s := v.stated; s != nil && (s.Predicate.ReportID != r.ID || s.Predicate.Verdict != r.Verdict) {
		v.problem(attestationName, message.Say("seal.problem.other-report"))
	}
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			for _, ref := range f.Evidence {
				if _, ok := v.present[ref]; !ok && !v.named(ref) && !slices.Contains(v.result.Withheld, ref) {
					v.problem(ref, message.Say("seal.problem.evidence", "check", f.ID))
				}
			}
		}
	}
	v.checkLog(r.ID)
}

func (v *verifier) checkLog(id string) {
	err := casedir.CheckEvidence(v.in, id, v.present)
	if err == nil || v.named(casedir.LogName) || v.evidenceNamed() {
		return // the broken file is named already
	}
	v.problem(casedir.LogName, message.Of(err))
}

func (v *verifier) evidenceNamed() bool {
	for name := range v.blamed {
		if strings.HasPrefix(name, casedir.EvidenceDir+"/") {
			return true
		}
	}
	return false
}
