package reset

import (
	_ "embed"
	"strings"

	"preship/report/message"
)

// wordsTSV is what the vendor's settings write on the pages of a factory reset,
// under the vendor's own names for the words. English and Chinese were read in
// the settings of a Redmi K60 with HyperOS 1 (Android 14); the Spanish column is
// a translation, so a person is always told the English word beside it.
//
//go:embed words.tsv
var wordsTSV string

// words is the table: by key, then by language.
var words, languages = readWords(wordsTSV)

func readWords(tsv string) (table map[string]map[string]string, languages []string) {
	table = map[string]map[string]string{}
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if languages == nil {
			languages = cells[1:]
			continue
		}
		row := map[string]string{}
		for i, language := range languages {
			row[language] = cells[i+1]
		}
		table[cells[0]] = row
	}
	return table, languages
}

// languageOf is the language of the table for a locale such as "zh-CN" or "es-MX".
func languageOf(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	for _, have := range languages {
		if known, _, _ := strings.Cut(have, "-"); strings.EqualFold(known, language) {
			return have
		}
	}
	return "en"
}

// label is a word as the person finds it on the screen, with the English one
// beside it where that is another.
func label(key, language string) message.Sentence {
	here, english := words[key][language], words[key]["en"]
	if here == english {
		return message.Say("guide.button", "here", here)
	}
	return message.Say("guide.button.english", "here", here, "english", english)
}

// says reports whether a text on the screen is the word, in any language: the
// handset's may not be known, and may be changed meanwhile.
func says(text, key string) bool {
	for _, word := range words[key] {
		before, after, counts := strings.Cut(plainly(word), "%d")
		rest, ok := strings.CutPrefix(plainly(text), before)
		if !counts && ok && rest == "" {
			return true
		}
		number, whole := strings.CutSuffix(rest, after)
		if counts && ok && whole && number != "" && strings.Trim(number, "0123456789") == "" {
			return true
		}
	}
	return false
}

// isWord reports whether a text on the screen is any of the words.
func isWord(text string) bool {
	for key := range words {
		if says(text, key) {
			return true
		}
	}
	return false
}

// plainly takes away what differs between builds in the same word: capitals,
// and how three dots are written.
func plainly(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "…", "...")
}
