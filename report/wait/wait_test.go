package wait

import (
	"slices"
	"testing"
	"time"

	"preship/report/message"
)

// Every wait has its words in every language, and one that ends by itself says what
// happens then.
func TestRowsHaveWords(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, r := range Rows {
		if slices.Contains(seen, r.ID) {
			t.Errorf("two waits are %s", r.ID)
		}
		seen = append(seen, r.ID)
		w := Wait{r, time.Minute}
		for _, language := range message.Languages() {
			if _, known := w.Reason().In(language); !known {
				t.Errorf("%s: %s has no words", language, r.For)
			}
			if after := w.After(); !after.Empty() {
				if _, known := after.In(language); !known {
					t.Errorf("%s: %s has no words", language, r.Then)
				}
			}
		}
	}
	if !(Wait{Handset, 0}).After().Empty() || (Wait{Handset, 1}).After().Empty() || !(Wait{Turn, 1}).After().Empty() {
		t.Error("only a wait with a limit says what happens when it is over")
	}
}
