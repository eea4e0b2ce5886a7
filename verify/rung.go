package verify

import (
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// CheckRung sums up how much is known of the reset.
const CheckRung = check.CleanRung

// Rung weighs the result of the reset with the checks of the handset afterwards; clean
// is nil if it could not be checked. It returns clean with the
// highest rung reached and with what that does not prove.
//
// A handset that was seen not to be the same one, or to have kept its Android
// ID, has no rung, whatever the reset answered.
func Rung(reset report.Reset, clean *report.Clean) (report.Clean, []report.Finding) {
	var out report.Clean
	if clean != nil {
		out = *clean
	}
	fs := newFindings()
	if no(out.SameUnit) || no(out.AndroidIDChanged) {
		out.Rung = report.RungNone
		out.Limit(out.Rung.NotProved())
		fs.add(CheckRung, report.StatusFail, "clean.rung.contradicted", words(string(reset.Rung)))
		return out, fs.list
	}
	if reset.Rung.Height() > out.Rung.Height() {
		out.Rung = reset.Rung
	}
	limits := []message.Sentence{out.Rung.NotProved()}
	if out.Rung == report.RungObservedClean {
		for _, row := range cleanRows {
			if c, _ := check.ByID(row.id); c.NotProved != "" {
				limits = append(limits, message.Say("clean.limit", "name", message.Say(row.name), "open", message.Say(c.NotProved)))
			}
		}
	}
	out.Limit(limits...)
	status := report.StatusUnknown
	if out.Rung.Enough() {
		status = report.StatusPass
	}
	f := fs.see(CheckRung, status, out.Rung.Title(), words(string(out.Rung)))
	if out.Rung == report.RungAttested {
		f.Method = report.MethodAttested
	}
	return out, fs.list
}

// no reports a known no.
func no(b *bool) bool { return b != nil && !*b }
