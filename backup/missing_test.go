package backup_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb/adbtest"
	"preship/backup/restore"
	"preship/report"
	"preship/report/check"
	"preship/testdata"
)

// troubledRig is a full handset with which something is wrong.
func troubledRig(t *testing.T, change func(string) string, trouble string) *rig {
	t.Helper()
	b, err := testdata.Handsets.ReadFile("handsets/redmi-note-10.txtar")
	if err != nil {
		t.Fatal(err)
	}
	troubles, err := adbtest.ParseTrouble(strings.NewReader(trouble))
	if err != nil {
		t.Fatal(err)
	}
	return newRigOf(t, []byte(change(string(b))), troubles...)
}

// missing reads which things of a kind the backup says it does not hold.
func (r *rig) missing() (all []string) {
	r.t.Helper()
	if _, err := os.Stat(filepath.Join(r.dir, "backup", "items", "missing.jsonl")); err != nil {
		return nil
	}
	for _, m := range r.lines("missing.jsonl") {
		id := ""
		if m["id"] != nil {
			id = m["id"].(string)
		}
		all = append(all, fmt.Sprintf("%s %s", m["what"], id))
	}
	return all
}

// wholeAnd is a profile with pictures, apps with splits, and an invitation.
func wholeAnd(p string) string {
	p = withPictures(p)
	return strings.Replace(p, "-- tree.txt --\n", "-- content/com.android.calendar/attendees.tsv --\n"+
		"_id\tevent_id\tattendeeName\tattendeeEmail\tattendeeRelationship\tattendeeType\tattendeeStatus\n1\t2\tMum\tmum@example.com\t1\t1\t0\n"+
		"-- content/com.android.blockednumber/none.tsv --\n_id\n-- tree.txt --\n", 1)
}

