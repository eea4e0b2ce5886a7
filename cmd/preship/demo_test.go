package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/report"
	"preship/report/message"
)

// stopWords are the words of CONTRIBUTING's table for the checks that stop a job.
var stopWords = map[string]string{
	"backup.contacts":      "contacts are not given",
	"backup.storage":       "the second space is closed",
	"backup.unreadable":    "something is unreadable",
	"identity.system":      "the system is not its maker's",
	"lock.debt.none":       "a lender's lock cannot be seen",
	"lock.find-device.off": "Find Device cannot be seen",
	"lock.owner.none":      "it is managed",
	"lock.repair-mode.off": "it does not show the owner's data",
	"lock.reset.allowed":   "a reset is forbidden",
	"reset.ready.battery":  "the battery is low",
}

// follows are checks that fail because another one of stopWords does.
var follows = []string{"reset.ready.backup", "reset.ready.locks"}

// sameInAll matches words that are the same in every language: answers of the handset,
// text between quotes, commands, flags, IDs, paths, numbers, and names of models.
var sameInAll = regexp.MustCompile(`"[^"]*"|«[^»]*»|“[^”]*”|preship( [a-z]+)+|--[a-z-]+(=\S+)?|\S*[/._]\S*|\S*\d\S*`)

// englishWords are words that any English sentence has one of, and no Spanish one.
var englishWords = regexp.MustCompile(`(?i)\b(the|and|of|is|are|was|were|not|this|that|with|from|which|its?|your?|have|been|be|for|by|on|at|an|saved|apps?|handset|checks?|files?)\b`)

// accented are letters within Spanish words, at which a regular expression sees a word end.
var accented = regexp.MustCompile(`[áéíóúüñÁÉÍÓÚÜÑ]`)

// latinWords are words in a Chinese text.
var latinWords = regexp.MustCompile(`\b[a-z]{3,}\b`)

// englishIn returns the lines in which English is left.
func englishIn(text, language string) (lines []string) {
	for line := range strings.Lines(text) {
		left := accented.ReplaceAllString(sameInAll.ReplaceAllString(strings.ReplaceAll(line, "find: Permission denied", " "), " "), "x")
		for _, same := range []string{"recovery", "settings", "bench", "by-hand", "preship", "scrcpy", "root"} {
			left = strings.ReplaceAll(left, same, " ")
		}
		if englishWords.MatchString(left) || language == "zh" && latinWords.MatchString(left) {
			lines = append(lines, line)
		}
	}
	return lines
}

// On each profile the job ends where CONTRIBUTING says.
func TestContributingListsTheEndOfEachDemo(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|[^|]*\\| ([^|]*) \\| no \\|$").FindAllStringSubmatch(readDoc(t, "CONTRIBUTING.md"), -1) {
		said[m[1]] = m[2]
	}
	var demos sync.WaitGroup
	few := make(chan struct{}, 3) // all at once would keep each other from answering in time
	for i, profile := range adbtest.Profiles() {
		dir := t.TempDir()
		demos.Go(func() {
			few <- struct{}{}
			defer func() { <-few }()
			cell := said[profile]
			language := []string{"es", "zh"}[i%2]
			r, code, words := demoReport(t, profile, dir, language)
			for _, line := range englishIn(words, language) {
				t.Errorf("%s in %s: English in %q", profile, language, line)
			}
			if r == nil {
				t.Errorf("%s: exit %d, no report\n%s", profile, code, words)
				return
			}
			for _, step := range r.Steps {
				for _, f := range step.Findings {
					// The words of the handset within our sentence are its own.
					seen := f.Seen().Map(func(string) string { return "1" })
					raw := f.ObservedMessage == nil
					if raw { // all of it is the handset's, or should not be
						seen = message.AsIs(f.Observed)
					}
					text, known := seen.In(language)
					if !known || raw && (strings.HasPrefix(f.ID, "backup.") && f.Observed != "" || englishWords.MatchString(text)) || !raw && len(englishIn(text, language)) > 0 {
						t.Errorf("%s in %s: the pages show %s in English: %q", profile, language, f.ID, text)
					}
				}
			}
			if want := exitNotReady; r.Verdict == report.VerdictReady {
				want = exitReady
				if way, ok := strings.CutPrefix(cell, "READY by "); !ok || r.Reset == nil || !strings.HasPrefix(way, r.Reset.Way) || code != want {
					t.Errorf("%s: the table says %q; it is READY, reset %+v, exit %d", profile, cell, r.Reset, code)
				}
			} else if code != want || !strings.HasPrefix(cell, "stops: ") {
				t.Errorf("%s: the table says %q; it is %s, exit %d", profile, cell, r.Verdict, code)
			}
			if r.Verdict != report.VerdictReady {
				if changed := wroteTo(t, r.dir); len(changed) > 0 {
					t.Errorf("%s: it is %s, and its owner was asked for %q in vain", profile, r.Verdict, changed)
				}
			}
			stopped := map[string]bool{}
			for _, reason := range r.Reasons {
				if reason.Check == "" || slices.Contains(follows, reason.Check) {
					continue
				}
				stopped[reason.Check] = true
				if stopWords[reason.Check] == "" {
					t.Errorf("%s: it stops at %s, for which there are no words", profile, reason.Check)
				}
			}
			if r.Verdict != report.VerdictReady && len(stopped) == 0 {
				t.Errorf("%s: %s, and nothing says why: %+v", profile, r.Verdict, r.Reasons)
			}
			for check, words := range stopWords {
				if told := strings.Contains(cell, words); told != stopped[check] {
					t.Errorf("%s: the table says %q; that %s stopped it is %v", profile, cell, check, stopped[check])
				}
			}
		})
	}
	demos.Wait()
}

// sealedDemo is the report of a demo, and its case.
type sealedDemo struct {
	report.Report
	dir string
}

// demoReport is the report that a demo on a profile seals; nil: it sealed no report.
func demoReport(t *testing.T, profile, dir, language string) (r *sealedDemo, code exitCode, words string) {
	var out, told bytes.Buffer
	e, _, _ := testEnv()
	e.Out, e.Err, e.Now = &out, &told, time.Now
	e.ConfigDir = func() (string, error) { return filepath.Join(dir, "config"), nil }
	code = exitCode(run(t.Context(), []string{"demo", "--profile", profile, "--out", filepath.Join(dir, "cases"), "--lang", language}, e))
	r = &sealedDemo{dir: strings.TrimSpace(out.String())}
	b, err := os.ReadFile(filepath.Join(r.dir, "report.json"))
	if err != nil || json.Unmarshal(b, &r.Report) != nil {
		return nil, code, told.String()
	}
	return r, code, told.String()
}
