package page

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"preship/report/message"
)

// Every message that a template says has words in every language.
func TestTemplatesHaveWords(t *testing.T) {
	t.Parallel()
	said := regexp.MustCompile(`say "([a-z0-9.-]+)"`)
	files, err := fs.Glob(texts, "*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	n := 0
	for _, name := range files {
		b, err := texts.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(b), -1) {
			n++
			for _, language := range message.Languages() {
				if words, known := message.Say(message.ID(m[1])).In(language); !known || words == m[1] || strings.Contains(words, "{") {
					t.Errorf("%s: %s has no words in %s: %q", name, m[1], language, words)
				}
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d messages were found in the templates", n)
	}
}

// The policy of the page forbids script and style in its text.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script>|https?://`)
	files, _ := fs.Glob(texts, "*.tmpl")
	for _, name := range files {
		b, err := texts.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.FindString(string(b)); found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
}

// Text can be read, in the light and in the dark: 4.5 to 1, as WCAG asks.
func TestContrast(t *testing.T) {
	t.Parallel()
	b, err := assets.ReadFile("assets/desk.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(string(b), -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes", len(themes))
	}
	for i, theme := range themes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z]+):(#[0-9a-f]+)`).FindAllStringSubmatch(theme[1], -1) {
			colours[m[1]] = m[2]
		}
		for _, pair := range []string{
			"ink paper", "ink card", "soft paper", "soft card", "hot card", "hot paper", "onhot hot", "good paper", "good card", "good goodbg",
			"bad card", "bad paper", "bad badbg", "card bad", "warn warnbg", "focus card", "ink goodbg",
		} {
			ink, paper, _ := strings.Cut(pair, " ")
			if c := contrast(t, colours[ink], colours[paper]); c < 4.5 {
				t.Errorf("theme %d: %s on %s has %.2f to 1", i, ink, paper, c)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("%q: %v", colour, err)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
