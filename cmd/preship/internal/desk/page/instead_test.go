package page

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preship/report/message"
)

// elsewhere are the rooms and messages whose words no page shows.
var elsewhere = []string{
	"usage.", "help.", // of flags and commands
	"doctor.", "devices.", "demo.", "emulated.", "connect.", "cases.", // of commands that the page has no part of
	"advice.no-cable", "hint.server.demo", "hint.unreachable.", // of the command connect, and of a computer without a handset
	"key.ask.", "key.keyring", "key.agent.", "key.signing.", "key.trouble.", "key.empty", // of the signing key, which is loaded before the page opens
	"ask.erase", "ask.input", "ask.imei", "faultform.", "fault.picture.path", "form.how", "form.more.", "job.lost", // questions that howOf words
	"job.pick.ask", "job.others", // of a job that chooses its handset, and of one that no question can be asked in
	"fleet.",                                                                                                                         // of the screen of several handsets at a terminal
	"form.next", "form.template", "form.ask.photos", "intake.problem.group", "intake.problem.photos", "intake.problem.unknown-field", // of files and of the command intake
	"desk.link", "desk.unopened", // of the command itself
	"outcome.next.", "seal.paper.words", "page.code.proves", // of the terminal's end, and of paper
	"restore.import.ask", "saved.present", "saved.whole", "saved.archive.", "saved.open.", // of the commands restore and backup verify
	"key.not-verified",
	"error.not-report-code", "desk.password.enter", // these name no command
}

// command is what only a terminal understands.
var command = regexp.MustCompile(`\bpreship (?:accounts|adb|backup|cases|commands|connect|demo|desk|devices|disconnect|doctor|handset|identify|intake|key|prepare|report|reset|restore|verify)\b|--[a-z]|Ctrl-C|\bEnter\b|terminal`)

// wordsOf returns the words of every message in a language, as they are in its files.
func wordsOf(t *testing.T, language string) map[message.ID]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "..", "report", "message", "lang", language, "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	all := map[message.ID]string{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		room := map[message.ID]any{}
		if err := json.Unmarshal(b, &room); err != nil {
			t.Fatal(name, err)
		}
		for id, text := range room {
			all[id] = fmt.Sprint(text)
		}
	}
	return all
}

// The page sends nobody to a terminal.
func TestNoCommands(t *testing.T) {
	t.Parallel()
	argument := regexp.MustCompile(`\{[a-z-]+\}`)
	for _, language := range message.Languages() {
		all := wordsOf(t, language)
		for id, text := range all {
			shown := !slices.ContainsFunc(elsewhere, func(room string) bool { return strings.HasPrefix(string(id), room) })
			own, has := instead[id]
			switch {
			case shown && !has && command.MatchString(text):
				t.Errorf("%s names a command in %s, and the page has no words instead: %s", id, language, text)
			case has && command.MatchString(all[own]), has && all[own] == "":
				t.Errorf("%s in %s: %q", own, language, all[own])
			}
			if !has {
				continue
			}
			for _, a := range argument.FindAllString(all[own], -1) {
				if !strings.Contains(text, a) {
					t.Errorf("%s in %s: %s is no argument of %s", own, language, a, id)
				}
			}
		}
	}
}

// Words within words are those of the page too.
func TestWordsWithin(t *testing.T) {
	t.Parallel()
	s := message.Join(message.Stop, message.AsIs("x"), message.Say("finding.look-and-attest", "check", "a.b", "look", message.Say("reset.ready.backup.remedy")))
	if got, want := words("en", s), "x Press Resume: the backup is completed first. When you have seen it, press Resume, and answer when preship asks."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
