package job

import (
	"errors"
	"testing"
	"time"

	"preship/backup"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/check"
)

func lost(names ...string) backup.Loss {
	set := manifest.PathSet{}
	for _, name := range names {
		set.Add(name)
	}
	return backup.Loss(set)
}

// TestAcceptance: a count accepts no larger loss, a path no other name, and nothing the
// loss of the owner's whole storage.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	two := backup.Losses{check.BackupUnreadable: lost("/sdcard/a", "/sdcard/b"), check.BackupStorage: lost(manifest.OwnerRoot)}
	for _, tt := range []struct {
		name    string
		despite []string
		id      string
		want    bool
	}{
		{"nothing", nil, check.BackupUnreadable, false},
		{"the ID", []string{"backup.unreadable"}, check.BackupUnreadable, true},
		{"as many", []string{"backup.unreadable=2"}, check.BackupUnreadable, true},
		{"more", []string{"backup.unreadable=3"}, check.BackupUnreadable, true},
		{"fewer", []string{"backup.unreadable=1"}, check.BackupUnreadable, false},
		{"each by name", []string{"backup.unreadable=/sdcard/a", "backup.unreadable=/sdcard/b"}, check.BackupUnreadable, true},
		{"one of two by name", []string{"backup.unreadable=/sdcard/a"}, check.BackupUnreadable, false},
		{"another name", []string{"backup.unreadable=/sdcard/a", "backup.unreadable=/sdcard/c"}, check.BackupUnreadable, false},
		{"another check", []string{"backup.listing=9"}, check.BackupUnreadable, false},
		{"a count of nothing lost", []string{"backup.listing=9"}, check.BackupListing, false},
		{"a kind", []string{"backup.contacts"}, check.BackupContacts, true},
		{"the owner's storage", []string{"backup.storage.owner", "backup.storage=9", "backup.unreadable"}, check.BackupStorageOwner, false},
	} {
		a := acceptance{tt.despite, two}
		if got := a.covers(report.Finding{ID: tt.id, Status: report.StatusFail}); got != tt.want {
			t.Errorf("%s: accepted %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestOptionsAreCheckedFirst: a value that a later step would refuse is refused before the
// first one.
func TestOptionsAreCheckedFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		opts  Options
		wrong bool
	}{
		{"nothing", Options{}, false},
		{"a count", Options{Despite: []string{"backup.unreadable=3"}}, false},
		{"a path", Options{Despite: []string{"backup.storage=/storage/emulated/999"}}, false},
		{"no count", Options{Despite: []string{"backup.unreadable=some"}}, true},
		{"a count of 0", Options{Despite: []string{"backup.unreadable=0"}}, true},
		{"a count of contacts", Options{Despite: []string{"backup.contacts=3"}}, true},
		{"a count of a lock", Options{Despite: []string{"lock.debt.none=1"}}, true},
		{"the owner's storage", Options{Despite: []string{"backup.storage.owner"}}, true},
		{"repair mode", Options{Despite: []string{"lock.repair-mode.off"}}, true},
		{"a precondition", Options{Despite: []string{"reset.ready.battery"}}, true},
		{"no check", Options{Despite: []string{"lock.nothing"}}, true},
		{"a way", Options{Way: "settings"}, false},
		{"no way", Options{Way: "hammer"}, true},
		{"an attestation", Options{Attest: []string{"lock.debt.none"}}, false},
		{"what nobody can attest", Options{Attest: []string{"clean.files"}}, true},
		{"a wait", Options{Wait: time.Minute}, false},
		{"a wait that is over", Options{Wait: -time.Second}, true},
		{"a proof", Options{Prove: "reread"}, false},
		{"no proof", Options{Prove: "hope"}, true},
		{"a server", Options{Online: Online{Ask: true, URL: "https://maker.example/lock"}}, false},
		{"a server in clear text", Options{Online: Online{Ask: true, URL: "http://maker.example/lock"}}, true},
		{"a server that is not asked", Options{Online: Online{URL: "https://maker.example/lock"}}, true},
	} {
		if err := tt.opts.CheckPrepare(true); (err != nil) != tt.wrong || err != nil && !errors.As(err, new(*UsageError)) {
			t.Errorf("%s: %v, want refused %t", tt.name, err, tt.wrong)
		}
	}
}
