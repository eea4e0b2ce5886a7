package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Pages of every kind of job, in every language, must hold no English text but
// what came out of a check, which is marked so.
func TestPagesAreTranslated(t *testing.T) {
	t.Parallel()
	english := regexp.MustCompile(`(?s)<(bdi|p|span|code|style)[^>]*(lang="en"|class="mono"|class="small soft")[^>]*>.*?</(bdi|p|span)>|<style>.*?</style>|<code.*?</code>|<svg.*?</svg>`)
	tag := regexp.MustCompile(`<[^>]*>`)
	for name, change := range variants {
		for _, l := range []string{"es", "zh"} {
			r := build(t, change)
			r.Language = l
			r.Ticket = &Ticket{ID: "T-1", RMA: "R-1", ShipBy: "2026-12-22"}
			b, err := renderHTML(&r, mustToken(t, &r))
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

// foreign says what an English text of the table should read in a language.
func foreign(line, l string) (string, bool) {
	for _, row := range slices.Concat(messages, sentences) {
		if row.en != line {
			continue
		}
		want := map[string]string{"es": row.es, "zh": row.zh}[l]
		return want, want != row.en
	}
	return "", false
}

func TestMessagesAreWhole(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`%(\[\d+\])?[a-z]`)
	seen := map[string]bool{}
	for _, row := range slices.Concat(messages, sentences, checkTitles) {
		if row.en == "" || row.es == "" || row.zh == "" || seen[row.en] {
			t.Errorf("row %q is empty or there twice", row)
		}
		seen[row.en] = true
		want := verb.FindAllString(row.en, -1)
		for _, text := range []string{row.es, row.zh} {
			if got := verb.FindAllString(text, -1); !slices.Equal(got, want) {
				t.Errorf("%q has %q, and %q has %q", row.en, want, text, got)
			}
		}
	}
	source := pageText
	for _, m := range regexp.MustCompile(`\{\{-? ?t "([^"]*)"`).FindAllStringSubmatch(source, -1) {
		if !seen[m[1]] {
			t.Errorf("the template says %q, which is in no table", m[1])
		}
	}
}

// A handset's own word must not be taken for a format or a key with one.
func TestTextOfAHandsetIsNoFormat(t *testing.T) {
	t.Parallel()
	for _, tag := range Languages {
		l := langNamed(tag)
		for _, s := range []string{"%s%s%n", "100 %d", "%!"} {
			if got := l.text(s); got != s {
				t.Errorf("%s: %q became %q", tag, s, got)
			}
		}
	}
	if got := langNamed("xx").tag; got != DefaultLanguage {
		t.Errorf("unknown language gives %q", got)
	}
	for n, want := range map[int64]string{1: "1 archivo", 1204: "1.204 archivos"} {
		if got := langNamed("es").files(n); got != want {
			t.Errorf("files(%d) = %q, want %q", n, got, want)
		}
	}
}

// A word that stands for nothing known is shown as that in every language.
func TestUnknownWordsAreUnknown(t *testing.T) {
	t.Parallel()
	for _, tag := range Languages {
		for v, want := range map[string]bool{"": true, Unknown: true, BootloaderLocked: false} {
			if f := wordFact(langNamed(tag), "Bootloader", v); f.Unknown != want {
				t.Errorf("%s: %q is unknown: %t", tag, v, f.Unknown)
			}
		}
	}
}

// The page cuts a text off after a length; what to do must stand before it.
func TestSentencesFitThePage(t *testing.T) {
	t.Parallel()
	for _, row := range sentences {
		for _, tag := range Languages {
			if text := row.in(tag); clip(text) != text {
				t.Errorf("%s: the page cuts off %q, which is %d characters long", tag, text, utf8.RuneCountInString(text))
			}
		}
	}
}
