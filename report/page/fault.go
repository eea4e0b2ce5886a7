package page

import (
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/report/symptom"
)

// faultFacts are what a person stated about the fault.
func faultFacts(l lang, f *report.Fault) (facts []fact) {
	for _, one := range symptom.Facts(f) {
		facts = append(facts, fact{Name: one.Name, Value: l.say(one.Value)})
	}
	return facts
}

// faultFindings returns what the handset shows of its fault, signs of a fault first, and
// apart from them what it does not show; empty: it shows all that was asked.
func faultFindings(f *report.Fault) (seen []report.Finding, silent message.Sentence) {
	if f == nil {
		return nil, silent
	}
	var parts []message.Sentence
	for _, status := range []report.Status{report.StatusWarn, report.StatusPass, report.StatusUnknown} {
		for _, found := range f.Findings {
			row, known := check.ByID(found.ID)
			switch {
			case found.Status != status:
			case status == report.StatusUnknown && found.ObservedMessage == nil && known:
				parts = append(parts, message.Say(row.Title))
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
