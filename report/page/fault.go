package page

import (
	"preship/report"
	"preship/report/symptom"
)

// faultFacts are what a person stated about the fault.
func faultFacts(l lang, f *report.Fault) (facts []fact) {
	for _, one := range symptom.Facts(f) {
		facts = append(facts, fact{Name: one.Name, Value: l.say(one.Value)})
	}
	return facts
}
