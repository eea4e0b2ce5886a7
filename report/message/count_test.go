package message

import (
	"slices"
	"strings"
	"testing"
)

// uncounted are the messages with a {count} whose words are the same for 1 and for 2,
// and why.
var uncounted = map[ID]string{
	"backup.apps.files-not-proved": "a list after a colon: 1 of 12",
	"backup.missing.some":          "a list after a colon: 1 of 12",
	"backup.count.sms":             "SMS has no plural",
	"backup.count.mms":             "MMS has no plural",
}

// A number that people read has a form for one and a form for many, in every language
// that has both.
func TestCountsHaveForms(t *testing.T) {
	t.Parallel()
	for _, tag := range []string{"en", "es"} {
		c := catalogues[tag]()
		for id, m := range c.all() {
			names := arguments(t, m)
			if !slices.Contains(names, countArg) {
				continue
			}
			values := map[string]string{}
			for _, name := range names {
				values[name] = "x"
			}
			forms := make([]string, 2)
			for i := range forms {
				n := int64(i + 1)
				text, err := c.write(id, values, &n)
				if err != nil {
					t.Fatal(id, err)
				}
				forms[i] = text
			}
			if same := forms[0] == forms[1]; same != (uncounted[id] != "") {
				t.Errorf("%s: %s of 1 and of 2 is %q and %q, listed as uncounted: %q", tag, id, forms[0], forms[1], uncounted[id])
			}
		}
	}
}

// An error is behind or before a colon, so its words are no whole sentence.
func TestErrorsHaveNoStop(t *testing.T) {
	t.Parallel()
	for _, tag := range languages {
		for id, m := range catalogues[tag]().all() {
			if strings.HasPrefix(string(id), "error.") && (strings.HasSuffix(m.Other, ".") || strings.HasSuffix(m.Other, "。")) {
				t.Errorf("%s: %s ends with a stop: %q", tag, id, m.Other)
			}
		}
	}
}
