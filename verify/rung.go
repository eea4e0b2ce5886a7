package verify

import (
	"strings"

	"preship/report"
)

// CheckRung sums up how much is known of the reset.
const CheckRung = "clean.rung"

// Rung weighs what the reset showed with what was seen on the handset
// afterwards; clean is nil when nobody could look. It returns clean with the
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
		out.NotProved = []string{out.Rung.NotProved().String()}
		fs.add(CheckRung, report.StatusFail, "what was seen afterwards contradicts the reset", string(reset.Rung))
		return out, fs.list
	}
	if reset.Rung.Height() > out.Rung.Height() {
		out.Rung = reset.Rung
	}
	out.NotProved = []string{out.Rung.NotProved().String()}
	if out.Rung == report.RungObservedClean {
		for _, row := range cleanRows {
			if row.NotProved != "" {
				out.NotProved = append(out.NotProved, strings.TrimPrefix(row.ID, "clean.")+": "+row.NotProved)
			}
		}
	}
	status := report.StatusUnknown
	if out.Rung.Enough() {
		status = report.StatusPass
	}
	f := fs.tell(CheckRung, status, out.Rung.Title(), string(out.Rung))
	if out.Rung == report.RungAttested {
		f.Method = report.MethodAttested
	}
	return out, fs.list
}

// no reports a known no.
func no(b *bool) bool { return b != nil && !*b }
