package intake

import (
	"fmt"
	"strings"

	"preship/report/message"
)

// Template returns an empty form as YAML, with each field described in the language. It
// leaves out what only preship writes.
func Template(language string) string {
	say := func(s message.Sentence) string {
		words, _ := s.In(language)
		return words
	}
	var b strings.Builder
	comment := func(indent, text string) {
		for line := range strings.SplitSeq(text, "\n") {
			fmt.Fprintf(&b, "%s# %s\n", indent, line)
		}
	}
	comment("", say(message.Say("form.template")))
	group := ""
	for _, f := range Fields {
		if f.kind == asPhotos {
			continue
		}
		name, field, _ := strings.Cut(f.Name, ".")
		if name != group {
			group = name
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		words := say(message.Say(f.Ask))
		if f.Needed() {
			words = say(message.Say("form.template.needed", "question", words))
		}
		comment("  ", words)
		fmt.Fprintf(&b, "  %s:\n", field)
	}
	return b.String()
}
