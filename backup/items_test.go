package backup_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/backup/manifest"
	"preship/backup/provider"
	"preship/report"
	"preship/report/check"
	"preship/testdata"
)

// fullRig returns a rig of a profile with contacts and messages.
func fullRig(t *testing.T, name string, change func(profile string) string) *rig {
	t.Helper()
	b, err := testdata.Handsets.ReadFile("handsets/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return newRigOf(t, []byte(change(string(b))))
}

// android13 makes a profile that gives the call log, and has the files of an app.
func android13(profile string) string {
	profile = strings.Replace(profile, "[ro.build.version.sdk]: [31]", "[ro.build.version.sdk]: [33]", 1)
	var apks strings.Builder
	for seed, name := range []string{"base", "split_config.arm64_v8a", "split_config.en"} {
		fmt.Fprintf(&apks, "data - - 2026-03-01T10:00:02Z /data/app/~~u3zcUID1XGr2ZfGNqbGeRA==/com.example.notes-XcIwZriiEGt-2yOWBdTZjg==/%s.apk 50000 %d\n", name, 7+seed)
	}
	return profile + apks.String()
}

func (r *rig) item(name string) []byte {
	r.t.Helper()
	if manifest.IsRows(name) {
		name = manifest.RawDir + name
	}
	b, err := os.ReadFile(filepath.Join(r.dir, "backup", "items", filepath.FromSlash(name)))
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

// lines reads an item of JSON lines.
func (r *rig) lines(name string) (rows []map[string]any) {
	r.t.Helper()
	in := bufio.NewScanner(bytes.NewReader(r.item(name)))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var row map[string]any
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			r.t.Fatalf("%s: %v: %s", name, err, in.Bytes())
		}
		rows = append(rows, row)
	}
	return rows
}

func TestRunSavesItems(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", android13)
	b := r.mustRun()
	for item, want := range map[string]int64{"contacts": 5, "sms": 5, "mms": 1, "calls": 3, "calendar": 2, "apps": 3, "wifi": 1} {
		if got := b.Items[item]; got == nil || *got != want {
			t.Errorf("%s: %v, want %d", item, got, want)
		}
	}
	for _, id := range []string{check.BackupContacts, check.BackupCalls, check.BackupCalendar, check.BackupApps, check.BackupSettings} {
		wantStatus(t, b, id, report.StatusPass)
	}
	if f := finding(t, b, check.BackupUnsaveable); f.Status != report.StatusSkipped || !strings.Contains(f.Summary, "WhatsApp (com.whatsapp)") {
		t.Errorf("unsaveable: %s %s", f.Status, f.Summary)
	}
	more := finding(t, b, check.BackupSettings)
	if !strings.Contains(more.Summary, "the personal dictionary cannot be read") || !strings.Contains(more.Summary, "blocked numbers cannot be read") ||
		!strings.Contains(more.Summary, "SecurityException") {
		t.Errorf("the refused kinds are not named: %s", more.Summary)
	}
	sms := r.lines("sms.jsonl")
	for i, want := range []any{"Your handset is ready for pick-up.", "Thanks, read=0, type=1", "第一行\nRow: 3 _id=99, body=not a row", "NULL", nil} {
		if got := sms[i]["body"]; got != want {
			t.Errorf("message %d is %q, want %q", i, got, want)
		}
	}
	if got := sms[0]["date"]; got != 1772000000000.0 {
		t.Errorf("date of a message: %v", got)
	}
	if got := sms[3]["subject"]; got != "NULL" {
		t.Errorf("the subject NULL is %v", got)
	}
	if got := r.lines("contacts.data.jsonl")[6]["data1"]; got != "+49 30 5550102" {
		t.Errorf("a contact's number is %v", got)
	}
	apps := r.lines("apps.jsonl")
	if apps[1]["package"] != "com.example.notes" || apps[1]["version"] != "1.4" || len(apps[1]["files"].([]any)) != 3 {
		t.Errorf("app %v", apps[1])
	}
}

// TestRunWritesFilesForPeople: no text of a stranger becomes markup, a formula, or another
// property.
func TestRunWritesFilesForPeople(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", func(p string) string {
		p = strings.Replace(p, "Thanks, read=0, type=1", "<script>alert(1)</script>", 1)
		p = strings.Replace(p, "1\tMum ❤️\t1\tUS", "1\t=cmd|' /C calc'!A0\t1\tUS", 1)
		return android13(strings.Replace(p, `bring cake\nand candles`, `cake\nEND:VEVENT\nBEGIN:VEVENT`, 1))
	})
	r.mustRun()
	for _, tt := range []struct{ item, want, never string }{
		{"messages.html", "&lt;script&gt;", "<script>"},
		{"calls.csv", ",'=cmd|", ",=cmd|"},
		{"calendar.ics", `DESCRIPTION:cake\nEND:VEVENT`, "\nEND:VEVENT\nBEGIN"},
		{"contacts.vcf", "FN:李四\r\n", "QUOTED-PRINTABLE"},
		{"contacts.vcf", `FN:Ärztin\, Praxis`, "VERSION:2.1"},
		{"raw/contacts.given.vcf", "QUOTED-PRINTABLE", "VERSION:3.0"},
	} {
		text := string(r.item(tt.item))
		if !strings.Contains(text, tt.want) || strings.Contains(text, tt.never) {
			t.Errorf("%s: want %q and not %q:\n%s", tt.item, tt.want, tt.never, text)
		}
	}
	if n := strings.Count(string(r.item("calendar.ics")), "\r\nBEGIN:VEVENT"); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