// TestOneRowOfAKind: what throws at one row spoils nothing but that row. It is
// named, the kind is not called saved, and no switch is blamed.
func TestOneRowOfAKind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, trouble string
		finding       string
		missing       string // what and _id, in order
		items         string // of the kind, and how many
		want          int64
		file, holds   string // saved all the same
		never         string // and not in that file
	}{
		{
			"the file of an attachment is gone", "row uri=mms/part id=2 column=file", check.BackupMessages,
			"attachments of picture messages 2", "mms", 1, "messages.html", "attachment, image/jpeg", "mms/2-p.jpg",
		},
		{
			"nothing comes of an attachment", "row uri=mms/part id=2 column=file answer=ends", check.BackupMessages,
			"attachments of picture messages 2", "mms", 1, "messages.html", "attachment, image/jpeg", "mms/2-p.jpg",
		},
		{
			"a part throws at all its columns", "row uri=mms/part id=2", check.BackupMessages,
			"parts of picture messages 2, attachments of picture messages 2", "mms", 1, "messages.html", "hello", "",
		},
		{
			"the parts are refused", "row uri=mms/part", check.BackupMessages,
			"parts of picture messages 1, parts of picture messages 2, attachments of picture messages 1, attachments of picture messages 2", "mms", 1, "messages.html", "picture", "",
		},
		{
			"who sent it throws", "row uri=mms/1/addr", check.BackupMessages,
			"participants of picture messages 1", "mms", 1, "messages.html", "hello", "",
		},
		{
			"the text of one SMS throws", "row uri=sms id=2 column=body", check.BackupMessages,
			"SMS 2", "sms", 5, "messages.html", "ready for pick-up", "Thanks, read=0",
		},
		{
			"one SMS throws whatever is asked", "row uri=sms id=2 column=_id", check.BackupMessages,
			"SMS 2", "sms", 5, "messages.html", "ready for pick-up", "Thanks, read=0",
		},
		{
			"two SMS throw", "row uri=sms id=1\nrow uri=sms id=4", check.BackupMessages,
			"SMS 1, SMS 4", "sms", 5, "messages.html", "Thanks, read=0", "ready for pick-up",
		},
		{
			"every SMS throws", "row uri=sms", check.BackupMessages,
			"SMS ", "mms", 1, "messages.html", "hello", "ready for pick-up",
		},
		{
			"the picture messages throw", "row uri=mms", check.BackupMessages,
			"picture messages 1", "sms", 5, "messages.html", "ready for pick-up", "",
		},
		{
			"one vCard throws", "row uri=com.android.contacts/contacts/as_multi_vcard id=3", check.BackupContacts,
			"vCards of contacts 3", "contacts", 5, "contacts.vcf", "FN:Mum", "FN:Ärztin",
		},
		{
			"the vCards end early", "row uri=com.android.contacts/contacts/as_multi_vcard id=2 answer=ends", check.BackupContacts,
			"vCards of contacts 2", "contacts", 5, "contacts.vcf", "FN:Mum", "FN:李四",
		},
		{
			"every vCard throws", "row uri=com.android.contacts/contacts/as_multi_vcard", check.BackupContacts,
			"vCards of contacts ", "contacts", 5, "contacts.jsonl", "Mum", "",
		},
		{
			"one contact throws", "row uri=com.android.contacts/contacts id=3 column=lookup", check.BackupContacts,
			"contacts 3, vCards of contacts 3", "contacts", 5, "contacts.vcf", "FN:Mum", "FN:Ärztin",
		},
		{
			"the groups are refused", "row uri=com.android.contacts/groups column=_id", check.BackupContacts,
			"groups of contacts ", "contacts", 5, "contacts.vcf", "FN:Mum", "",
		},
		{
			"who is invited is refused", "row uri=com.android.calendar/attendees column=_id", check.BackupCalendar,
			"people invited to events ", "calendar", 2, "calendar.ics", "SUMMARY:Dentist", "",
		},
		{
			"one invitation throws", "row uri=com.android.calendar/attendees id=1", check.BackupCalendar,
			"people invited to events 1", "calendar", 2, "calendar.ics", "SUMMARY:Dentist", "",
		},
		{
			"a reminder throws", "row uri=com.android.calendar/reminders", check.BackupCalendar,
			"reminders 1", "calendar", 2, "calendar.ics", "SUMMARY:Dentist", "VALARM",
		},
		{
			"the calendars throw", "row uri=com.android.calendar/calendars", check.BackupCalendar,
			"calendars 1", "calendar", 2, "calendar.ics", "SUMMARY:Dentist", "",
		},
		{
			"one event throws", "row uri=com.android.calendar/events id=2", check.BackupCalendar,
			"events 2", "calendar", 2, "calendar.ics", "SUMMARY:Dentist", "SUMMARY:Birthday",
		},
		{
			"a call throws", "row uri=call_log/calls id=2", check.BackupCalls,
			"calls 2", "calls", 3, "calls.csv", "Mum", "",
		},
		{
			"a split of an app cannot be read", "deny path=/data/app/*/com.example.notes-*/split_config.en.apk", check.BackupApps,
			"apps com.example.notes", "apps", 2, "apps.jsonl", "com.example.notes", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := troubledRig(t, wholeAnd, tt.trouble)
			b := r.mustRun()
			f := finding(t, b, tt.finding)
			if f.Status != report.StatusFail {
				t.Errorf("%s: %s %s", f.ID, f.Status, f.Summary)
			}
			if got := strings.Join(r.missing(), ", "); got != tt.missing {
				t.Errorf("missing %q, want %q", got, tt.missing)
			}
			if strings.Contains(f.Summary+f.Remedy, "USB debugging") || !strings.Contains(f.Remedy, "--despite="+tt.finding) {
				t.Errorf("remedy: %s", f.Remedy)
			}
			if !strings.Contains(f.Summary, "Not saved: ") {
				t.Errorf("summary: %s", f.Summary)
			}
			if n := b.Items[tt.items]; n == nil || *n != tt.want {
				t.Errorf("%s: %v, want %d", tt.items, n, tt.want)
			}
			got := string(r.item(tt.file))
			if !strings.Contains(got, tt.holds) || tt.never != "" && strings.Contains(got, tt.never) {
				t.Errorf("%s is\n%s", tt.file, got)
			}
		})
	}
}

