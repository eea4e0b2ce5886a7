package console

import (
	"preship/report"
	"preship/report/message"
	"preship/report/policy"
)

// Ruling says whether a policy is met, and one line for each rule that is not.
func (c *Console) Ruling(r *policy.Ruling) {
	if r == nil {
		return
	}
	if r.Met {
		c.Say(message.Say("policy.met", "policy", r.Policy))
		return
	}
	c.Say(message.Say("policy.not-met", "policy", r.Policy))
	for _, u := range r.Unmet() {
		c.Sayf("  %s", unmetLine(u))
	}
}

// Unmet returns the rules that do not hold as reasons, where there is no room
// for their own list.
func Unmet(r *policy.Ruling) (why []report.Reason) {
	if r == nil {
		return nil
	}
	for _, u := range r.Unmet() {
		s := message.Say("policy.reason", "policy", r.Policy, "why", unmetLine(u))
		why = append(why, report.Reason{Check: u.Check, What: s.String(), Message: &s})
	}
	return why
}

func unmetLine(u policy.Ruled) message.Sentence {
	if u.Check == "" || u.Check == u.Rule {
		return message.Join(message.Colon, message.AsIs(u.Rule), u.Sentence())
	}
	return message.Join(message.Colon, message.AsIs(u.Rule), message.AsIs(u.Check), u.Sentence())
}
