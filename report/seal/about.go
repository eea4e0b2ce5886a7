package seal

import (
	"slices"
	"time"

	"preship/report"
	"preship/report/bundle"
	"preship/report/message"
)

// About is what a clerk sorts packages by. It is empty if the report was changed.
type About struct {
	Report   string     `json:"report,omitempty"`   // SHA-256 of report.json
	Finished *time.Time `json:"finished,omitempty"` // when the job's last step ended
	// DatedBy says who confirms the date: only the clock of the computer that signed, or an
	// authority that saw the signature not long after.
	DatedBy string `json:"dated_by,omitempty"`
	// AgeDays is the whole days since then, or since an earlier time stamp; negative if it
	// is in the future.
	AgeDays    *int    `json:"age_days,omitempty"`
	Ticket     string  `json:"ticket,omitempty"`
	RMA        string  `json:"rma,omitempty"`
	Model      string  `json:"model,omitempty"`
	Serial     string  `json:"serial,omitempty"`
	Supersedes *string `json:"supersedes,omitempty"` // SHA-256 of the report.json that this one replaces
	// SupersededBy is the path of a newer package of the same case, among those that were
	// checked together.
	SupersededBy string `json:"superseded_by,omitempty"`
	// SameAs is the path of another package with this very report, checked before this one.
	SameAs string `json:"same_as,omitempty"`
}

// Who confirms the date of a report.
const (
	OwnClock = "computer-clock"
	ByStamp  = "timestamp-authority"
)

// maxStampDelay is how long after its date a report may be stamped for the stamp to
// confirm the date: somebody may have been without a network.
const maxStampDelay = 24 * time.Hour

// maxClockError is how far a clock may be ahead.
const maxClockError = 10 * time.Minute

func aboutOf(r *report.Report, digest string, stamp *bundle.Stamp, now time.Time) (a About) {
	if r == nil {
		return a
	}
	finished, since, by := r.Finished, r.Finished, OwnClock
	if at := stamp.TrustedAt(); !at.IsZero() {
		if at.Before(since) {
			since = at
		}
		if d := at.Sub(finished); d >= -maxClockError && d <= maxStampDelay {
			by = ByStamp
		}
	}
	days := int(now.Sub(since).Hours() / 24)
	if now.Before(since) {
		days--
	}
	a = About{Report: digest, Finished: &finished, DatedBy: by, AgeDays: &days, Supersedes: r.Supersedes}
	if t := r.Ticket; t != nil {
		a.Ticket, a.RMA = t.ID, t.RMA
	}
	if h := r.Handset; h != nil {
		a.Serial = h.Serial
		if h.Model != nil {
			a.Model = *h.Model
		}
	}
	return a
}

// Relate compares packages that were checked together. Of one case, the older packages
// are marked as superseded, if the same key or a trusted one signed the newer. Packages of
// one case about different handsets get a problem. Copies of one report are named.
func Relate(all []Verified) {
	cases := map[string][]*Verified{}
	for i := range all {
		if v := &all[i]; v.Err == nil && v.OK && v.ID != "" {
			cases[v.ID] = append(cases[v.ID], v)
		}
	}
	for _, same := range cases {
		if len(same) > 1 {
			relate(same)
		}
	}
}

func relate(same []*Verified) {
	for i, a := range same {
		for _, b := range same[i+1:] {
			if a.otherUnit(b.Result) {
				a.clash(b.Path)
				b.clash(a.Path)
			}
		}
	}
	before, first := map[string]string{}, map[string]string{}
	for _, v := range same {
		if path, ok := first[v.Report]; ok {
			v.SameAs = path
		} else {
			first[v.Report] = v.Path
		}
		if v.Supersedes != nil {
			before[v.Report] = *v.Supersedes
		}
	}
	for _, a := range same {
		newest := a
		for _, b := range same {
			if a.OK && b.OK && newer(b, newest, before) {
				newest = b
			}
		}
		if newest != a {
			a.SupersededBy = newest.Path
		}
	}
}

// newer reports whether b replaces a: by its own word, through reports in between, or by
// its date where neither names the other. A stranger's key replaces nothing of others.
func newer(b, a *Verified, before map[string]string) bool {
	switch {
	case b.Report == a.Report, replaces(a.Report, b.Report, before):
		return false
	case b.Signer != a.Signer && !b.Key.Trusted():
		return false
	case replaces(b.Report, a.Report, before):
		return true
	}
	return b.Finished.After(*a.Finished)
}

func replaces(later, earlier string, before map[string]string) bool {
	for range len(before) { // the word of a signer can go in a circle
		next, ok := before[later]
		if !ok {
			return false
		}
		if next == earlier {
			return true
		}
		later = next
	}
	return false
}

// otherUnit reports whether two packages are about different handsets.
func (r Result) otherUnit(o Result) bool {
	if len(r.IMEI) > 0 && len(o.IMEI) > 0 {
		return !slices.ContainsFunc(r.IMEI, func(i string) bool { return slices.Contains(o.IMEI, i) })
	}
	return r.Serial != "" && o.Serial != "" && r.Serial != o.Serial
}

func (r *Result) clash(path string) {
	r.Problems = append(r.Problems, problemOf("", message.Say("seal.problem.same-case", "case", r.ID, "path", path)))
	r.OK = false
}
