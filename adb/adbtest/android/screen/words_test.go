package screen

import (
	"slices"
	"testing"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for _, p := range pages {
		for _, w := range p.widgets {
			keys[w.word] = true
			if w.counting != "" {
				keys[w.counting] = true
			}
		}
	}
	delete(keys, "") // a text field
	for key := range keys {
		if own := words()[key]; len(own) != len(words()["key"]) || slices.Contains(own, "") {
			t.Errorf("the words for %q are %q", key, own)
		}
	}
	if len(keys)+1 != len(words()) {
		t.Errorf("%d words are shown, %d are in the table", len(keys), len(words())-1)
	}
}
