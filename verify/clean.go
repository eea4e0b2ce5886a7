package verify

import (
	"context"
	"slices"
	"strings"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Before is what the checks after a reset are compared with. Empty fields are
// not known; the checks that need them are then unknown.
type Before struct {
	Unit      report.Unit `json:"unit"` // in the handset's own words, not by its address
	AndroidID string      `json:"android_id,omitempty"`
	BootCount *int        `json:"boot_count,omitempty"`
	// Contacts and Messages are how many the shell was shown. An empty answer after the
	// reset counts only if the shell was shown some before.
	Contacts *int `json:"contacts,omitempty"`
	Messages *int `json:"messages,omitempty"`
	// ResetAt is when the reset was triggered, by this computer's clock.
	ResetAt time.Time `json:"reset_at,omitzero"`
}

// LookBefore asks, before a reset, for what [Clean] compares with. It belongs in
// the case, not in the report: an Android ID identifies its owner to apps.
func LookBefore(ctx context.Context, r handset.Reader, id handset.Identity) Before {
	b := Before{Unit: unitOf(id)}
	if a, err := handset.Ask(ctx, r, handset.AndroidID.Must()); err == nil {
		b.AndroidID, _ = androidID(a)
	}
	if a, err := handset.Ask(ctx, r, handset.BootCount.Must()); err == nil {
		if n, err := bootCount(a); err == nil {
			b.BootCount = &n
		}
	}
	b.Contacts, b.Messages = countRows(ctx, r, contactsURI), countRows(ctx, r, messagesURI)
	return b
}

// countRows counts the rows the shell is shown; nil is unknown.
func countRows(ctx context.Context, r handset.Reader, uri string) *int {
	a, err := handset.Ask(ctx, r, handset.RowIDs.Must(uri))
	if err != nil {
		return nil
	}
	n, err := handset.ParseContentCount(a)
	if err != nil {
		return nil
	}
	return &n
}

// unitOf is the unit as the handset names itself.
func unitOf(id handset.Identity) report.Unit {
	u := report.Unit{Serial: id.Serial.Value, SN: id.SN.Value}
	for _, i := range id.IMEIs.Items {
		u.IMEI = append(u.IMEI, i.Value)
	}
	return u
}

// look is one look at a handset after its reset.
type look struct {
	handset.Reader
	before Before
	id     handset.Identity
	state  locks.Answers
	out    *report.Clean
}

// result is the answer to one check after the reset.
type result struct {
	status   report.Status
	summary  message.Sentence
	observed message.Sentence
	refs     []string
}

// unknown is an open question: its sentence for people, and the reason in the
// handset's own words.
func unknown(summary message.ID, why message.Sentence, refs ...string) result {
	return result{report.StatusUnknown, message.Say(summary), why, refs}
}

// cleanRow is one check after the reset. ask fills its part of look.out.
type cleanRow struct {
	id      string
	name    message.ID // short, before what its pass does not prove
	vendors []string   // nil: any
	ask     func(context.Context, *look) result
}

// Clean asks whether a handset that was set up again without accounts is clean.
// The handset must let the shell in. The Clean it returns has the top rung when
// every required check passed; [Rung] weighs it with what the reset showed.
//
// An error means that the handset could not be asked at all.
func Clean(ctx context.Context, r handset.Reader, before Before) (report.Clean, []report.Finding, error) {
	id, err := handset.Identify(ctx, r)
	if err != nil {
		return report.Clean{}, nil, err
	}
	var out report.Clean
	l := &look{Reader: r, before: before, id: id, state: locks.Look(ctx, r, id), out: &out}
	fs := newFindings()
	clean := true
	for _, row := range cleanRows {
		if row.vendors != nil && id.Vendor != nil && !slices.Contains(row.vendors, id.Vendor.Name) {
			continue
		}
		res := row.ask(ctx, l)
		fs.see(row.id, res.status, res.summary, res.observed, res.refs...)
		clean = clean && (!check.Required(row.id) || res.status == report.StatusPass)
	}
	if clean {
		out.Rung = report.RungObservedClean
	}
	return out, fs.list, ctx.Err()
}

// reason is why something could not be answered, fit for a report.
func reason(err error) message.Sentence { return handset.Because(err) }

// word is the only word of an answer, "" for anything else.
func word(a handset.Answer) string {
	s := strings.TrimSpace(string(a.Stdout[:min(len(a.Stdout), 256)]))
	if a.Exit > 0 || strings.ContainsAny(s, " \t\r\n") {
		return ""
	}
	return s
}
