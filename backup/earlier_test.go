package backup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preship/backup/manifest"
	"preship/backup/meter"
	"preship/backup/restore"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
)

// remember writes a result into the case, as preship does.
func (r *rig) remember(b report.Backup) {
	r.t.Helper()
	c, err := casedir.Open(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	defer c.Close()
	raw, err := json.Marshal(b)
	if err == nil {
		err = c.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepDone, Data: raw, Findings: b.Findings})
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) text(item string) string { return string(r.item(item)) }

const (
	dropContact = "content delete --uri content://com.android.contacts/contacts --where _id=1; content delete --uri content://com.android.contacts/raw_contacts --where _id=1;" +
		"content delete --uri content://com.android.contacts/data --where raw_contact_id=1"
	addContact = "content insert --uri content://com.android.contacts/contacts --bind _id:i:9 --bind lookup:s:0r9 --bind display_name:s:Nueva --bind photo_id:n: --bind has_phone_number:i:0;" +
		"content insert --uri content://com.android.contacts/raw_contacts --bind _id:i:9 --bind contact_id:i:9 --bind display_name:s:Nueva --bind deleted:i:0 --bind version:i:1"
)

// TestSignedOutContactsStay: the owner signs out of the account, so that its contacts are
// removed from the handset, and the backup is made again. The saved contacts stay.
func TestSignedOutContactsStay(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", strings.Clone)
	r.remember(r.mustRun())
	all := r.text("contacts.vcf")

	r.sh(dropContact)
	if c, err := r.changes(); err != nil || len(c.Rows)+len(c.Hidden) > 0 {
		t.Errorf("a contact that is gone is a change: %+v, %v", c, err)
	}
	b := r.mustRun()
	f, _ := b.Findings.ByID(check.BackupContacts)
	if got := r.text("contacts.vcf"); got != all || f.Status != report.StatusPass || *b.Items["contacts"] != 5 {
		t.Errorf("%d contacts, %s: %s; want the 5 saved before", strings.Count(got, "END:VCARD"), f.Status, f.Summary)
	}
	r.remember(b)

	r.sh(addContact)
	c, err := r.changes()
	if err != nil || len(c.Rows) != 1 || c.Rows[0].String() != "1 contact" {
		t.Fatalf("a new contact: %+v, %v, want 1", c, err)
	}
	b = r.mustRun()
	f, _ = b.Findings.ByID(check.BackupContacts)
	if got := r.text("contacts.vcf"); !strings.Contains(got, "Nueva") || f.Status != report.StatusWarn {
		t.Errorf("%s: %s; want the new contact, and a warning\n%s", f.Status, f.Summary, got)
	}
	if got := r.text("earlier-1.contacts.vcf"); got != all {
		t.Errorf("the first saved file has %d contacts, want all 5", strings.Count(got, "END:VCARD"))
	}
	for _, table := range []string{"contacts", "contacts.raw", "contacts.data"} {
		if !strings.Contains(r.text("earlier-1."+table+".jsonl"), "Workshop") {
			t.Errorf("the row of the contact that is gone is in no %s.jsonl", table)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, "backup", "items", "raw", "earlier-1.contacts.groups.jsonl")); err == nil {
		t.Error("groups that did not change are kept twice")
	}
	if c, err := r.changes(); err != nil || len(c.Rows)+len(c.Hidden) > 0 {
		t.Errorf("after the new contact is saved: %+v, %v, want no change", c, err)
	}
}

// TestHiddenContactsStay: signing out turned off the switch that lets the shell read
// contacts, so that the handset shows no contacts.
func TestHiddenContactsStay(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", strings.Clone)
	r.remember(r.mustRun())
	all := r.text("contacts.vcf")
	r.sh("setprop persist.security.adbinput 0")
	for range 2 { // the second time the earlier run did not see them either
		c, err := r.changes()
		if err != nil || len(c.Rows) > 0 || len(c.Hidden) == 0 || c.Hidden[0].String() != "contacts" {
			t.Errorf("%+v, %v; want contacts that are hidden", c, err)
		}
		b := r.mustRun()
		f, _ := b.Findings.ByID(check.BackupContacts)
		if got := r.text("contacts.vcf"); got != all || f.Status != report.StatusWarn || *b.Items["contacts"] != 5 {
			t.Errorf("%s: %s; want a warning, and the contacts saved before", f.Status, f.Summary)
		}
		r.remember(b)
	}
}

