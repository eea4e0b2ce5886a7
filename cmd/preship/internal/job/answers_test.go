package job

import "testing"

func TestAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string][2]bool{ // yes, no
		"y": {true, false}, "Yes": {true, false}, "s": {true, false}, "Sí": {true, false}, "是": {true, false},
		"n": {false, true}, "No": {false, true}, "否": {false, true}, "不": {false, true},
		"": {}, "maybe": {}, "1": {},
	} {
		if got := [2]bool{saysYes(answer), saysNo(answer)}; got != want {
			t.Errorf("%q: yes and no are %v, want %v", answer, got, want)
		}
	}
}
