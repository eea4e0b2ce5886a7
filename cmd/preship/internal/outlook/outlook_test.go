package outlook

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/adb/reset"
	"preship/backup"
	"preship/cmd/preship/internal/amount"
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
		{"a number in order, and one that is not", func(f *Facts) {
			f.Identified = report.Findings{finding(check.IdentityIMEI, report.StatusPass), finding(check.IdentityIMEIBox, report.StatusFail)}
		}, []string{check.IdentityIMEIBox}, nil, nil},
		{"a blocker that two steps found", func(f *Facts) {
			f.Identified = report.Findings{finding(locks.System, report.StatusFail)}
			set(f, locks.System, report.StatusFail)
			set(f, locks.Debt, report.StatusFail)
		}, []string{locks.System, locks.Debt}, nil, nil},
		{"a question that two steps have", func(f *Facts) {
			f.CanAsk = true
			f.Identified = report.Findings{finding(locks.System, report.StatusUnknown)}
			set(f, locks.System, report.StatusUnknown)
			set(f, locks.Debt, report.StatusUnknown)
		}, nil, nil, []string{locks.System, locks.Debt}},
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
		{"a lock that was not checked, before one that was", func(f *Facts) {
			set(f, locks.Debt, report.StatusFail)
			set(f, locks.GoogleAccount, report.StatusFail)
			f.Checked = f.Checked[1:]
		}, nil, nil, []string{locks.GoogleAccount}},
		{"a lock that a flag overrides", func(f *Facts) {
			set(f, locks.Debt, report.StatusFail)
			set(f, locks.GoogleAccount, report.StatusFail)
			f.Despite = func(id string) bool { return id == locks.Debt }
		}, nil, nil, []string{locks.GoogleAccount}},
		{"repair mode among the locks is never overridden", func(f *Facts) {
			set(f, locks.RepairMode, report.StatusFail)
			f.Despite = func(string) bool { return true }
		}, []string{locks.RepairMode}, nil, nil},
		{"a lender's lock", func(f *Facts) { set(f, locks.Debt, report.StatusFail) }, []string{locks.Debt}, nil, nil},
		{"a lender's lock of a case that has no word on who removes it", func(f *Facts) {
			set(f, locks.Debt, report.StatusFail)
			f.Locks.Locks[0].RemoveMessage = nil
		}, []string{locks.Debt}, nil, nil},
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
		{"a kind of data that is saved, before one that is not", func(f *Facts) {
			f.Lacks = report.Findings{finding(check.BackupContacts, report.StatusPass), finding(check.BackupUnreadable, report.StatusFail)}
		}, []string{check.BackupUnreadable}, nil, nil},
		{"a kind of data with a warning", func(f *Facts) {
			f.Lacks = report.Findings{finding(check.BackupContacts, report.StatusWarn)}
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
		{"a disk with room for the data and not beside it", func(f *Facts) { f.Free = f.Preview.Left }, []string{check.BackupComplete}, nil, nil},
		{"a disk with no room at all", func(f *Facts) { f.Free = 0 }, []string{check.BackupComplete}, nil, nil},
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

// easy are facts that nothing stands against.
func easy() Facts {
	return Facts{
		Battery: finding(check.ResetReadyBattery, report.StatusPass), Dir: "/cases", Free: 1 << 40,
		Accepted: func(report.Finding) bool { return false }, Despite: func(string) bool { return false },
	}
}

// The outlook tells what was found, and nothing that was not measured.
func TestFound(t *testing.T) {
	t.Parallel()
	pace := backup.Pace{Bytes: 8 << 20, Took: time.Second}
	for _, tt := range []struct {
		name  string
		facts func(f *Facts)
		want  []message.ID // after the battery
	}{
		{"nothing", func(*Facts) {}, nil},
		{"a cable", func(f *Facts) { f.Link.Megabits = 480 }, []message.ID{"outlook.link"}},
		{"a network, which has no speed of its own", func(f *Facts) { f.Link = Link{Network: true, Megabits: 480} }, []message.ID{"outlook.link.network"}},
		{"a saved backup", func(f *Facts) { f.Saved = true }, []message.ID{"outlook.saved-already"}},
		{"data without a measured speed", func(f *Facts) { f.Preview = &backup.Preview{Bytes: 8, Left: 8} }, []message.ID{"outlook.data", "outlook.free", "outlook.time.unknown"}},
		{"data of which a part is saved", func(f *Facts) { f.Preview = &backup.Preview{Bytes: 8, Left: 7} }, []message.ID{"outlook.data", "outlook.data.left", "outlook.free", "outlook.time.unknown"}},
		{"a disk whose space is not known", func(f *Facts) { f.Free, f.Preview = -1, &backup.Preview{} }, []message.ID{"outlook.data", "outlook.free.unknown", "outlook.time.unknown"}},
		{"a full disk, and nothing to copy", func(f *Facts) { f.Free, f.Preview = 0, &backup.Preview{} }, []message.ID{"outlook.data", "outlook.free", "outlook.time.unknown"}},
		{"a folder that is not known", func(f *Facts) { f.Dir, f.Preview = "", &backup.Preview{} }, []message.ID{"outlook.data", "outlook.time.unknown"}},
		{"many small files", func(f *Facts) {
			f.Preview = &backup.Preview{Files: manyFiles + 1, Bytes: (manyFiles+1)*smallFile - 1, Left: 1 << 31, Pace: pace}
		}, []message.ID{"outlook.data", "outlook.free", "outlook.time.small"}},
		{"many files that are not small", func(f *Facts) {
			f.Preview = &backup.Preview{Files: manyFiles + 1, Bytes: (manyFiles + 1) * smallFile, Left: 1 << 31, Pace: pace}
		}, []message.ID{"outlook.data", "outlook.free", "outlook.time"}},
		{"small files that are not many", func(f *Facts) {
			f.Preview = &backup.Preview{Files: manyFiles, Bytes: manyFiles, Left: manyFiles, Pace: pace}
		}, []message.ID{"outlook.data", "outlook.free", "outlook.time"}},
	} {
		f := easy()
		tt.facts(&f)
		var got []message.ID
		for _, s := range f.Outlook().Found[1:] {
			got = append(got, s.ID())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: it says %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A battery that is too low is shown with its charge; one that is not known has none.
func TestBatterySeen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status report.Status
		seen   string
		want   message.ID
	}{
		{report.StatusFail, "12 %", "job.seen"},
		{report.StatusFail, "", ""},
		{report.StatusUnknown, "no answer", ""},
	} {
		f := easy()
		f.Battery.Status, f.Battery.Observed = tt.status, tt.seen
		b := f.Outlook().Blockers
		if len(b) != 1 || b[0].Says.ID() != tt.want {
			t.Errorf("%s, seen %q: got %v, want %q", tt.status, tt.seen, b, tt.want)
		}
	}
}

// The space that a disk needs is that of the data and of what is written beside it.
func TestSpaceNeeded(t *testing.T) {
	t.Parallel()
	f := easy()
	f.Free, f.Preview = 1e9, &backup.Preview{Bytes: 5e9, Left: 5e9, Spare: 1e9}
	b := f.Outlook().Blockers
	if want := amount.Bytes(6e9).String(); len(b) != 1 || !strings.Contains(b[0].Says.String(), want) {
		t.Errorf("got %v, want a blocker that names %s", b, want)
	}
}

// A flag accepts as many lost things as there are now: with one more it accepts nothing.
func TestLossFlag(t *testing.T) {
	t.Parallel()
	two := backup.Loss{{1}: true, {2}: true}
	for _, tt := range []struct {
		name   string
		id     string
		losses backup.Losses
		want   string
	}{
		{"counted", check.BackupUnreadable, backup.Losses{check.BackupUnreadable: two}, "--despite=" + check.BackupUnreadable + "=2"},
		{"counted, and none is named", check.BackupUnreadable, nil, "--despite=" + check.BackupUnreadable},
		{"a listing that broke off, whose losses are not all known", check.BackupListing, backup.Losses{check.BackupListing: two}, "--despite=" + check.BackupListing},
		{"not counted", check.BackupContacts, backup.Losses{check.BackupContacts: two}, "--despite=" + check.BackupContacts},
	} {
		f := easy()
		f.Preview = &backup.Preview{Losses: tt.losses}
		f.Lacks = report.Findings{finding(tt.id, report.StatusFail)}
		if b := f.Outlook().Blockers; len(b) != 1 || b[0].Flag != tt.want {
			t.Errorf("%s: got %v, want the flag %q", tt.name, b, tt.want)
		}
		f.Preview = nil // the backup is made
		if b := f.Outlook().Blockers; len(b) != 1 || b[0].Flag != "--despite="+tt.id {
			t.Errorf("%s, without a preview: got %v", tt.name, b)
		}
	}
}
