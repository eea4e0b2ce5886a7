package starthere

import (
	"errors"
	"os"
	"strings"
	"testing"

	"preship/report"
)

// The page leads to what people open, on every storage, and not to rows for programs.
func TestPageLeadsToTheData(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		below  string
		report *report.Report
	}{{"case", "backup/", &report.Report{}}, {"opened", "", nil}} {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		for _, dir := range []string{"storage/emulated/0/DCIM", "storage/emulated/999/DCIM", "storage/6132-3A29/DCIM", "items/raw"} {
			err = errors.Join(err, root.MkdirAll(tt.below+dir, 0o700))
		}
		for _, file := range []string{"calls.csv", "calls.jsonl", "contacts.vcf", "raw/contacts.given.vcf"} {
			err = errors.Join(err, root.WriteFile(tt.below+"items/"+file, nil, 0o600))
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := Page(Case{Root: root, Report: tt.report, Language: "en", Restore: "preship restore"})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"storage/emulated/0/DCIM", "storage/emulated/999/DCIM", "storage/6132-3A29/DCIM", "items/calls.csv", "items/contacts.vcf"} {
			if !strings.Contains(string(b), `href="`+tt.below+want+`"`) {
				t.Errorf("%s: no link to %s", tt.name, want)
			}
		}
		if strings.Contains(string(b), "jsonl") || strings.Contains(string(b), "given") {
			t.Errorf("%s: it leads to rows for programs:\n%s", tt.name, b)
		}
		if has := strings.Contains(string(b), "preship restore"); has != (tt.report != nil) {
			t.Errorf("%s: the command that brings the data back: %t", tt.name, has)
		}
	}
}

// A handset that may not be posted has no list for the parcel and no day to post it by. How
// the data comes back is there all the same.
func TestPageOfAHandsetThatStays(t *testing.T) {
	t.Parallel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, verdict := range []report.Verdict{report.VerdictReady, report.VerdictNotReady, report.VerdictFailed, report.VerdictIncomplete} {
		r := &report.Report{Verdict: verdict, Ticket: &report.Ticket{ID: "T-1", ShipBy: "2026-12-20"}}
		b, err := Page(Case{Root: root, Report: r, Language: "en", Restore: "preship restore"})
		if err != nil {
			t.Fatal(err)
		}
		stays := verdict != report.VerdictReady
		for text, want := range map[string]bool{"do not post the handset yet": stays, "2026-12-20": !stays, "label.pdf": !stays, "preship restore": true} {
			if strings.Contains(string(b), text) != want {
				t.Errorf("%s: %q stands on the page: %t\n%s", verdict, text, !want, b)
			}
		}
	}
}
