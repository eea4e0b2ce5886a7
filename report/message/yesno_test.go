package message

import "testing"

func TestYesOrNo(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"y", "Yes", "s", "Sí", "SI", " y ", "是"} {
		if yes, plain := YesOrNo(answer); !yes || !plain {
			t.Errorf("%q: %t, %t; want a plain yes", answer, yes, plain)
		}
	}
	for _, answer := range []string{"n", "No", "NO", "否"} {
		if yes, plain := YesOrNo(answer); yes || !plain {
			t.Errorf("%q: %t, %t; want a plain no", answer, yes, plain)
		}
	}
	for _, answer := range []string{"", "no sé", "not sure", "不知道", "stop", "yesterday", "sin copia", "1"} {
		if yes, plain := YesOrNo(answer); yes || plain {
			t.Errorf("%q: %t, %t; want neither", answer, yes, plain)
		}
	}
}
