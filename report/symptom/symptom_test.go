package symptom

import (
	"slices"
	"strings"
	"testing"

	"preship/report"
)

// Every kind has words, two to five questions that exist, and tests that exist.
func TestTable(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, k := range Kinds {
		if len(k.Questions) < 2 || len(k.Questions) > 5 || kindTitles[k.ID] == "" {
			t.Errorf("%s has the questions %q and the title %q", k.ID, k.Questions, kindTitles[k.ID])
		}
		for _, id := range k.Questions {
			if _, ok := QuestionNamed(id); !ok {
				t.Errorf("%s: no question %q", k.ID, id)
			}
			used[id] = true
		}
		for _, id := range k.Tests {
			if !slices.Contains(Tests, id) {
				t.Errorf("%s: no test %q", k.ID, id)
			}
		}
	}
	for _, q := range Questions {
		if !used[q.ID] || asks[q.ID] == "" {
			t.Errorf("%s is asked by no kind, or has no words", q.ID)
		}
		for _, c := range q.Choices {
			if choiceTitles[c] == "" {
				t.Errorf("%s: the choice %q has no words", q.ID, c)
			}
		}
	}
	for _, id := range Tests {
		if testTitles[id] == "" || testHow[id] == "" {
			t.Errorf("the test %q has no words", id)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	q, _ := QuestionNamed("often")
	for _, tt := range []struct {
		typed  string
		want   report.FaultAnswer
		answer bool
	}{
		{"1", report.FaultAnswer{Question: "often", Choice: "always"}, true},
		{" Once ", report.FaultAnswer{Question: "often", Choice: "once"}, true},
		{"5", report.FaultAnswer{Question: "often", Text: "5"}, true},
		{"0", report.FaultAnswer{Question: "often", Text: "0"}, true},
		{"every two days", report.FaultAnswer{Question: "often", Text: "every two days"}, true},
		{"  ", report.FaultAnswer{}, false},
		{strings.Repeat("é", 400), report.FaultAnswer{Question: "often", Text: strings.Repeat("é", 250)}, true},
	} {
		if got, ok := q.Read(tt.typed); got != tt.want || ok != tt.answer {
			t.Errorf("%q is read as %+v, %t", tt.typed, got, ok)
		}
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range Facts(&report.Fault{
		Kind:    "heat",
		Answers: []report.FaultAnswer{{Question: "heat.when", Choice: "idle"}, {Question: "heat.where"}, {Question: "since", Text: "May"}},
		Tests:   []report.FaultTest{{Test: "speaker", Result: report.TestFail}},
	}) {
		got = append(got, f.Name.String()+" "+f.Value.String())
	}
	want := "Kind of fault It gets hot; When does it get hot? when it is not in use; Since when? May; Test by hand: Loudspeaker does not work"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if Facts(nil) != nil {
		t.Error("no fault has facts")
	}
}

// The answers to one kind of fault are not those to another.
func TestAnotherKind(t *testing.T) {
	t.Parallel()
	heat := report.Fault{Kind: "heat", Answers: []report.FaultAnswer{{Question: "heat.when", Choice: "idle"}}, Tests: []report.FaultTest{{Test: "speaker"}}}
	if f := heat.With(report.Fault{Kind: "slow"}); f.Kind != "slow" || len(f.Answers) != 0 || len(f.Tests) != 1 {
		t.Errorf("as slow it is %+v", f)
	}
	for _, same := range []string{"", "heat"} {
		if f := heat.With(report.Fault{Kind: same}); f.Kind != "heat" || len(f.Answers) != 1 {
			t.Errorf("with kind %q it is %+v", same, f)
		}
	}
}
