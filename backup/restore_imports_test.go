package backup_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/backup/restore"
	"preship/report/message"
)

// onlyImports restores messages and calls, and keeps the messages.
func onlyImports(said *[]string) restore.Options {
	return restore.Options{
		Only: []restore.Part{restore.PartMessages, restore.PartCalls},
		Say:  func(s message.Sentence) { *said = append(*said, s.String()) },
	}
}

// states returns the tables of a restore: name, state, rows before, after and wanted.
func states(res restore.Result) string {
	var all []string
	number := func(n *int64) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	for _, i := range res.Imports {
		all = append(all, fmt.Sprintf("%s %s %s %s/%d", i.Table, i.Status, number(i.Before), number(i.After), i.Wanted))
	}
	return strings.Join(all, ", ")
}

// leftOver returns the items that a restore calls not restored.
func leftOver(res restore.Result) (names []string) {
	for _, n := range res.NotRestored {
		names = append(names, filepath.Base(n.File))
	}
	return names
}

// insertCall writes one row of the profile's call log, as an app does that may.
func insertCall(t *testing.T, to *rig, date string) {
	t.Helper()
	line := "content insert --uri content://call_log/calls --bind number:s:+1 --bind date:l:" + date + " --bind type:i:1"
	if res, err := to.device.Shell(t.Context(), line, nil); err != nil || res.Exit != 0 || len(res.Stderr) > 0 {
		t.Fatalf("%v %s", err, res.Stderr)
	}
}

// TestRestoreImports: the files for an app go to the handset and are proved, and messages and
// calls are called restored only if the handset shows as many of the same times.
func TestRestoreImports(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", wholeProfile)
	r.mustRun()
	var dates []string
	for _, row := range r.lines("calls.jsonl") {
		dates = append(dates, fmt.Sprintf("%.0f", row["date"]))
	}
	var said []string
	if res := r.restoreTo(r, onlyImports(&said)); states(res) != "sms present 5 5/5, mms present 1 1/1, calls present 3 3/3" || len(said) > 0 ||
		slices.Contains(leftOver(res), "messages.html") || slices.Contains(leftOver(res), "calls.csv") {
		t.Errorf("to the same handset: %s, left %v, said %q", states(res), leftOver(res), said)
	}

	twin := wipedTwin(t, wholeProfile)
	dry := onlyImports(&said)
	dry.DryRun = true
	would := ""
	dry.Would = func(a restore.Action) { would += a.Do + " " + filepath.Base(a.What) + "\n" }
	if res := r.restoreTo(twin, dry); states(res) != "sms offered 0 0/5, mms offered 0 0/1, calls offered 0 0/3" || len(said) > 0 ||
		would != "send messages-from-backup.xml\nsend messages-from-backup.zip\nsend calls-from-backup.xml\nsend calls-from-backup.json\n" {
		t.Errorf("a dry run: %s, would %q, said %q", states(res), would, said)
	}

	o := onlyImports(&said)
	asked := []int64{}
	o.Imported = func(_ context.Context, missing int64) (bool, error) {
		if asked = append(asked, missing); len(asked) > len(dates) {
			return false, nil
		}
		insertCall(t, twin, dates[len(asked)-1])
		return true, nil
	}
	res := r.restoreTo(twin, o)
	if states(res) != "sms waiting 0 0/5, mms waiting 0 0/1, calls imported 0 3/3" || fmt.Sprint(asked) != "[9 8 7 6]" || len(res.Problems) > 0 {
		t.Errorf("%s, asked %v, problems %v", states(res), asked, res.Problems)
	}
	if left := leftOver(res); !slices.Contains(left, "messages.html") || slices.Contains(left, "calls.csv") {
		t.Errorf("left %v", left)
	}
	for name, item := range map[string]string{"messages-from-backup.xml": "messages.xml", "messages-from-backup.zip": "messages.zip", "calls-from-backup.xml": "calls.xml", "calls-from-backup.json": "calls.json"} {
		if got := twin.original("/storage/emulated/0/Download/" + name); string(got) != string(r.item(item)) {
			t.Errorf("%s is not the %s that was saved: %d bytes", name, item, len(got))
		}
	}
	text := strings.Join(said, "\n")
	for _, want := range []string{"default messaging app", "SMS Backup & Restore", "select there: messages-from-backup.xml, calls-from-backup.xml.", "SMS Import / Export", "messages-from-backup.zip, calls-from-backup.json.", "again"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in what was said:\n%s", want, text)
		}
	}

	// The second run counts, and sends only missing rows.
	said = nil
	if res := r.restoreTo(twin, onlyImports(&said)); states(res) != "sms waiting 0 0/5, mms waiting 0 0/1, calls present 3 3/3" || strings.Contains(strings.Join(said, ""), "calls-from-backup") {
		t.Errorf("a second run: %s, said %q", states(res), said)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "backup/items/messages.xml"), []byte("<smses/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := twin.remove("/sdcard/Download/messages-from-backup.xml"); err != nil {
		t.Fatal(err)
	}
	if res := r.restoreTo(twin, onlyImports(&said)); len(res.Problems) != 1 || !strings.Contains(res.Problems[0].What, "not sent") {
		t.Errorf("a damaged file: %v", res.Problems)
	}
}

// remove deletes a file on the handset.
func (r *rig) remove(path string) error {
	res, err := r.device.Shell(r.t.Context(), "rm "+path, nil)
	if err == nil && res.Exit != 0 {
		err = fmt.Errorf("%s", res.Stderr)
	}
	return err
}

// TestRestoreImportsCounts: a row counts once, by its time; other rows of the handset count
// for nothing; a table that is refused is unknown.
func TestRestoreImportsCounts(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", android13)
	r.mustRun()
	for _, tt := range []struct {
		name    string
		change  func(string) string
		trouble string
		want    string
	}{
		{"another time", func(p string) string { return strings.Replace(p, "\t1772000300000\t", "\t1772000300001\t", 1) }, "", "sms waiting 4 4/5, mms present 1 1/1, calls present 3 3/3"},
		{"one time twice", func(p string) string { return strings.Replace(p, "\t1772000300000\t", "\t1772000000000\t", 1) }, "", "sms waiting 4 4/5, mms present 1 1/1, calls present 3 3/3"},
		{"no call log", func(p string) string { return strings.Replace(p, "sdk]: [33]", "sdk]: [31]", 1) }, "", "sms present 5 5/5, mms present 1 1/1, calls unknown ? ?/3"},
		{"a row that throws", func(p string) string { return p }, "row uri=sms id=2", "sms unknown ? ?/5, mms present 1 1/1, calls present 3 3/3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			change := func(p string) string { return tt.change(android13(p)) }
			other := troubledRig(t, change, tt.trouble)
			var said []string
			if res := r.restoreTo(other, onlyImports(&said)); states(res) != tt.want || len(said) == 0 {
				t.Errorf("%s, want %s; said %q", states(res), tt.want, said)
			}
		})
	}
}
