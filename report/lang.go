package report

import (
	"slices"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// DefaultLanguage is what report.json and the findings are always written in.
const DefaultLanguage = "en"

// Languages are those the pages can be written in. Texts that come out of
// checks stay English, and are marked as such.
var Languages = []string{DefaultLanguage, "es", "zh"}

// lang writes the fixed texts of the pages in one language.
type lang struct {
	tag     string
	printer *message.Printer
}

var texts = newCatalog()

func newCatalog() catalog.Catalog {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for _, row := range append(slices.Clone(messages), checkTitles...) {
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
	return lang{tag, message.NewPrinter(language.MustParse(tag), message.Catalog(texts))}
}

// text writes a fixed text. What is in no table is not taken for a format: it
// may come from a handset.
func (l lang) text(key string, args ...any) string {
	if _, ok := messageKeys[key]; !ok {
		return key
	}
	return l.printer.Sprintf(key, args...)
}

// files counts files in words.
func (l lang) files(n int64) string { return l.printer.Sprintf(countFiles, n) }

// checkTitle names a check in this language. It is empty in English, whose
// findings speak for themselves, and for a check nobody has translated.
func (l lang) checkTitle(id string) string {
	if l.tag == DefaultLanguage || !titled[id] {
		return ""
	}
	return l.printer.Sprintf(id)
}

// phrase is one text in all languages; the English is its key.
type phrase struct{ en, es, zh string }

var messageKeys, titled = keysOf(messages), titlesOf(checkTitles)

func keysOf(rows []phrase) map[string]struct{} {
	keys := make(map[string]struct{}, len(rows))
	for _, row := range rows {
		keys[row.en] = struct{}{}
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
