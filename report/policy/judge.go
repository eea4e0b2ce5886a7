package policy

import (
	"slices"
	"strings"
	"time"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Ruling is a policy put to a report: what `--policy` adds to an answer.
type Ruling struct {
	Policy string  `json:"policy"` // its name
	Met    bool    `json:"met"`    // every rule holds
	Rules  []Ruled `json:"rules"`  // the requirements, in the order of the policy
}

// Ruled is one rule and one thing it was asked of.
type Ruled struct {
	Rule  string `json:"rule"`            // the field of the policy, or the ID of one of its checks as it is there
	Check string `json:"check,omitempty"` // the check it was asked of; "" when that is not one check
	Met   bool   `json:"met"`
	What  string `json:"what"` // the observation
	// Message is the sentence of What.
	Message *message.Sentence `json:"message,omitempty"`
}

// Sentence returns the observation as a sentence.
func (r Ruled) Sentence() message.Sentence { return message.Signed(r.What, r.Message) }

// Unmet are the rules that do not hold.
func (r Ruling) Unmet() (unmet []Ruled) {
	for _, one := range r.Rules {
		if !one.Met {
			unmet = append(unmet, one)
		}
	}
	return unmet
}

// Judge puts the policy to a report as it is at a time. The report is not
// changed.
func (p Policy) Judge(r *report.Report, at time.Time) Ruling {
	j := judge{policy: p, report: r, ruling: Ruling{Policy: p.Name, Rules: []Ruled{}}}
	j.verdict()
	j.kind()
	if p.Rung != "" {
		j.rule("rung", r.Rung.Height() >= p.Rung.Height(), r.Rung.Title())
	}
	if p.BackupProved {
		j.backup()
	}
	if p.MaxAge != "" {
		age := at.Sub(r.Finished)
		// A job in the future has no age. Clocks differ a little.
		j.rule("max_age", -maxSkew <= age && age <= p.maxAge, message.Say("policy.rule.ended", "date", r.Finished.UTC().Format("2006-01-02 15:04 MST")))
	}
	for _, c := range p.Checks {
		j.check(c)
	}
	j.ruling.Met = len(j.ruling.Unmet()) == 0
	return j.ruling
}

// maxSkew is how far the clocks of two computers may be apart.
const maxSkew = 5 * time.Minute

// judge is one ruling being made.
type judge struct {
	policy Policy
	report *report.Report
	ruling Ruling
}

func (j *judge) rule(rule string, met bool, what message.Sentence) {
	j.add(Ruled{Rule: rule, Met: met}, what)
}

func (j *judge) add(r Ruled, what message.Sentence) {
	r.What, r.Message = what.String(), &what
	j.ruling.Rules = append(j.ruling.Rules, r)
}

// verdict asks for READY. Where any will do, the steps must be done: what did
// not run was not looked at.
func (j *judge) verdict() {
	if !j.policy.AnyVerdict {
		j.rule("verdict", j.report.Verdict == report.VerdictReady, message.Say("policy.rule.verdict", "verdict", j.report.Verdict.Word()))
		return
	}
	for _, s := range j.report.Steps {
		if s.State != report.StepDone {
			j.rule("any_verdict", false, stepOf(s))
		}
	}
}

func (j *judge) kind() {
	if j.policy.Kind == "" {
		return
	}
	if j.report.Handset == nil {
		j.rule("kind", false, message.Say("policy.rule.no-handset"))
		return
	}
	j.rule("kind", j.report.Handset.Kind == j.policy.Kind, message.Say("policy.rule.kind", "kind", j.report.Handset.Kind))
}

func (j *judge) backup() {
	s := j.report.Step(report.StepBackup)
	for _, id := range []string{check.BackupComplete, check.BackupProved} {
		f, asked := s.Findings.ByID(id)
		if !asked || f.Status != report.StatusPass {
			j.rule("backup_proved", false, message.Join(message.Colon, message.AsIs(id), answerOf(f, asked)))
			return
		}
	}
	j.rule("backup_proved", s.State == report.StepDone && j.report.Backup != nil, stepOf(s))
}

// check puts one rule to every check it names and decides.
func (j *judge) check(c Check) {
	asked := false
	for _, f := range j.findings() {
		if !c.names(f.ID) {
			continue
		}
		decides := j.policy.decides(c, f.ID)
		if f.Status == report.StatusSkipped && c.IfAsked {
			continue
		}
		asked = true
		if decides && c.Require != RequireIgnore {
			j.add(Ruled{Rule: c.ID, Check: f.ID, Met: c.holds(f)}, answerOf(f, true))
		}
	}
	if !asked && !c.IfAsked && c.Require != RequireIgnore {
		j.add(Ruled{Rule: c.ID, Check: c.only()}, answerOf(report.Finding{}, false))
	}
}

// findings are those of every step, and of the fault report.
func (j *judge) findings() (all report.Findings) {
	for _, s := range j.report.Steps {
		all = append(all, s.Findings...)
	}
	if j.report.Fault != nil {
		all = append(all, j.report.Fault.Findings...)
	}
	return all
}

// decides says whether no rule with a longer ID names the check as well.
func (p Policy) decides(c Check, id string) bool {
	return !slices.ContainsFunc(p.Checks, func(other Check) bool {
		return other.names(id) && other.weight() > c.weight()
	})
}

// weight orders rules about one check: a whole ID, then the longest beginning.
func (c Check) weight() int {
	if begin, ok := strings.CutSuffix(c.ID, "*"); ok {
		return len(begin)
	}
	return len(c.ID) + 1
}

// only is the check of a rule that is about one.
func (c Check) only() string {
	if strings.HasSuffix(c.ID, "*") {
		return ""
	}
	return c.ID
}

func (c Check) holds(f report.Finding) bool {
	good := f.Status == report.StatusPass || f.Status == report.StatusWarn && c.Require == RequireWarn
	switch c.Method {
	case report.MethodObserved:
		return good && f.Method == report.MethodObserved
	case report.MethodInferred:
		return good && (f.Method == report.MethodObserved || f.Method == report.MethodInferred)
	}
	return good
}

func answerOf(f report.Finding, asked bool) message.Sentence {
	if !asked {
		return message.Say("policy.rule.not-asked")
	}
	return message.Say("policy.rule.answer", "status", f.Status.Word(), "method", f.Method.Word(), "summary", f.Sentence())
}

func stepOf(s report.StepRecord) message.Sentence {
	return message.Say("policy.rule.step", "step", s.Name, "state", s.State.Word())
}
