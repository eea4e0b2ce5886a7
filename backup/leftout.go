package backup

import (
	"fmt"

	"preship/backup/selection"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// takes reports whether a file is to be copied.
func (j *job) takes(i uint32) bool {
	if j.plan.OfApp(i) {
		return j.take.Kind(selection.Apps)
	}
	return j.take.Path(string(j.plan.Path(i)))
}

// leftKinds returns the kinds of data beside files that are left out.
func (j *job) leftKinds() (kinds []string) {
	for _, k := range selection.Kinds {
		if k != selection.Files && !j.take.Kind(k) {
			kinds = append(kinds, string(k))
		}
	}
	return kinds
}

// ofKind is the ID of the finding about a kind of data that is in no file.
func ofKind(kind string) string { return "backup." + kind }

// kindWords are the words for a kind of data.
var kindWords = map[string]message.ID{
	string(selection.Contacts): "backup.kind.contacts", string(selection.Messages): "backup.kind.messages", string(selection.Calls): "backup.kind.calls",
	string(selection.Calendar): "backup.kind.calendar", string(selection.Apps): "backup.kind.apps", string(selection.Settings): "backup.kind.settings",
}

// leftOut returns the finding about data left out as asked, no finding if that is
// nothing. It fails: the reset erases that data, so the owner has to accept that.
func (j *job) leftOut() report.Findings {
	if j.take.Everything() {
		return nil
	}
	f := report.Finding{ID: check.BackupLeftOut, Status: report.StatusFail, Method: report.MethodObserved}
	var kinds, says []message.Sentence
	for _, k := range j.leftKinds() {
		kinds = append(kinds, message.Say(kindWords[k]))
	}
	files, bytes, names := j.plan.LeftOut()
	f.See(message.Say("backup.left-out.seen", "only", fmt.Sprintf("%q", j.take.Only), "exclude", fmt.Sprintf("%q", j.take.Exclude), "count", files, "bytes", fmt.Sprint(bytes), "kinds", fmt.Sprintf("%q", j.leftKinds())))
	if files > 0 {
		says = append(says, message.Say("backup.left-out.files", "count", files, "size", megabytes(bytes), "files", names))
	}
	if len(kinds) > 0 {
		says = append(says, message.Say("backup.left-out.kinds", "kinds", message.List(kinds, 0)))
	}
	if len(says) == 0 {
		return nil
	}
	f.Tell(message.Join(message.Stop, says...))
	f.Advise(message.Say("backup.left-out.remedy"))
	return report.Findings{f}
}

// megabytes writes a size for people.
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// leaveOut drops the findings of the kinds that are left out, and adds one that names them.
func (j *job) leaveOut(found report.Findings) report.Findings {
	left := map[string]bool{}
	for _, k := range j.leftKinds() {
		left[ofKind(k)] = true
	}
	var kept report.Findings
	for _, f := range found {
		if !left[f.ID] {
			kept = append(kept, f)
		}
	}
	return append(kept, j.leftOut()...)
}
