package symptom

import (
	"preship/report"
	"preship/report/message"
)

// Fact is one line about a fault as a person stated it.
type Fact struct{ Name, Value message.Sentence }

// Facts returns what a person stated: the kind, the answers, the tests by hand, the
// recording and the bugreport. A question that was left out has no line. It is empty for a
// nil fault.
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
		facts = append(facts, Fact{message.Say("symptom.test", "test", TestTitle(t.Test)), resultTitle(t.Result)})
	}
	if r := f.Recording; r != nil {
		facts = append(facts, Fact{message.Say("symptom.recording"), message.Say("symptom.recording.kept", "seconds", message.Decimal((r.LengthMS+50)/100), "size", message.Decimal((r.Size+50_000)/100_000), "sha256", r.SHA256)})
	}
	if b := f.Bugreport; b != nil {
		size := message.Decimal((b.Size + 50_000) / 100_000)
		facts = append(facts, Fact{message.Say("symptom.bugreport"), message.Say("symptom.bugreport.kept", "size", size, "sha256", b.SHA256)})
	}
	return facts
}

// Brief returns the fault in short, for a letter: its kind, the signs of a fault that the
// handset shows, and the tests by hand that failed. An unknown part is empty.
func Brief(f *report.Fault) (kind message.Sentence, signs []message.Sentence, failed message.Sentence) {
	if f == nil {
		return kind, nil, failed
	}
	if k, ok := ByID(f.Kind); ok {
		kind = k.Title()
	}
	for _, found := range f.Findings {
		if found.Status == report.StatusWarn {
			signs = append(signs, found.Sentence())
		}
	}
	var tests []message.Sentence
	for _, t := range f.Tests {
		if t.Result == report.TestFail {
			tests = append(tests, TestTitle(t.Test))
		}
	}
	if len(tests) > 0 {
		failed = message.Join(message.Comma, tests...)
	}
	return kind, signs, failed
}