// TestOneRowOnce: a row at which the provider throws once and then answers is saved, and
// not called missing.
func TestOneRowOnce(t *testing.T) {
	t.Parallel()
	r := troubledRig(t, wholeAnd, "row uri=mms/part id=2 column=file times=1\nrow uri=sms id=2 times=1\n"+
		"row uri=com.android.contacts/contacts/as_multi_vcard id=3 times=1\nrow uri=com.android.calendar/events id=2 column=title times=1\n")
	b := r.mustRun()
	for _, id := range []string{check.BackupMessages, check.BackupContacts, check.BackupCalendar} {
		wantStatus(t, b, id, report.StatusPass)
	}
	if got := r.missing(); got != nil {
		t.Errorf("missing %v", got)
	}
	if !strings.Contains(string(r.item("messages.html")), `href="mms/2-p.jpg"`) || strings.Count(string(r.item("contacts.vcf")), "BEGIN:VCARD") != 5 {
		t.Error("the attachment that was asked for again is not saved")
	}
}

// TestOneRowOfMany: one row of a long table costs few questions.
func TestOneRowOfMany(t *testing.T) {
	t.Parallel()
	many := func(p string) string {
		var rows strings.Builder
		for id := 10; id < 1500; id++ {
			fmt.Fprintf(&rows, "%d\t1\t+15550100001\t1772000000000\t1\t1\t\\N\ttext %d\t\\N\t0\t0\t-1\t0\t\\N\t0\t0\t1\t1\tcom.android.mms\n", id, id)
		}
		return strings.Replace(p, "-- content/mms.tsv --\n", rows.String()+"-- content/mms.tsv --\n", 1)
	}
	r := troubledRig(t, many, "row uri=sms id=777")
	b := r.mustRun()
	if got := strings.Join(r.missing(), ", "); got != "SMS 777" {
		t.Errorf("missing %q", got)
	}
	if n := b.Items["sms"]; n == nil || *n != 1495 {
		t.Errorf("%v SMS, want 1495", n)
	}
	if n := r.shells("content query --uri content://sms "); n > 80 {
		t.Errorf("%d questions", n)
	}
	page := string(r.item("messages.html"))
	if !strings.Contains(page, "text 776<") || !strings.Contains(page, "text 778<") || strings.Contains(page, "text 777<") {
		t.Error("the page lacks the neighbours, or has a kind that was refused")
	}
}

// TestRestoreNamesMissingRows: what a backup does not hold is named when it goes
// back, and the contacts that it holds are imported all the same.
func TestRestoreNamesMissingRows(t *testing.T) {
	t.Parallel()
	r := troubledRig(t, wholeAnd, "row uri=com.android.contacts/contacts/as_multi_vcard id=3\nrow uri=mms/part id=2 column=file\n")
	r.mustRun()
	twin := wipedTwin(t, wholeProfile)
	res := r.restoreTo(twin, importing)
	if len(res.Missing) != 2 || res.Missing[0].ID != "3" || res.Missing[0].Name != "Ärztin, Praxis" || res.Missing[1].Kind != check.BackupMessages {
		t.Errorf("missing %+v", res.Missing)
	}
	if c := res.Contacts; c.Status != restore.ContactsImported || c.Wanted != 4 || *c.After != 4 {
		t.Errorf("contacts %+v", c)
	}
	if res := r.restoreTo(twin, restore.Options{Only: []restore.Part{restore.PartFiles}}); len(res.Missing) != 1 || res.Missing[0].ID != "2" {
		t.Errorf("files alone: missing %+v", res.Missing)
	}
}

// TestMissingKeepsSavedFiles: a run that gets less than the one before it keeps
// what that one saved, and a run that gets all says that nothing is missing.
func TestMissingKeepsSavedFiles(t *testing.T) {
	t.Parallel()
	whole := troubledRig(t, wholeAnd, "")
	whole.mustRun()
	all := string(whole.item("contacts.vcf"))
	r := troubledRig(t, wholeAnd, "row uri=com.android.contacts/contacts/as_multi_vcard id=3\nrow uri=sms id=2 column=body\n")
	r.dir = whole.dir
	r.mustRun()
	if got := string(r.item("earlier-1.contacts.vcf")); got != all {
		t.Errorf("the earlier vCards are\n%s", got)
	}
	if !strings.Contains(string(r.item("earlier-1.sms.jsonl")), "Thanks, read=0") {
		t.Error("the earlier SMS are gone")
	}
	if got := r.missing(); len(got) != 2 {
		t.Errorf("missing %v", got)
	}
	whole.mustRun()
	if got := whole.missing(); got != nil {
		t.Errorf("still missing %v", got)
	}
	if got := string(whole.item("contacts.vcf")); got != all {
		t.Errorf("vCards are\n%s", got)
	}
}

