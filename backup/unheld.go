package backup

import (
	"strconv"

	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/plan"
	"preship/report/message"
)

// foreseeUnheld settles the files that are larger than the file system of the case holds.
// They are not read, and need no space.
func (j *job) foreseeUnheld() {
	for i := range j.plan.Len() {
		if j.plan.State(i) != plan.StateListed || j.plan.Type(i) != manifest.TypeFile || !j.plan.Exact(i) || j.plan.Reusable(i) {
			continue
		}
		n := j.plan.Size(i)
		if j.encrypted || j.store != nil && j.store.Encrypted() {
			n = agefile.LeastSize(n)
		}
		if !j.system.Holds(n) {
			j.plan.Unheld(i, message.Say("backup.why.too-large", "size", strconv.FormatInt(n, 10), "system", j.system.Name, "most", strconv.FormatInt(j.system.Largest, 10)), false)
		}
	}
}

// unheld returns the sentences about the files that the computer's disk does not hold, and
// about what to do; empty if there are none.
func (j *job) unheld(counts func(i uint32) bool) (says, advice message.Sentence) {
	unheld := func(i uint32) bool { return j.plan.IsUnheld(i) && counts(i) }
	n, _ := j.plan.TallyWhere(unheld)
	if n.Unreadable == 0 {
		return says, advice
	}
	says = message.Say("backup.unheld.files", "count", n.Unreadable, "files", j.plan.Named(unheld, plan.StateUnreadable))
	if j.system.Largest > 0 {
		says = message.Join(message.Stop, says, message.Say("backup.unheld.system", "system", j.system.Name))
	}
	return says, message.Say("backup.unheld.remedy")
}