// TestRunNamesRefusals: an exit status of 0 and an empty answer do not prove that there are
// no rows.
func TestRunNamesRefusals(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", func(p string) string { return p })
	b := r.mustRun()
	f := finding(t, b, check.BackupCalls)
	if f.Status != report.StatusWarn || !strings.Contains(f.Observed, "READ_CALL_LOG") || !strings.Contains(f.Remedy, "own backup") {
		t.Errorf("call log: %s %s, %s (%s)", f.Status, f.Summary, f.Observed, f.Remedy)
	}
	if n := b.Items["calls"]; n != nil {
		t.Errorf("%d calls of a call log that was refused", *n)
	}
}

// TestCheckCoversItems: the hash of an item is compared like that of a file.
func TestCheckCoversItems(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", android13)
	r.mustRun()
	if err := flip(filepath.Join(r.dir, "backup", "items", "raw", "sms.jsonl"), 40); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "backup", "items", "more.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got := r.check(true).Problems
	if len(got) != 2 || got[0].File != "backup/items/more.txt" || got[1].File != "backup/items/raw/sms.jsonl" {
		t.Errorf("problems %v", got)
	}
	// The next run writes the messages again, and keeps the files of other items.
	r.mustRun()
}

// TestRunNamesRCS: chats over the internet are named where the app that has them is there, in
// the outlook too, and the conversations of which some messages are mirrored are counted.
func TestRunNamesRCS(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", func(p string) string {
		p = strings.Replace(p, "com.miui.home 4.39", "com.google.android.apps.messaging 2026 system 2009-01-01T08:00:00 /product/app/Messages/Messages.apk\ncom.miui.home 4.39", 1)
		return strings.Replace(p, "1\t1\t\\N\t+15550100004\t137\t106\n", "1\t1\t\\N\tAbC12@rcs.google.com\t137\t106\n", 1)
	})
	b := r.mustRun()
	wantStatus(t, b, check.BackupMessages, report.StatusWarn)
	if f := finding(t, b, check.BackupMessages); !strings.Contains(f.Summary, "1 conversation went over the internet") || strings.Contains(f.Summary, "@") {
		t.Errorf("messages: %s", f.Summary)
	}
	if page := string(r.item("messages.html")); strings.Count(page, "Part of this conversation") != 1 {
		t.Errorf("the page marks no conversation:\n%s", page)
	}
	p, err := provider.Look(t.Context(), asker{r.device}.Ask)
	if err != nil {
		t.Fatal(err)
	}
	ahead, _ := p.Findings.ByID(check.BackupUnsaveable)
	for _, f := range []report.Finding{finding(t, b, check.BackupUnsaveable), ahead} {
		if !strings.Contains(f.Summary, "Google Messages (com.google.android.apps.messaging)") || !strings.Contains(f.Summary, "RCS chats") || !strings.Contains(f.Remedy, "Google Messages: save chats") {
			t.Errorf("unsaveable: %s %s", f.Summary, f.Remedy)
		}
	}
}

// TestRowsOfAnEarlierVersion: earlier versions kept the rows beside the pages. They stay
// there, are checked, and are the rows of the item.
func TestRowsOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", android13)
	r.mustRun()
	rows := "sms.jsonl"
	want := r.item(rows)
	items := filepath.Join(r.dir, "backup", "items")
	found, err := filepath.Glob(filepath.Join(items, "*.jsonl"))
	if err != nil || len(found) > 0 {
		t.Errorf("rows beside the pages: %v, %v", found, err)
	}
	name := filepath.Join(r.dir, manifest.Name)
	m, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	moved, err := filepath.Glob(filepath.Join(items, "raw", "*.jsonl"))
	if err != nil || len(moved) < 5 {
		t.Fatal(moved, err)
	}
	for _, file := range moved {
		base := filepath.Base(file)
		m = bytes.ReplaceAll(m, []byte("backup/items/raw/"+base), []byte("backup/items/"+base))
		if err := os.Rename(file, filepath.Join(items, base)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, m, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := r.check(true).Problems; len(got) > 0 {
		t.Errorf("problems %v", got)
	}
	r.mustRun()
	if got, err := os.ReadFile(filepath.Join(items, rows)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the rows are gone or others: %v", err)
	}
	if _, err := os.Stat(filepath.Join(items, "raw", rows)); err == nil {
		t.Error("the case has the rows twice")
	}
}
