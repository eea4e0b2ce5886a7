package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"preship/report"
	"preship/report/message"
)

// Schema names the version of a policy.
const Schema = "urn:preship:policy:v1"

// ErrInvalid is a policy that cannot be put to a report as it is written.
var ErrInvalid = message.Error(message.Say("policy.invalid"), nil)

// Policy is what a desk or a bench asks of a report beyond its verdict. It is
// judged beside the report and changes nothing in it: a policy can ask for more
// than the verdict does, and never makes anything pass. A field that is left out
// asks nothing, but for the verdict: that must be READY.
type Policy struct {
	Schema string `json:"schema"`
	Name   string `json:"name,omitempty"`
	// AnyVerdict lets the rules alone decide, for a job whose every step is done.
	// It is for benches: kind must be emulator.
	AnyVerdict   bool        `json:"any_verdict,omitempty"`
	Kind         string      `json:"kind,omitempty"`          // KindDevice or KindEmulator
	Rung         report.Rung `json:"rung,omitempty"`          // this one, or a higher one
	BackupProved bool        `json:"backup_proved,omitempty"` // the data was saved and proved, not explicitly refused
	MaxAge       string      `json:"max_age,omitempty"`       // since the job's last step ended; such as 72h
	Checks       []Check     `json:"checks,omitempty"`

	maxAge time.Duration
}

// Check is the requirement for the checks whose ID is or begins with ID. Where
// several name a check, the longest ID decides.
type Check struct {
	ID      string        `json:"id"` // such as account.mi.signed-out, or account.*
	Require Requirement   `json:"require"`
	Method  report.Method `json:"method,omitempty"`   // how it was seen: observed, or inferred at least
	IfAsked bool          `json:"if_asked,omitempty"` // no objection where it was not asked, or skipped
}

// Requirement is how good an answer must be.
type Requirement string

const (
	RequirePass   Requirement = "pass"
	RequireWarn   Requirement = "warn"   // pass or warn
	RequireIgnore Requirement = "ignore" // any, or no accepted value: the rules for shorter IDs do not count
)

// Parse reads a policy. Unknown fields and checks are errors,
// [ErrInvalid]: a rule that is misspelt would hold for nothing. known are the IDs
// of all checks there are.
func Parse(b []byte, known []string) (Policy, error) {
	var p Policy
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Policy{}, fmt.Errorf("%w: %w", ErrInvalid, message.OfJSON(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Policy{}, fmt.Errorf("%w: %w", ErrInvalid, message.Error(message.Say("policy.invalid.more"), nil))
	}
	if err := errors.Join(p.check(), p.checkIDs(known)); err != nil {
		return Policy{}, err
	}
	return p, nil
}

func (p *Policy) check() error {
	var wrong []error
	bad := func(what message.Sentence) {
		wrong = append(wrong, fmt.Errorf("%w: %w", ErrInvalid, message.Error(what, nil)))
	}
	if p.Schema != Schema {
		bad(message.Say("policy.invalid.schema", "schema", strconv.Quote(p.Schema), "known", Schema))
	}
	if p.Kind != "" && p.Kind != report.KindDevice && p.Kind != report.KindEmulator {
		bad(message.Say("policy.invalid.kind", "value", strconv.Quote(p.Kind), "kinds", []string{report.KindDevice, report.KindEmulator}))
	}
	if p.AnyVerdict && p.Kind != report.KindEmulator {
		bad(message.Say("policy.invalid.any-verdict", "kind", report.KindEmulator))
	}
	if p.Rung != "" && p.Rung.Height() == 0 {
		bad(message.Say("policy.invalid.rung", "value", strconv.Quote(string(p.Rung)), "highest", string(report.RungObservedClean)))
	}
	if p.MaxAge != "" {
		var err error
		if p.maxAge, err = time.ParseDuration(p.MaxAge); err != nil || p.maxAge <= 0 {
			bad(message.Say("policy.invalid.max-age", "value", strconv.Quote(p.MaxAge)))
		}
	}
	for _, c := range p.Checks {
		if !slices.Contains([]Requirement{RequirePass, RequireWarn, RequireIgnore}, c.Require) {
			bad(message.Say("policy.invalid.require", "check", c.ID, "value", strconv.Quote(string(c.Require)), "values", []string{string(RequirePass), string(RequireWarn), string(RequireIgnore)}))
		}
		if c.Method != "" && c.Method != report.MethodObserved && c.Method != report.MethodInferred {
			bad(message.Say("policy.invalid.method", "check", c.ID, "value", strconv.Quote(string(c.Method)), "values", []string{string(report.MethodObserved), string(report.MethodInferred)}))
		}
	}
	return errors.Join(wrong...)
}

func (p *Policy) checkIDs(known []string) error {
	var wrong []error
	seen := map[string]bool{}
	for _, c := range p.Checks {
		switch {
		case seen[c.ID]:
			wrong = append(wrong, fmt.Errorf("%w: %w", ErrInvalid, message.Error(message.Say("policy.invalid.twice", "check", c.ID), nil)))
		case !slices.ContainsFunc(known, c.names):
			wrong = append(wrong, fmt.Errorf("%w: %w", ErrInvalid, message.Error(message.Say("policy.invalid.no-check", "check", strconv.Quote(c.ID)), nil)))
		}
		seen[c.ID] = true
	}
	return errors.Join(wrong...)
}

// names says whether the rule is about the check of this ID.
func (c Check) names(id string) bool {
	if begin, ok := strings.CutSuffix(c.ID, "*"); ok {
		return begin != "" && strings.HasPrefix(id, begin)
	}
	return c.ID == id
}