// TestContactsStayAfterOtherRuns: the contacts of an account are removed after they were
// saved, and the case has lost a part of that run's records. They are still among the
// items.
func TestContactsStayAfterOtherRuns(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(r *rig){
		"a run that ended while it copied":            func(r *rig) { r.endAt(meter.PhaseCopying) },
		"a run that ended while it asked the handset": func(r *rig) { r.endAt(meter.PhaseItems) },
		"two runs that ended":                         func(r *rig) { r.endAt(meter.PhaseCopying); r.endAt(meter.PhaseItems) },
		"an older version of preship": func(r *rig) { // whose manifest names no rows
			name := filepath.Join(r.dir, manifest.Name)
			b, err := os.ReadFile(name)
			b, _, ok := bytes.Cut(b, []byte(`,"rows":`))
			if err == nil && ok {
				err = os.WriteFile(name, append(b, "}\n"...), 0o600)
			}
			if err != nil || !ok {
				r.t.Fatal(ok, err)
			}
		},
		"a run that was refused them, after one that lacked a vCard": func(r *rig) {
			r.forget(check.BackupContacts)
			r.sh("setprop persist.security.adbinput 0")
			r.remember(r.mustRun())
			r.sh("setprop persist.security.adbinput 1")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := fullRig(t, "redmi-note-10", strings.Clone)
			r.remember(r.mustRun())
			all := r.text("contacts.vcf")
			r.sh(dropContact)
			between(r)
			b := r.mustRun()
			f, _ := b.Findings.ByID(check.BackupContacts)
			if got := r.text("earlier-1.contacts.vcf"); got != all || f.Status != report.StatusWarn || !strings.Contains(f.Summary, "start with earlier-") {
				t.Errorf("%s: %s; %d contacts were kept, want the 5 saved first", f.Status, f.Summary, strings.Count(got, "END:VCARD"))
			}
			res := r.restoreTo(r, restore.Options{Only: []restore.Part{restore.PartContacts}})
			if !slices.ContainsFunc(res.NotRestored, func(n restore.NotRestored) bool { return n.File == "backup/items/earlier-1.contacts.vcf" }) {
				t.Errorf("restore does not name the contacts of the earlier run: %+v", res.NotRestored)
			}
			if c, err := r.changes(); err != nil || len(c.Rows)+len(c.Hidden) > 0 {
				t.Errorf("after it: %+v, %v, want no change", c, err)
			}
		})
	}
}

// endAt makes a backup that ends in a phase, and remembers it.
func (r *rig) endAt(phase string) {
	r.t.Helper()
	r.sh("echo $RANDOM > /sdcard/Download/new.txt")
	ctx, cancel := context.WithCancel(r.t.Context())
	r.options.Progress = func(p meter.Progress) {
		if p.Phase == phase {
			cancel()
		}
	}
	b, err := r.run(ctx)
	if r.options.Progress = nil; err == nil {
		r.t.Error("the backup did not end early")
	}
	r.remember(b)
}

// forget makes the case say that a kind was not saved completely.
func (r *rig) forget(id string) {
	r.t.Helper()
	c, err := casedir.Open(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	var b report.Backup
	err = json.Unmarshal(c.Step(report.StepBackup).Data, &b)
	c.Close()
	if err != nil {
		r.t.Fatal(err)
	}
	for i := range b.Findings {
		if b.Findings[i].ID == id {
			b.Findings[i].Status = report.StatusFail
		}
	}
	r.remember(b)
}

// TestDamagedContactsAreSavedAgain: an item of the earlier run is damaged.
func TestDamagedContactsAreSavedAgain(t *testing.T) {
	t.Parallel()
	r := fullRig(t, "redmi-note-10", strings.Clone)
	r.remember(r.mustRun())
	r.sh(dropContact)
	if err := os.WriteFile(filepath.Join(r.dir, "backup", "items", "contacts.vcf"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := r.mustRun()
	if n := strings.Count(r.text("contacts.vcf"), "END:VCARD"); n != 4 || *b.Items["contacts"] != 4 {
		t.Errorf("%d contacts, counted %d; want the 4 that the handset has", n, *b.Items["contacts"])
	}
}
