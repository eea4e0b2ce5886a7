package screen

import "testing"

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	for language, own := range words {
		for key := range words["en"] {
			if own[key] == "" {
				t.Errorf("%s: no word for %q", language, key)
			}
		}
	}
}
