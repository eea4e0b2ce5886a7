package outlook

import (
	"slices"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/adb/reset"
	"preship/backup"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
	"preship/verify"
)

// finding is one with a sentence; every other word of it is its own.
func finding(id string, status report.Status) report.Finding {
	f := report.Finding{ID: id, Status: status, Method: report.MethodObserved, Summary: id}
	return f
}

// set is a lock with its finding.
func set(f *Facts, id string, status report.Status) {
	remove := message.Say("lock.debt.remove")
	if l := locks.ByID(id); l != nil {
		remove = message.Say(l.Remove[""])
	}
	f.Locks.Locks = append(f.Locks.Locks, report.Lock{ID: id, Status: status, Remove: remove.String(), RemoveMessage: &remove})
	f.Checked = append(f.Checked, finding(id, status))
}

func TestOutlook(t *testing.T) {
	t.Parallel()
	way, _ := reset.WayNamed("by-hand")
	miui := handset.Identity{}
	miui.OS.Name.Value = "MIUI"
	opened := miui
	opened.AdbInput.Value = "on"
	for _, tt := range []struct {
		name                   string
		facts                  func(f *Facts)
		blockers, losses, todo []string
	}{
		{"nothing", func(*Facts) {}, nil, nil, nil},
		{"battery low", func(f *Facts) { f.Battery.Status = report.StatusFail }, []string{check.ResetReadyBattery}, nil, nil},
		{"battery unknown", func(f *Facts) { f.Battery.Status = report.StatusUnknown }, []string{check.ResetReadyBattery}, nil, nil},
		{"the box names another", func(f *Facts) { f.Identified = report.Findings{finding(check.IdentityIMEIBox, report.StatusFail)} }, []string{check.IdentityIMEIBox}, nil, nil},
		{"overridden", func(f *Facts) {
			f.Identified = report.Findings{finding(check.IdentityIMEIBox, report.StatusFail)}
			f.Despite = func(id string) bool { return id == check.IdentityIMEIBox }
		}, nil, nil, nil},
		{"repair mode is never overridden", func(f *Facts) {
			f.Identified = report.Findings{finding(locks.RepairMode, report.StatusFail)}
			f.Despite = func(string) bool { return true }
		}, []string{locks.RepairMode}, nil, nil},
		{"locks of the owner's, in order", func(f *Facts) {
			set(f, locks.FindDevice, report.StatusFail)
			set(f, locks.MiAccount, report.StatusFail)
			set(f, locks.GoogleAccount, report.StatusFail)
			set(f, locks.FRP, report.StatusFail) // goes with the account
			set(f, locks.SIM, report.StatusWarn)
		}, nil, nil, []string{locks.FindDevice, locks.MiAccount, locks.GoogleAccount, locks.SIM}},
		{"a lender's lock", func(f *Facts) { set(f, locks.Debt, report.StatusFail) }, []string{locks.Debt}, nil, nil},
		{"a lock that is not seen, for a script", func(f *Facts) { set(f, locks.Debt, report.StatusUnknown) }, []string{locks.Debt}, nil, nil},
		{"a lock that is not seen, for a person", func(f *Facts) {
			f.CanAsk = true
			set(f, locks.Debt, report.StatusUnknown)
		}, nil, nil, []string{locks.Debt}},
		{"a lock that is set, for a person", func(f *Facts) {
			f.CanAsk = true
			set(f, locks.Debt, report.StatusFail)
		}, []string{locks.Debt}, nil, nil},
		{"an unknown number that no page shows, for a person", func(f *Facts) {
			f.CanAsk = true
			f.Identified = report.Findings{finding(check.ResetReadyUnit, report.StatusUnknown)}
		}, []string{check.ResetReadyUnit}, nil, nil},
		{"what does not stop a job", func(f *Facts) {
			set(f, locks.Debt, report.StatusPass)
			set(f, locks.OtherAccounts, report.StatusUnknown)
			set(f, locks.ScreenLock, report.StatusWarn)
		}, nil, nil, nil},
		{"a card whose owner says that it is out", func(f *Facts) {
			set(f, locks.SIM, report.StatusWarn)
			f.Checked[0].Method = report.MethodAttested
		}, nil, nil, nil},
		{"the account's own list, and it was seen", func(f *Facts) {
			f.Checked = report.Findings{finding(verify.CheckUnlinked, report.StatusPass)}
		}, nil, nil, nil},
		{"the account's own list", func(f *Facts) {
			f.Checked = report.Findings{finding(verify.CheckUnlinked, report.StatusUnknown)}
		}, nil, nil, []string{verify.CheckUnlinked}},
		{"contacts behind a switch", func(f *Facts) {
			f.CanAsk, f.Identity = true, miui
			f.Preview.Denied = []string{check.BackupContacts}
			f.Lacks = report.Findings{finding(check.BackupContacts, report.StatusFail)}
		}, []string{check.BackupContacts}, nil, nil},
		{"contacts refused with the switch on", func(f *Facts) {
			f.CanAsk, f.Identity = true, opened
			f.Preview.Denied = []string{check.BackupContacts}
			f.Lacks = report.Findings{finding(check.BackupContacts, report.StatusFail)}
		}, nil, []string{check.BackupContacts}, []string{report.StepBackup}},
		{"contacts accepted", func(f *Facts) {
			f.Identity = miui
			f.Preview.Denied = []string{check.BackupContacts}
			f.Lacks = report.Findings{finding(check.BackupContacts, report.StatusFail)}
			f.Accepted = func(f report.Finding) bool { return f.ID == check.BackupContacts }
		}, nil, []string{check.BackupContacts}, nil},
		{"a closed folder, for a script", func(f *Facts) {
			f.Lacks = report.Findings{finding(check.BackupUnreadable, report.StatusFail)}
		}, []string{check.BackupUnreadable}, nil, nil},
		{"a closed folder, without a backup", func(f *Facts) {
			f.WithoutBackup = true
			f.Lacks = report.Findings{finding(check.BackupUnreadable, report.StatusFail)}
		}, nil, []string{check.BackupUnreadable}, nil},
		{"the owner's storage, for a person", func(f *Facts) {
			f.CanAsk = true
			f.Lacks = report.Findings{finding(check.BackupStorageOwner, report.StatusFail)}
		}, []string{check.BackupStorageOwner}, nil, nil},
		{"what nothing can save, for a script", func(f *Facts) {
			f.Lacks = report.Findings{finding(check.BackupUnsaveable, report.StatusSkipped)}
		}, []string{check.BackupUnsaveable}, nil, nil},
		{"what nothing can save, for a person", func(f *Facts) {
			f.CanAsk = true
			f.Lacks = report.Findings{finding(check.BackupUnsaveable, report.StatusSkipped)}
		}, nil, []string{check.BackupUnsaveable}, []string{report.StepBackup}},
		{"what nothing can save, emulated", func(f *Facts) {
			f.Emulated = true
			f.Lacks = report.Findings{finding(check.BackupUnsaveable, report.StatusSkipped)}
		}, nil, []string{check.BackupUnsaveable}, nil},
		{"a full disk", func(f *Facts) { f.Free = f.Preview.Spare }, []string{check.BackupComplete}, nil, nil},
		{"a disk with just enough", func(f *Facts) { f.Free = f.Preview.Left + f.Preview.Spare }, nil, nil, nil},
		{"a disk that nothing goes to", func(f *Facts) { f.Free, f.Dir = 0, "" }, nil, nil, nil},
		{"a full disk, and the rest is saved", func(f *Facts) { f.Free, f.Preview.Left = f.Preview.Spare, 0 }, nil, nil, nil},
		{"a disk that is not known", func(f *Facts) { f.Free = -1 }, nil, nil, nil},
	} {
		f := Facts{
			Battery: finding(check.ResetReadyBattery, report.StatusPass), Way: way, Dir: "/cases", Free: 1 << 40,
			Preview:  &backup.Preview{Files: 10, Bytes: 1 << 30, Left: 1 << 30, Spare: 1 << 20},
			Accepted: func(report.Finding) bool { return false }, Despite: func(string) bool { return false },
		}
		tt.facts(&f)
		o := f.Outlook()
		for _, row := range []struct {
			name      string
			got       []Item
			want, end []string
		}{
			{"blockers", o.Blockers, tt.blockers, nil},
			{"losses", o.Losses, tt.losses, nil},
			{"todo", o.Todo, tt.todo, []string{report.StepReset, report.StepVerify}},
		} {
			var ids []string
			for _, i := range row.got {
				ids = append(ids, i.ID)
				if i.Says.Empty() {
					t.Errorf("%s: %s says nothing of %s", tt.name, row.name, i.ID)
				}
			}
			if want := slices.Concat(row.want, row.end); !slices.Equal(ids, want) {
				t.Errorf("%s: %s %q, want %q", tt.name, row.name, ids, want)
			}
		}
		if want := !slices.Contains(tt.blockers, check.BackupComplete); o.Savable != want {
			t.Errorf("%s: savable %t, want %t", tt.name, o.Savable, want)
		}
		if o.Stops() != (len(tt.blockers) > 0) || len(o.Findings()) != len(tt.blockers) {
			t.Errorf("%s: stops %t, with %v", tt.name, o.Stops(), o.Findings())
		}
	}
}

