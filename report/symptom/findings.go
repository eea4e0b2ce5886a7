package symptom

import (
	"strings"

	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// Findings returns what the handset shows of its fault, signs of a fault first, and apart
// from them, in words, the values not shown, with the reason where one is known; that is
// empty if it shows all that was asked.
func Findings(f *report.Fault) (seen []report.Finding, silent message.Sentence) {
	if f == nil {
		return nil, silent
	}
	var parts []message.Sentence
	for _, status := range []report.Status{report.StatusWarn, report.StatusPass, report.StatusSkipped, report.StatusUnknown} {
		for _, found := range f.Findings {
			switch {
			case found.Status.OrUnknown() != status:
			case status == report.StatusUnknown && found.ObservedMessage == nil:
				parts = append(parts, CheckTitle(found.ID))
			case status == report.StatusUnknown && isReason(found.Seen()):
				parts = append(parts, message.Say("fault.not-shown.why", "part", CheckTitle(found.ID), "why", found.Seen()))
			default:
				seen = append(seen, found)
			}
		}
	}
	if len(parts) > 0 {
		silent = message.Join(message.Comma, parts...)
	}
	return seen, silent
}

// isReason reports whether what a finding observed is why nothing was seen.
func isReason(s message.Sentence) bool { return strings.HasPrefix(string(s.ID()), "fault.why.") }

// CheckTitle returns the name of a check. One of another version is shown unchanged.
func CheckTitle(id string) message.Sentence {
	if row, ok := check.ByID(id); ok {
		return message.Say(row.Title)
	}
	return message.AsIs(id)
}
