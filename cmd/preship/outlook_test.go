package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/report"
)

// wroteTo returns the commands of a case that changed something on the handset, such as a
// page that was opened for its owner.
func wroteTo(t *testing.T, dir string) (names []string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "evidence", "commands.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var entry struct {
			Name   string `json:"name"`
			Writes bool   `json:"writes"`
		}
		if err := json.Unmarshal(s.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Writes {
			names = append(names, entry.Name)
		}
	}
	return names
}

// asked is how a whole job went with a person who can be asked.
type askedJob struct {
	flags   []string // of the questions, in order
	told    string
	verdict report.Verdict
	written []string
}

// prepareAsked runs the whole job on an emulated handset and answers its questions.
func prepareAsked(t *testing.T, profile, dir, answer string) (a askedJob) {
	t.Helper()
	h, err := emulate(profile, "helpful", "")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var told bytes.Buffer
	e, _, _ := testEnv()
	e.Err, e.Now, e.InTTY = &told, time.Now, true
	e.ConfigDir = func() (string, error) { return filepath.Join(dir, "config"), nil }
	e.Asker = func(_ context.Context, flag, _ string) (string, error) {
		a.flags = append(a.flags, flag)
		if flag == "--confirm" {
			return "emulated", nil
		}
		return answer, nil
	}
	var opts jobOptions
	opts.Out, opts.Wait, opts.NoIntake = filepath.Join(dir, "cases"), demoWait, true
	g := &globals{adbAddr: s.Addr(), serial: h.Serial()}
	err = runPrepare(t.Context(), e, g, opts)
	a.told = told.String()
	found, globErr := filepath.Glob(filepath.Join(dir, "cases", "PS-*"))
	if globErr != nil || len(found) != 1 {
		t.Fatalf("%s: %v, cases %v\n%s", profile, err, found, a.told)
	}
	b, readErr := os.ReadFile(filepath.Join(found[0], "report.json"))
	var r report.Report
	if readErr != nil || json.Unmarshal(b, &r) != nil {
		t.Fatalf("%s: %v, no report\n%s", profile, err, a.told)
	}
	a.verdict, a.written = r.Verdict, wroteTo(t, found[0])
	return a
}

// questions are what a person who can be asked is asked on each profile, in order, if
// they say yes to everything; the last answer to a job that ends READY confirms the reset.
// A profile with no question stops for an answer read before any question.
var questions = map[string][]string{
	"android-emulator":       {"--confirm"},
	"mi-10-ultra":            {"--attest account.mi.unlinked", "--confirm"},
	"mi-5s":                  nil, // a switch opens contacts, and the battery is low
	"mi-6":                   nil, // an organisation
	"mi-9":                   {"--despite=backup.unreadable", "--attest account.mi.unlinked", "--confirm"},
	"mi-pad-4-xiaomi-eu":     nil, // another system
	"redmi-5a":               {"--attest account.mi.unlinked", "--confirm"},
	"redmi-8a":               {"--despite=backup.unreadable", "--attest account.mi.unlinked", "--confirm"},
	"redmi-k40":              {"--despite=backup.storage", "--attest account.mi.unlinked", "--confirm"},
	"redmi-k50-pro":          {"--attest lock.find-device.off", "--attest lock.debt.none", "--attest account.mi.unlinked", "--confirm"},
	"redmi-k50-pro-unlocked": {"--attest account.mi.unlinked", "--confirm"},
	"redmi-k60":              {"--despite=backup.unreadable", "--despite=backup.storage", "--attest account.mi.unlinked", "--confirm"},
	"redmi-k60-repair-mode":  nil, // not the owner's data
	"redmi-note-10":          {"--attest account.mi.unlinked", "--confirm"},
	"nubia-z17-mini-miui":    nil, // a port, not its maker's system
	"poco-x7-pro":            {"--attest account.mi.unlinked", "--confirm"},
	"redmi-15":               {"--attest account.mi.unlinked", "--confirm"},
	"redmi-note-14-5g":       nil, // a parent manages it
	"redmi-note-5a":          {"--attest account.mi.unlinked", "--confirm"},
	"xiaomi-15-pro":          {"--attest account.mi.unlinked", "--confirm"},
	"xiaomi-17-pro-max":      {"--despite=backup.unreadable", "--attest account.mi.unlinked", "--confirm"},
	"xiaomi-pad-5":           nil, // a switch opens contacts
	"xiaomi-pad-7":           {"--attest account.mi.unlinked", "--confirm"},
	"xiaomi-pad-8-pro":       {"--attest account.mi.unlinked", "--confirm"},
}

