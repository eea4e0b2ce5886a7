package report

import (
	"slices"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// DefaultLanguage is what report.json and the findings are always written in.
const DefaultLanguage = "en"

// Languages are those the pages can be written in. What a handset said stays as it
// is, and a text that is in no table stays English, marked as such.
var Languages = []string{DefaultLanguage, "es", "zh"}

// lang writes the fixed texts of the pages in one language.
type lang struct {
	tag     string
	printer *message.Printer
}

// texts is made when the first page is: most commands make none.
var texts = sync.OnceValue(newCatalog)

func newCatalog() catalog.Catalog {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for _, row := range slices.Concat(messages, sentences, checkTitles) {
		for tag, text := range map[string]string{"es": row.es, "zh": row.zh} {
			if err := b.SetString(language.MustParse(tag), row.en, text); err != nil {
				panic(err) // a broken row of the table above
			}
		}
	}
	for tag, forms := range countForms {
		if err := b.Set(language.MustParse(tag), countFiles, plural.Selectf(1, "%d", forms...)); err != nil {
			panic(err)
		}
	}
	return b
}

const countFiles = "%d files"

var countForms = map[string][]any{
	"en": {plural.One, "1 file", plural.Other, "%d files"},
	"es": {plural.One, "1 archivo", plural.Other, "%d archivos"},
	"zh": {plural.Other, "%d 个文件"},
}

// langNamed returns the language of that tag, and English for any other.
func langNamed(tag string) lang {
	if !slices.Contains(Languages, tag) {
		tag = DefaultLanguage
	}
	return lang{tag, message.NewPrinter(language.MustParse(tag), message.Catalog(texts()))}
}

// text writes a fixed text. What is in no table is not taken for a format: it
// may come from a handset.
func (l lang) text(key string, args ...any) string {
	row, ok := messageKeys[key]
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return row.in(l.tag) // it may hold a percent sign
	}
	return l.printer.Sprintf(key, args...)
}

// files counts files in words.
func (l lang) files(n int64) string { return l.printer.Sprintf(countFiles, n) }

// checkTitle names the check of a finding that this language has no words for. It
// is empty where the finding speaks for itself.
func (l lang) checkTitle(f Finding) string {
	if !l.told(f).English || !titled[f.ID] {
		return ""
	}
	return l.printer.Sprintf(f.ID)
}

// phrase is one text in all languages; the English is its key.
type phrase struct{ en, es, zh string }

// in is the text in a language of [Languages].
func (p phrase) in(tag string) string {
	switch tag {
	case "es":
		return p.es
	case "zh":
		return p.zh
	}
	return p.en
}

// sentences are what findings say, a table for each step.
var sentences = slices.Concat(
	joinRows, identitySentences, systemSentences, lockSentences, backupSentences, resetSentences, cleanSentences, verdictSentences,
)

var messageKeys, titled = keysOf(slices.Concat(messages, sentences)), titlesOf(checkTitles)

func keysOf(rows []phrase) map[string]phrase {
	keys := make(map[string]phrase, len(rows))
	for _, row := range rows {
		keys[row.en] = row
	}
	return keys
}

func titlesOf(rows []phrase) map[string]bool {
	ids := make(map[string]bool, len(rows))
	for _, row := range rows {
		ids[row.en] = true
	}
	return ids
}
