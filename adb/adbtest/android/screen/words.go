package screen

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// wordsFile is what the vendor's settings write on the pages of a factory reset, by language.
// The words are those of a Redmi K60 on HyperOS 1.
//
//go:embed words.tsv
var wordsFile string

// words are the lines of that file by key: the languages under "key", the words under theirs.
var words = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	for line := range strings.Lines(wordsFile) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		table[cells[0]] = cells[1:]
	}
	return table
})

// word returns a word in the handset's language, or in English, which is the first, if the
// table does not have that language.
func (s Screen) word(key string) string {
	language, _, _ := strings.Cut(s.Prop("persist.sys.locale"), "-")
	return words()[key][max(0, slices.Index(words()["key"], language))]
}