// TestNothingIsAskedInVain: on no profile a person is asked to sign out or to erase, and
// the job then refuses for a reason that was known from reading. Somebody who accepts no
// loss and vouches for nothing is asked to change nothing either.
func TestNothingIsAskedInVain(t *testing.T) {
	t.Parallel()
	var jobs sync.WaitGroup
	for _, profile := range adbtest.Profiles() {
		want, known := questions[profile]
		if !known {
			t.Errorf("%s: add the questions that are asked on it", profile)
		}
		jobs.Go(func() {
			a := prepareAsked(t, profile, t.TempDir(), "y")
			if !slices.Equal(a.flags, want) {
				t.Errorf("%s: asked for %q, want %q\n%s", profile, a.flags, want, a.told)
			}
			switch {
			case len(want) > 0 && a.verdict != report.VerdictReady:
				t.Errorf("%s: all was answered, and it is %s\n%s", profile, a.verdict, a.told)
			case len(want) == 0 && (a.verdict != report.VerdictNotReady || len(a.written) > 0):
				t.Errorf("%s: %s, and it was asked for %q\n%s", profile, a.verdict, a.written, a.told)
			}
		})
		if len(want) == 0 || want[0] == "--confirm" || want[0] == "--attest account.mi.unlinked" {
			continue // no stops it
		}
		jobs.Go(func() {
			a := prepareAsked(t, profile, t.TempDir(), "n")
			if len(a.flags) != 1 || a.verdict != report.VerdictNotReady || len(a.written) > 0 {
				t.Errorf("%s: after a no it is %s, was asked for %q, and changed by %q\n%s", profile, a.verdict, a.flags, a.written, a.told)
			}
			if !strings.Contains(a.told, "What you will do, in order") {
				t.Errorf("%s: there was no outlook\n%s", profile, a.told)
			}
		})
	}
	jobs.Wait()
}

// A handset that reports no IMEI: its owner is asked for it, or whether it has none, and
// the answer is in the report.
func TestIMEIIsAskedFor(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "handsets", "mi-5s.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var silent []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, "imei") && !strings.Contains(line, "meid") {
			silent = append(silent, line)
		}
	}
	profile := filepath.Join(t.TempDir(), "silent.txtar")
	if err := os.WriteFile(profile, []byte(strings.Join(silent, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	for answer, want := range map[string][]string{
		"864454033361571": {"--imei"},
		"864454033361572": {"--imei", "--imei", "--imei"}, // a wrong digit
		"":                {"--imei", "--attest identity.imei"},
	} {
		dir := t.TempDir()
		a := prepareAsked(t, profile, dir, answer)
		found, err := filepath.Glob(filepath.Join(dir, "cases", "PS-*", "report.json"))
		if err != nil || len(found) != 1 || !slices.Equal(a.flags, want) {
			t.Errorf("%q: asked for %q, want %q; %v\n%s", answer, a.flags, want, err, a.told)
			continue
		}
		b, err := os.ReadFile(found[0])
		var r report.Report
		if err != nil || json.Unmarshal(b, &r) != nil {
			t.Fatal(err)
		}
		if known := r.Handset != nil && len(r.Handset.IMEI) == 1 && r.Handset.IMEI[0].Source == report.SourceAttested; known != (len(want) == 1 && answer != "") {
			t.Errorf("%q: the report has the IMEI %t\n%s", answer, known, a.told)
		}
	}
}
