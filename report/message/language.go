package message

import (
	"fmt"
	"slices"
	"strings"
)

// languages are the tags that have words; the first is the one that gets signed.
var languages = []string{"en", "es", "zh"}

// Languages returns the tags of the languages that have words. The first is English.
func Languages() []string { return slices.Clone(languages) }

// ErrLanguage is the error of a language that has no words.
type ErrLanguage struct{ Name string }

func (e ErrLanguage) Error() string {
	return fmt.Sprintf("%q: no such language, only %s", e.Name, strings.Join(languages, ", "))
}

// Parse returns the tag of a language as a person or a locale writes it: es, es-419,
// zh_TW, es_ES.UTF-8. The error is an [ErrLanguage].
func Parse(name string) (string, error) {
	base := strings.ToLower(name)
	if i := strings.IndexAny(base, "-_.@"); i >= 0 {
		base = base[:i]
	}
	if slices.Contains(languages, base) {
		return base, nil
	}
	return "", ErrLanguage{name}
}

// Language returns the tag of the language to speak: the one of the flag, else of the
// first of LC_ALL, LC_MESSAGES and LANG that is set, else English. env looks up a
// variable, like os.Getenv. A locale without words, such as C, gives English; a flag
// without words gives English and an [ErrLanguage].
func Language(flag string, env func(string) string) (string, error) {
	if flag != "" {
		tag, err := Parse(flag)
		return tagged(tag), err
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := env(name); locale != "" {
			tag, _ := Parse(locale)
			return tagged(tag), nil
		}
	}
	return languages[0], nil
}

// tagged returns the tag if it has words, else English.
func tagged(tag string) string {
	if slices.Contains(languages, tag) {
		return tag
	}
	return languages[0]
}
