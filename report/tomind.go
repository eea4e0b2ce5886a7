package report

import "slices"

// DistinctReasons returns the reasons without one that a later one repeats, as two steps
// that make the same check do, and without advice that the reason below repeats.
func (r *Report) DistinctReasons() []Reason {
	var once []Reason
	for i, why := range r.Reasons {
		same := func(o Reason) bool { return o.Check == why.Check && o.What == why.What && o.Next == why.Next }
		if !slices.ContainsFunc(r.Reasons[i+1:], same) {
			once = append(once, why)
		}
	}
	for i := range len(once) - 1 {
		if once[i].Next == once[i+1].Next {
			once[i].Next, once[i].NextMessage = "", nil
		}
	}
	return once
}

// maxToMind keeps the list to what a person reads.
const maxToMind = 8

// ToMind returns the findings that do not stop a handset from being posted and that its
// owner should read: first what only the owner can see and did not answer, then warnings
// and needed checks explicitly declined. Beside reasons that stop it, only the former. A
// finding that two steps made is there once.
func (r *Report) ToMind() []Finding {
	var fs, warned []Finding
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			switch {
			case r.unanswered(f):
				fs = append(fs, f)
			case f.Status == StatusWarn || f.Status == StatusSkipped && r.Needs(f.ID):
				warned = append(warned, f)
			}
		}
	}
	if len(r.Reasons) == 0 {
		fs = append(fs, warned...)
	}
	var once []Finding
	for i, f := range fs {
		if !slices.ContainsFunc(fs[i+1:], func(o Finding) bool { return o.ID == f.ID && o.Summary == f.Summary }) {
			once = append(once, f)
		}
	}
	return once[:min(len(once), maxToMind)]
}

// Unanswered returns the findings of [Report.ToMind] that wait for the owner's word.
func (r *Report) Unanswered() []Finding {
	return slices.DeleteFunc(r.ToMind(), func(f Finding) bool { return !r.unanswered(f) })
}

// unanswered reports whether a finding waits for the owner's word, and is no reason itself.
func (r *Report) unanswered(f Finding) bool {
	if f.Status != StatusUnknown || f.RemedyMessage == nil || r.Needs(f.ID) {
		return false
	}
	switch f.RemedyMessage.ID() {
	case "account.mi.unlinked.remedy", "finding.look-and-attest":
		return true
	}
	return false
}
