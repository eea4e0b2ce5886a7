package console

import (
	"preship/report"
	"preship/report/policy"
)

// Ruling says whether a policy is met, and one line for each rule that is not.
func (c *Console) Ruling(r *policy.Ruling) {
	if r == nil {
		return
	}
	if r.Met {
		c.Sayf("policy %s is met", r.Policy)
		return
	}
	c.Sayf("policy %s is not met:", r.Policy)
	for _, u := range r.Unmet() {
		c.Sayf("  %s", unmetLine(u))
	}
}

// Unmet returns the rules that do not hold as reasons, where there is no room
// for a list of their own.
func Unmet(r *policy.Ruling) (why []report.Reason) {
	if r == nil {
		return nil
	}
	for _, u := range r.Unmet() {
		why = append(why, report.Reason{Check: u.Check, What: "policy " + r.Policy + ": " + unmetLine(u)})
	}
	return why
}

func unmetLine(u policy.Ruled) string {
	if u.Check == "" || u.Check == u.Rule {
		return u.Rule + ": " + u.What
	}
	return u.Rule + ": " + u.Check + ": " + u.What
}
