package seal

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/crypto/ssh"

	"preship/report"
	"preship/report/bundle"
	"preship/report/casedir"
	"preship/report/message"
	"preship/report/trust"
)

// PredicateType names what the attestation states. It is what
// `cosign verify-blob-attestation --type` is given.
const PredicateType = "urn:preship:attestation:pre-shipment:v1"

// statement is an in-toto Statement v1. One statement has every file as a
// subject, because of a list of statements single ones could be taken away.
type statement struct {
	Type          string           `json:"_type"`
	Subject       []bundle.Subject `json:"subject"`
	PredicateType string           `json:"predicateType"`
	Predicate     Predicate        `json:"predicate"`
}

// Predicate repeats from the report what a policy engine decides on.
type Predicate struct {
	ReportID     string               `json:"reportId"`
	Supersedes   *string              `json:"supersedes"`
	Verdict      report.Verdict       `json:"verdict"`
	Emulated     bool                 `json:"emulated"`
	Tool         report.Tool          `json:"tool"`
	Target       *target              `json:"target"` // nil: never identified
	StartedOn    time.Time            `json:"startedOn"`
	FinishedOn   time.Time            `json:"finishedOn"`
	Result       string               `json:"result"` // PASSED, WARNED or FAILED, as in-toto's test-result has it
	PassedTests  []string             `json:"passedTests"`
	WarnedTests  []string             `json:"warnedTests"`
	FailedTests  []string             `json:"failedTests"`
	UnknownTests []string             `json:"unknownTests"`
	SkippedTests []string             `json:"skippedTests"`
	Checks       []statedCheck        `json:"checks"`
	Rung         report.Rung          `json:"rung"`
	Backup       *statedBackup        `json:"backup"` // nil: that step made nothing
	Sanitization *report.Sanitization `json:"sanitization"`
	Materials    []bundle.Subject     `json:"materials"` // statements of people, beside the handset's answers
}

// statedCheck is a finding without the advice to a person.
type statedCheck struct {
	ID       string        `json:"id"`
	Status   report.Status `json:"status"`
	Method   report.Method `json:"method"`
	Observed string        `json:"observed"`
	Evidence []string      `json:"evidence"`
	At       time.Time     `json:"at"`
}

type statedBackup struct {
	Files    report.Tally    `json:"files"`
	Bytes    report.Tally    `json:"bytes"`
	Manifest *bundle.Subject `json:"manifest"` // nil: the package has no manifest
}

type target struct {
	Kind         string        `json:"kind"`
	Manufacturer *string       `json:"manufacturer"`
	Model        *string       `json:"model"`
	Codename     *string       `json:"codename"`
	Serial       string        `json:"serial"`
	SN           *report.SN    `json:"sn"`
	IMEI         []report.IMEI `json:"imei"`
}

func newStatement(r *report.Report, sums []sum) statement {
	s := statement{Type: bundle.StatementType, PredicateType: PredicateType, Predicate: newPredicate(r, sums)}
	for _, f := range sums {
		s.Subject = append(s.Subject, f.subject())
	}
	return s
}

func (s sum) subject() bundle.Subject {
	return bundle.Subject{Name: s.name, Digest: map[string]string{"sha256": s.sha256}}
}

func newPredicate(r *report.Report, sums []sum) Predicate {
	p := Predicate{
		ReportID: r.ID, Supersedes: r.Supersedes, Verdict: r.Verdict, Emulated: r.Emulated, Tool: r.Tool,
		StartedOn: r.Started, FinishedOn: r.Finished, Rung: r.Rung, Sanitization: r.Sanitization,
		PassedTests: []string{}, WarnedTests: []string{}, FailedTests: []string{},
		UnknownTests: []string{}, SkippedTests: []string{}, Checks: []statedCheck{}, Materials: []bundle.Subject{},
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
	case r.Verdict != report.VerdictReady:
		p.Result = "FAILED"
	case len(p.WarnedTests)+len(p.UnknownTests) > 0:
		p.Result = "WARNED"
	default:
		p.Result = "PASSED"
	}
	return p
}

func (p *Predicate) addFindings(r *report.Report) {
	lists := map[report.Status]*[]string{
		report.StatusPass: &p.PassedTests, report.StatusWarn: &p.WarnedTests, report.StatusFail: &p.FailedTests,
		report.StatusUnknown: &p.UnknownTests, report.StatusSkipped: &p.SkippedTests,
	}
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			list := lists[f.Status]
			if list == nil {
				list = &p.UnknownTests
			}
			*list = append(*list, f.ID)
			p.Checks = append(p.Checks, statedCheck{f.ID, f.Status.OrUnknown(), f.Method, f.Observed, append([]string{}, f.Evidence...), f.At})
		}
	}
}

func (p *Predicate) addFiles(r *report.Report, sums []sum) {
	if r.Backup != nil {
		p.Backup = &statedBackup{Files: r.Backup.Files, Bytes: r.Backup.Bytes}
	}
	for _, s := range sums {
		f := s.subject()
		switch {
		case s.name == casedir.ManifestName && p.Backup != nil:
			p.Backup.Manifest = &f
		case s.name == casedir.IntakeName || s.name == casedir.ClaimName || s.name == casedir.FaultName:
			p.Materials = append(p.Materials, f)
		}
	}
}

// attest signs a statement about the files.
func attest(r *report.Report, sums []sum, s trust.Signer, stamp Stamper) ([]byte, error) {
	return bundle.Sign(newStatement(r, sums), s, stamp)
}

// checkAttestation returns the statement when the bundle is one of ours and
// signed by key.
func checkAttestation(b []byte, key ssh.PublicKey) (statement, error) {
	payload, err := bundle.Open(b, key)
	if err != nil {
		return statement{}, err
	}
	var s statement
	if err := json.Unmarshal(payload, &s); err != nil {
		return statement{}, fmt.Errorf("%w: %w", bundle.ErrAttestation, err)
	}
	if key := bundle.UnclearKey(payload, s); key != "" {
		return statement{}, message.Detail(bundle.ErrAttestation, message.Say("error.detail.key", "key", strconv.Quote(key)))
	}
	if s.Type != bundle.StatementType || s.PredicateType != PredicateType {
		return statement{}, message.Detail(bundle.ErrAttestation, message.Say("error.detail.states", "statement", strconv.Quote(s.PredicateType), "type", strconv.Quote(s.Type)))
	}
	return s, nil
}
