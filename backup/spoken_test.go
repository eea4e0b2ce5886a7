package backup_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"preship/backup/manifest"
	"preship/report"
	"preship/report/message"
)

var (
	// handsetWords match words that are the same in every language: answers of the handset, what
	// is in quotes, paths, names of columns, flags, and numbers.
	handsetWords = regexp.MustCompile(`(find|sha256sum): .*|java\.[a-z.A-Z]*: [^;]*|[Pp]ermission denied|Permission Denial[^;)]*|No such file or directory|Not a directory|"[^"]*"|«[^»]*»|“[^”]*”|\S*[/._:=-]\S*|\S*\d\S*`)
	englishWords = regexp.MustCompile(`(?i)\b(the|and|of|is|are|was|were|not|this|that|with|from|which|its?|your?|have|been|be|for|by|on|at|an|gave|too|many|more|lost|listed|saved|refused|file|apps?|handset)\b`)
	accented     = regexp.MustCompile(`[áéíóúüñÁÉÍÓÚÜÑ]`)
)

// inSpanish asserts that a sentence has Spanish words, and no English ones but those of
// the handset.
func (r *rig) inSpanish(what string, s message.Sentence) {
	r.t.Helper()
	text, known := s.In("es")
	left := accented.ReplaceAllString(handsetWords.ReplaceAllString(text, " "), "x")
	if word := englishWords.FindString(left); !known && !s.Empty() || word != "" {
		r.t.Errorf("%s in Spanish (word %q): %s", what, word, text)
	}
}

// spoken asserts that a person reads findings, reasons of files and missing rows in
// Spanish, with no English word but those of the handset.
func (r *rig) spoken(b report.Backup) {
	r.t.Helper()
	for _, f := range b.Findings {
		r.inSpanish(f.ID, f.Sentence())
		r.inSpanish(f.ID, f.Advised())
	}
	entries, _ := r.manifest()
	for name, e := range entries {
		r.inSpanish(name, e.Sentence())
	}
	lines, err := os.ReadFile(filepath.Join(r.dir, "backup", "items", manifest.MissingItem))
	if err != nil {
		return // nothing is missing, or it is encrypted
	}
	for line := range strings.Lines(string(lines)) {
		var m manifest.Missing
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.Message == nil {
			r.t.Errorf("missing row %q: %v", line, err)
			continue
		}
		r.inSpanish(m.What+" "+m.ID, *m.Message)
	}
}