// TestMissingEncrypted: the list of missing rows is encrypted like all items, and so are
// the items of an earlier run.
func TestMissingEncrypted(t *testing.T) {
	t.Parallel()
	whole := troubledRig(t, wholeAnd, "")
	to, key := ageKey(t)
	whole.options.Encrypt.To = to
	whole.mustRun()
	r := troubledRig(t, wholeAnd, "row uri=com.android.contacts/contacts/as_multi_vcard id=3\n")
	r.dir = whole.dir
	r.mustRun()
	for _, name := range []string{"missing.jsonl.age", "earlier-1.contacts.vcf.age", "contacts.vcf.age"} {
		if _, err := os.Stat(filepath.Join(r.dir, "backup", "items", name)); err != nil {
			t.Error(err)
		}
	}
	r.mustOpen(key)
	twin := wipedTwin(t, wholeProfile)
	res := r.restoreTo(twin, restore.Options{Only: []restore.Part{restore.PartContacts}, ImportWait: importing.ImportWait, Key: key})
	if c := res.Contacts; len(res.Missing) != 1 || c.Status != restore.ContactsImported || c.Wanted != 4 {
		t.Errorf("missing %+v, contacts %+v", res.Missing, c)
	}
}

// TestRefusalAdvises: a switch is advised only where the handset does not answer who
// asks; an error of its provider is called one.
func TestRefusalAdvises(t *testing.T) {
	t.Parallel()
	broken := troubledRig(t, android13, "row uri=call_log/calls column=_id\n"+
		"row uri=com.android.contacts/contacts column=_id\nrow uri=com.android.contacts/raw_contacts column=_id\n"+
		"row uri=com.android.contacts/data column=_id\nrow uri=com.android.contacts/groups column=_id\n"+
		"row uri=sms column=_id\nrow uri=mms column=_id\nrow uri=mms/part column=_id\n").mustRun()
	for _, id := range []string{check.BackupContacts, check.BackupMessages, check.BackupCalls} {
		f := finding(t, broken, id)
		if f.Status != report.StatusFail || !strings.Contains(f.Summary, "answers with an error") ||
			strings.Contains(f.Remedy, "USB debugging") || !strings.Contains(f.Remedy, "--despite="+id) {
			t.Errorf("%s: %s %s; %s", id, f.Status, f.Summary, f.Remedy)
		}
	}
	denied := fullRig(t, "redmi-note-10", func(p string) string {
		return strings.Replace(p, "[persist.security.adbinput]: [1]", "[persist.security.adbinput]: [0]", 1)
	}).mustRun()
	f := finding(t, denied, check.BackupContacts)
	if f.Status != report.StatusFail || !strings.Contains(f.Remedy, "USB debugging (Security settings)") {
		t.Errorf("denied: %s %s; %s", f.Status, f.Summary, f.Remedy)
	}
	wantStatus(t, denied, check.BackupCalls, report.StatusWarn)
}

// TestManyBadRows: where a handset throws at more rows than it can be asked about
// one by one, those that were read till then are saved, and the others are counted.
func TestManyBadRows(t *testing.T) {
	t.Parallel()
	var rows, trouble strings.Builder
	for i := 100; i < 1100; i++ {
		fmt.Fprintf(&rows, "%d\t1\t+15550100001\t177200000%04d\t1\t1\t\\N\tmessage %d\t\\N\t0\t0\t-1\t0\t\\N\t0\t0\t1\t1\tcom.android.mms\n", i, i, i)
		if i%5 == 0 {
			fmt.Fprintf(&trouble, "row uri=sms id=%d\n", i)
		}
	}
	r := troubledRig(t, func(p string) string {
		return strings.Replace(p, "-- content/mms.tsv --\n", rows.String()+"-- content/mms.tsv --\n", 1)
	}, trouble.String())
	f := finding(t, r.mustRun(), check.BackupMessages)
	if f.Status != report.StatusFail || !strings.Contains(f.Summary, " of 1005 (100, 105, 110, ") {
		t.Errorf("%s: %s", f.Status, f.Summary)
	}
	page := string(r.item("messages.html"))
	if n := strings.Count(page, ">message") + strings.Count(page, "\nmessage"); n < 150 || len(r.missing())+n < 1000 {
		t.Errorf("%d messages saved and %d named as missing, of 1000", n, len(r.missing()))
	}
}
