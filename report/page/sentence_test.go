package page

import (
	"encoding/json"
	"strings"
	"testing"

	"preship/report"
	"preship/report/casetest"
	"preship/report/message"
)

// The English is signed; a message that makes another text is not used.
func TestMessageMustMakeTheText(t *testing.T) {
	t.Parallel()
	var f report.Finding
	f.Tell(message.Say("clean.contacts.there", "count", 3))
	if got := langNamed("es").told(f); got.Text != "Hay 3 contactos en el teléfono." || got.English {
		t.Errorf("the page says %+v", got)
	}
	f.Summary = "4 contacts are on the handset."
	if got := langNamed("es").told(f); got.Text != f.Summary || !got.English {
		t.Errorf("the page says %+v of a finding that says %q", got, f.Summary)
	}
	f.Advise(message.Say("clean.remedy.look"))
	if f.Advise(message.Sentence{}); f.Remedy != "" || f.RemedyMessage != nil {
		t.Errorf("no advice leaves %q, %v", f.Remedy, f.RemedyMessage)
	}
}

// A finding of an earlier version keeps the English that was signed.
func TestMessageOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	const old = `{"id":"clean.contacts","status":"fail","method":"observed","summary":"there are 4 contacts","observed":"4","evidence":[],
"remedy":"look","at":"2026-01-01T00:00:00Z","message":{"summary":{"key":"there are %d contacts","args":[4]},"remedy":{"key":"%s","args":["look"]}}}`
	var f report.Finding
	if err := json.Unmarshal([]byte(old), &f); err != nil {
		t.Fatal(err)
	}
	if got := langNamed("es").told(f); got.Text != "there are 4 contacts" || !got.English {
		t.Errorf("the page says %+v", got)
	}
	if got := langNamed("es").advised(f); got == nil || got.Text != "look" || !got.English {
		t.Errorf("the page advises %+v", got)
	}
}

// Every reason a report gives by itself is translated.
func TestReasonsAreTranslated(t *testing.T) {
	t.Parallel()
	for name, change := range casetest.Variants {
		r := casetest.Report(t, change)
		for _, why := range r.Reasons {
			if why.Check != "" && !strings.HasSuffix(why.Check, "*") {
				continue // a sample's own words
			}
			for _, tag := range []string{"es", "zh"} {
				l := langNamed(tag)
				if got := l.why(why); got.English || strings.Contains(got.Text, "step") {
					t.Errorf("%s in %s: %q", name, tag, got.Text)
				}
				if got := l.next(why); got != nil && got.English {
					t.Errorf("%s in %s: %q", name, tag, got.Text)
				}
			}
		}
	}
}
