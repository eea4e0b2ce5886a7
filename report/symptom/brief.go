package symptom

import (
	"preship/report"
	"preship/report/message"
)

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
			signs = append(signs, found.Told())
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