// TestTakes: an estimate names its parts, and without a measured speed there is none.
func TestTakes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		pace backup.Pace
		left int64
		want time.Duration
		says message.ID
	}{
		{"measured", backup.Pace{Bytes: 8 << 20, Took: time.Second}, 8 << 30, 1024 * time.Second, "outlook.time"},
		{"little is left", backup.Pace{Bytes: 8 << 20, Took: time.Second}, 1, time.Second, "outlook.time"},
		{"not measured", backup.Pace{}, 8 << 30, 0, "outlook.time.unknown"},
	} {
		f := Facts{
			Battery: finding(check.ResetReadyBattery, report.StatusPass), Free: -1, Preview: &backup.Preview{Bytes: tt.left, Left: tt.left, Pace: tt.pace},
			Accepted: func(report.Finding) bool { return false }, Despite: func(string) bool { return false },
		}
		o := f.Outlook()
		said := slices.ContainsFunc(o.Found, func(s message.Sentence) bool { return s.ID() == tt.says })
		if o.Takes != tt.want || !said {
			t.Errorf("%s: %s, want %s; it says %v", tt.name, o.Takes, tt.want, o.Found)
		}
	}
}

// A handset without a touch screen cannot be tapped: the outlook says how else.
func TestOutlookWithoutTouchScreen(t *testing.T) {
	t.Parallel()
	for _, without := range []bool{false, true} {
		f := Facts{NoTouch: without, Accepted: func(report.Finding) bool { return false }, Despite: func(string) bool { return false }}
		said := slices.ContainsFunc(f.Outlook().Found, func(s message.Sentence) bool { return s.ID() == "outlook.no-touch" })
		if said != without {
			t.Errorf("without a touch screen %t: said %t", without, said)
		}
		f = Facts{ScreenOff: without, Accepted: f.Accepted, Despite: f.Despite}
		said = slices.ContainsFunc(f.Outlook().Found, func(s message.Sentence) bool { return s.ID() == "outlook.screen-off" })
		if said != without {
			t.Errorf("screen off %t: said %t", without, said)
		}
	}
}
