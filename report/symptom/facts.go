package symptom

import (
	"fmt"

	"preship/report"
	"preship/report/message"
)

// Fact is one line about a fault as a person stated it.
type Fact struct{ Name, Value message.Sentence }

// Facts returns what a person stated: the kind, the answers, the tests by hand, and the bugreport. A
// question that was left out has no line. It is empty for a nil fault.
func Facts(f *report.Fault) (facts []Fact) {
	if f == nil {
		return nil
	}
	if k, ok := ByID(f.Kind); ok {
		facts = append(facts, Fact{message.Say("symptom.kind"), k.Title()})
	}
	for _, a := range f.Answers {
		if a.Choice != "" || a.Text != "" {
			facts = append(facts, Fact{titled(asks, a.Question), Words(a)})
		}
	}
	for _, t := range f.Tests {
		facts = append(facts, Fact{message.Say("symptom.test", "test", TestTitle(t.Test)), ResultTitle(t.Result)})
	}
	if b := f.Bugreport; b != nil {
		size := fmt.Sprintf("%.1f", float64(b.Size)/1e6)
		facts = append(facts, Fact{message.Say("symptom.bugreport"), message.Say("symptom.bugreport.kept", "size", size, "sha256", b.SHA256)})
	}
	return facts
}
