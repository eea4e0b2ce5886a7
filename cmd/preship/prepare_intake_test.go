package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/adbtest"
	"preship/report"
	"preship/report/check"
)

// The form is offered before the backup, and the consent is asked with it. A person who
// declines is asked nothing irreversible, and nothing is erased.
func TestPrepareAsksForTheFormFirst(t *testing.T) {
	t.Parallel()
	for consent, want := range map[string]report.Verdict{"y": report.VerdictReady, "n": report.VerdictNotReady} {
		dir := t.TempDir()
		h, err := emulate("redmi-note-10", "helpful", "")
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		s, err := adbtest.NewServer("", h)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		answers := []string{
			"y", "the screen stays black after a call", "Jordan Example", "jordan@example.net", "Calle Mayor 1", "a shop", "", "29.11.2025", "es", "868732053538038", "", consent,
		}
		var told bytes.Buffer
		var flags []string
		e, _, _ := testEnv()
		e.Err, e.Now, e.InTTY = &told, time.Now, true
		e.ConfigDir = func() (string, error) { return filepath.Join(dir, "config"), nil }
		e.Asker = func(_ context.Context, flag, question string) (string, error) {
			flags = append(flags, flag)
			told.WriteString(question + "\n")
			switch {
			case flag == "--confirm":
				return "emulated", nil
			case !strings.Contains(flag, "intake"):
				return "y", nil
			case len(answers) == 0:
				t.Fatalf("asked for more: %s", question)
			}
			answer := answers[0]
			answers = answers[1:]
			return answer, nil
		}
		var opts jobOptions
		opts.Out, opts.Wait, opts.Language = filepath.Join(dir, "cases"), demoWait, "en"
		_ = runPrepare(t.Context(), e, &globals{adbAddr: s.Addr(), serial: h.Serial()}, opts)
		found, err := filepath.Glob(filepath.Join(dir, "cases", "PS-*"))
		if err != nil || len(found) != 1 {
			t.Fatalf("%v, cases %v\n%s", err, found, &told)
		}
		b, err := os.ReadFile(filepath.Join(found[0], "report.json"))
		var r report.Report
		if err != nil || json.Unmarshal(b, &r) != nil || r.Verdict != want {
			t.Fatalf("consent %s: %v, %s, want %s\n%s", consent, err, r.Verdict, want, &told)
		}
		claim, err := os.ReadFile(filepath.Join(found[0], "claim.txt"))
		if consent == "n" {
			if slices.Contains(flags, "--confirm") || r.Step(report.StepReset).State != report.StepNotRun || r.Step(report.StepBackup).State != report.StepRefused {
				t.Errorf("declined, and the job went on: asked %q\n%s", flags, &told)
			}
			continue
		}
		f, _ := r.Step(report.StepReset).Findings.ByID(check.ResetReadyConsent)
		if f.Status != report.StatusPass || !strings.Contains(f.Summary, "Everything on this Redmi Note 10 is erased") {
			t.Errorf("the report says of the consent: %+v", f)
		}
		if err != nil || !strings.Contains(string(claim), "that the handset is erased: “Everything on this Redmi Note 10") {
			t.Errorf("%v; the claim is\n%s", err, claim)
		}
		text := told.String()
		message, saving := strings.Index(text, "including carriage both ways"), strings.Index(text, "2/6 ")
		if message < 0 || saving < message {
			t.Errorf("the message to send is not shown before the backup:\n%s", text)
		}
	}
}
