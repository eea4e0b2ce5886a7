package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"preship/report"
	"preship/report/casetest"
	"preship/report/message"
)

// Pages of every kind of job, in every language, must hold no English text but
// what came out of a check, which is marked so.
func TestPagesAreTranslated(t *testing.T) {
	t.Parallel()
	english := regexp.MustCompile(`(?s)<(bdi|p|span|code|style)[^>]*(lang="en"|class="mono"|class="small soft")[^>]*>.*?</(bdi|p|span)>|<style>.*?</style>|<code.*?</code>|<svg.*?</svg>`)
	tag := regexp.MustCompile(`<[^>]*>`)
	for name, change := range casetest.Variants {
		for _, l := range []string{"es", "zh"} {
			r := casetest.Report(t, change)
			r.Language = l
			r.Ticket = &report.Ticket{ID: "T-1", RMA: "R-1", ShipBy: "2026-12-22"}
			b, err := HTML(&r, token(t, &r))
			if err != nil {
				t.Fatal(err)
			}
			page := string(b)
			if !strings.Contains(page, `<html lang="`+l+`">`) {
				t.Errorf("%s: the page does not say it is in %s", name, l)
			}
			text := tag.ReplaceAllString(english.ReplaceAllString(page, ""), "\n")
			for line := range strings.SplitSeq(text, "\n") {
				line = strings.Trim(strings.TrimSpace(line), ":·–✓✕!? ")
				if row, ok := foreign(line, l); ok {
					t.Errorf("%s in %s: %q is still English, it should be %q", name, l, line, row)
				}
			}
		}
	}
}

// foreign says what an English text should read in a language.
func foreign(line, l string) (string, bool) {
	for id, text := range englishTexts() {
		if text != line {
			continue
		}
		want := langNamed(l).text(id)
		return want, want != text
	}
	return "", false
}

// englishTexts are the messages that have neither forms nor arguments.
var englishTexts = sync.OnceValue(func() map[message.ID]string {
	texts := map[message.ID]string{}
	names, err := filepath.Glob("../message/lang/en/*.json")
	if err != nil || len(names) == 0 {
		panic("no message files")
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var rows map[message.ID]any
		if err := json.Unmarshal(b, &rows); err != nil {
			panic(err)
		}
		for id, words := range rows {
			if text, ok := words.(string); ok && !strings.Contains(text, "{") {
				texts[id] = text
			}
		}
	}
	return texts
})

// A word that stands for nothing known is shown as that in every language.
func TestUnknownWordsAreUnknown(t *testing.T) {
	t.Parallel()
	for _, tag := range report.Languages {
		for v, want := range map[string]bool{"": true, report.Unknown: true, report.BootloaderLocked: false} {
			if f := wordFact(langNamed(tag), "page.fact.bootloader", bootloaderWords, v); f.Unknown != want {
				t.Errorf("%s: %q is unknown: %t", tag, v, f.Unknown)
			}
		}
	}
}

// The page cuts a text off after a length; what to do must be before it.
func TestSentencesFitThePage(t *testing.T) {
	t.Parallel()
	for id := range englishTexts() {
		if strings.HasPrefix(string(id), "help.") || strings.HasPrefix(string(id), "desk.") {
			continue // the help of commands is for a terminal, and these are for the desk page
		}
		for _, tag := range report.Languages {
			if text := langNamed(tag).text(id); clip(text) != text {
				t.Errorf("%s: the page cuts off %s, which is %d characters long", tag, id, utf8.RuneCountInString(text))
			}
		}
	}
}
