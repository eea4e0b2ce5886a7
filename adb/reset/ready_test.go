package reset

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
	"preship/report/message"
)

// battery answers only the question for the battery.
type battery string

func (b battery) Ask(_ context.Context, line handset.Line) (handset.Answer, error) {
	if line.Command() != handset.DumpBattery || b == "" {
		return handset.Answer{}, errors.New("no answer")
	}
	return handset.Answer{Stdout: []byte(b), Ref: "evidence/battery"}, nil
}

func charge(level, powered string) battery {
	return battery("Current Battery Service state:\n  USB powered: " + powered + "\n  level: " + level + "\n  scale: 100\n  temperature: 280\n  health: 2\n")
}

func TestReady(t *testing.T) {
	unit := report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038"}}
	lock := func(s report.Status) func(context.Context) ([]report.Finding, error) {
		return func(context.Context) ([]report.Finding, error) {
			return []report.Finding{{ID: "account.mi.signed-out", Status: s}, {ID: "lock.screen.off", Status: report.StatusWarn}}, nil
		}
	}
	good := Preconditions{
		Case: unit, Connected: unit, Reader: charge("80", "false"),
		Backup: func(context.Context) error { return nil }, Locks: lock(report.StatusPass),
		Changes: func(context.Context) (Changes, error) { return Changes{}, nil },
	}
	changed := func(owners, idle int64, err error) func(context.Context) (Changes, error) {
		return func(context.Context) (Changes, error) {
			return Changes{Owners: owners, Idle: idle, Names: message.AsIs("DCIM/new.jpg")}, err
		}
	}
	for _, tt := range []struct {
		name   string
		change func(*Preconditions)
		id     string
		want   report.Status
	}{
		{"all hold", func(*Preconditions) {}, "", report.StatusPass},
		{"all hold, by the clock of the job", func(p *Preconditions) {
			p.Now = func() time.Time { return time.Date(2026, 5, 4, 12, 0, 0, 5, time.UTC) }
		}, "", report.StatusPass},
		{"another handset", func(p *Preconditions) { p.Connected.IMEI = []string{"868732053538046"} }, check.ResetReadyUnit, report.StatusFail},
		{"the IMEI is not told any more", func(p *Preconditions) { p.Connected.IMEI = nil }, check.ResetReadyUnit, report.StatusUnknown},
		{"the IMEI with another S/N", func(p *Preconditions) { p.Case.SN, p.Connected.SN = "30586/A1", "30586/A2" }, check.ResetReadyUnit, report.StatusFail},
		{"the IMEI, and the S/N is not told", func(p *Preconditions) { p.Case.SN = "30586/A1" }, check.ResetReadyUnit, report.StatusPass},
		{"a tablet that does not tell its S/N any more", func(p *Preconditions) {
			p.Case.IMEI, p.Connected.IMEI, p.Case.SN = nil, nil, "30586/A1"
		}, check.ResetReadyUnit, report.StatusUnknown},
		{"a tablet that tells its S/N", func(p *Preconditions) {
			p.Case.IMEI, p.Connected.IMEI, p.Case.SN, p.Connected.SN = nil, nil, "30586/A1", "30586/A1"
		}, "", report.StatusPass},
		{"a tablet with another S/N on the same serial", func(p *Preconditions) {
			p.Case.IMEI, p.Connected.IMEI, p.Case.SN, p.Connected.SN = nil, nil, "30586/A1", "30586/A2"
		}, check.ResetReadyUnit, report.StatusFail},
		{"an S/N that the case does not know", func(p *Preconditions) { p.Connected.SN = "30586/A1" }, "", report.StatusPass},
		{"the S/N, and the IMEI is not told", func(p *Preconditions) {
			p.Connected.IMEI, p.Case.SN, p.Connected.SN = nil, "30586/A1", "30586/A1"
		}, check.ResetReadyUnit, report.StatusUnknown},
		{"no backup", func(p *Preconditions) { p.Backup = nil }, check.ResetReadyBackup, report.StatusFail},
		{"a backup that is not proved", func(p *Preconditions) {
			p.Backup = func(context.Context) error { return errors.New("one file differs") }
		}, check.ResetReadyBackup, report.StatusFail},
		{"the owner does without", func(p *Preconditions) { p.Backup, p.WithoutBackup = nil, "new phone" }, check.ResetReadyBackup, report.StatusSkipped},
		{"a reason of spaces is none", func(p *Preconditions) { p.Backup, p.WithoutBackup = nil, "  " }, check.ResetReadyBackup, report.StatusFail},
		{"a lock", func(p *Preconditions) { p.Locks = lock(report.StatusFail) }, check.ResetReadyLocks, report.StatusFail},
		{"a lock nobody saw", func(p *Preconditions) { p.Locks = lock(report.StatusUnknown) }, check.ResetReadyLocks, report.StatusFail},
		{"despite the lock", func(p *Preconditions) {
			p.Locks, p.Despite = lock(report.StatusFail), []string{"account.mi.signed-out"}
		}, check.ResetReadyLocks, report.StatusWarn},
		{"despite repair mode, which nobody's word overrides", func(p *Preconditions) {
			p.Locks = func(context.Context) ([]report.Finding, error) {
				return []report.Finding{{ID: locks.RepairMode, Status: report.StatusFail, Summary: "the handset is in repair mode", Remedy: "leave it"}}, nil
			}
			p.Despite = []string{locks.RepairMode}
		}, check.ResetReadyLocks, report.StatusFail},
		{"despite another lock", func(p *Preconditions) { p.Locks, p.Despite = lock(report.StatusFail), []string{"account"} }, check.ResetReadyLocks, report.StatusFail},
		{"nobody looked", func(p *Preconditions) { p.Locks = nil }, check.ResetReadyLocks, report.StatusUnknown},
		{"no lock was asked", func(p *Preconditions) {
			p.Locks = func(context.Context) ([]report.Finding, error) { return nil, nil }
		}, check.ResetReadyLocks, report.StatusUnknown},
		{"locks that could not be asked", func(p *Preconditions) {
			p.Locks = func(context.Context) ([]report.Finding, error) { return nil, errors.New("device offline") }
		}, check.ResetReadyLocks, report.StatusUnknown},
		{"a new photo", func(p *Preconditions) { p.Changes = changed(1, 0, nil) }, check.ResetReadyUnchanged, report.StatusFail},
		{"despite the new photo", func(p *Preconditions) {
			p.Changes, p.Despite = changed(1, 0, nil), []string{check.ResetReadyUnchanged}
		}, check.ResetReadyUnchanged, report.StatusWarn},
		{"a new photo among caches", func(p *Preconditions) { p.Changes = changed(1, 400, nil) }, check.ResetReadyUnchanged, report.StatusFail},
		{"nothing but caches", func(p *Preconditions) { p.Changes = changed(0, 400, nil) }, check.ResetReadyUnchanged, report.StatusWarn},
		{"caches, and a listing that broke off", func(p *Preconditions) { p.Changes = changed(0, 400, errors.New("device offline")) }, check.ResetReadyUnchanged, report.StatusUnknown},
		{"a new contact", func(p *Preconditions) {
			p.Changes = func(context.Context) (Changes, error) {
				return Changes{Rows: []message.Sentence{message.Say("backup.count.contacts", "count", 1)}}, nil
			}
		}, check.ResetReadyUnchanged, report.StatusFail},
		{"contacts that are shown no more", func(p *Preconditions) {
			p.Changes = func(context.Context) (Changes, error) {
				return Changes{Idle: 3, Hidden: []message.Sentence{message.Say("page.item.contacts")}}, nil
			}
		}, check.ResetReadyUnchanged, report.StatusUnknown},
		{"a new contact, and contacts of another kind that are shown no more", func(p *Preconditions) {
			p.Changes = func(context.Context) (Changes, error) {
				return Changes{Rows: []message.Sentence{message.AsIs("1 event")}, Hidden: []message.Sentence{message.Say("page.item.contacts")}}, nil
			}
		}, check.ResetReadyUnchanged, report.StatusFail},
		{"despite contacts that are shown no more", func(p *Preconditions) {
			p.Changes = func(context.Context) (Changes, error) {
				return Changes{Hidden: []message.Sentence{message.Say("page.item.contacts")}}, nil
			}
			p.Despite = []string{check.ResetReadyUnchanged}
		}, check.ResetReadyUnchanged, report.StatusWarn},
		{"a new photo, despite a lock", func(p *Preconditions) {
			p.Changes, p.Despite = changed(1, 0, nil), []string{"account.mi.signed-out"}
		}, check.ResetReadyUnchanged, report.StatusFail},
		{"nobody looked for changes", func(p *Preconditions) { p.Changes = nil }, check.ResetReadyUnchanged, report.StatusUnknown},
		{"changes that could not be asked", func(p *Preconditions) { p.Changes = changed(0, 0, errors.New("device offline")) }, check.ResetReadyUnchanged, report.StatusUnknown},
		{"only what lies inside was asked", func(p *Preconditions) {
			p.Locks = func(context.Context) ([]report.Finding, error) {
				return []report.Finding{{ID: "inside.sim.none", Status: report.StatusPass}}, nil
			}
		}, check.ResetReadyLocks, report.StatusUnknown},
		{"battery at the limit", func(p *Preconditions) { p.Reader = charge("30", "false") }, check.ResetReadyBattery, report.StatusPass},
		{"battery low", func(p *Preconditions) { p.Reader = charge("29", "false") }, check.ResetReadyBattery, report.StatusFail},
		{"battery low, charging", func(p *Preconditions) { p.Reader = charge("15", "true") }, check.ResetReadyBattery, report.StatusPass},
		{"battery nearly empty, charging", func(p *Preconditions) { p.Reader = charge("14", "true") }, check.ResetReadyBattery, report.StatusFail},
		{"battery not told", func(p *Preconditions) { p.Reader = battery("") }, check.ResetReadyBattery, report.StatusUnknown},
		{"battery answer cut", func(p *Preconditions) { p.Reader = battery("Current Battery Service state:\n") }, check.ResetReadyBattery, report.StatusUnknown},
	} {
		p := good
		p.Connected.IMEI = append([]string(nil), unit.IMEI...)
		tt.change(&p)
		found := report.Findings(Ready(t.Context(), p))
		for _, id := range []string{check.ResetReadyUnit, check.ResetReadyBackup, check.ResetReadyUnchanged, check.ResetReadyLocks, check.ResetReadyBattery} {
			want := report.StatusPass
			if id == check.ResetReadyUnchanged && p.WithoutBackup == "new phone" {
				want = report.StatusSkipped
			}
			if id == tt.id {
				want = tt.want
			}
			f, ok := found.ByID(id)
			if p.Now != nil && !f.At.Equal(p.Now().Truncate(time.Second)) {
				t.Errorf("%s: %s is of %v, want the time by the clock of the job", tt.name, id, f.At)
			}
			if !ok || f.Status != want {
				t.Errorf("%s: %s is %q, want %q", tt.name, id, f.Status, want)
			}
			// What the owner decided by name needs no remedy.
			if (f.Remedy == "") != (f.Status == report.StatusPass || f.Method == report.MethodAttested && f.Status == report.StatusWarn) {
				t.Errorf("%s: %s is %q with remedy %q", tt.name, id, f.Status, f.Remedy)
			}
		}
	}
}

func TestReadyNamesTheLock(t *testing.T) {
	f := Preconditions{Locks: func(context.Context) ([]report.Finding, error) {
		return []report.Finding{{ID: "lock.find-device.off", Status: report.StatusUnknown}}, nil
	}}.locks(t.Context())[0]
	if !strings.Contains(f.Observed, "lock.find-device.off is unknown") {
		t.Errorf("observed %q, want the lock's ID and status", f.Observed)
	}
}

// A SIM card inside is asked for, and stops nothing.
func TestReadyAsksForCardsInside(t *testing.T) {
	found := report.Findings(Preconditions{Locks: func(context.Context) ([]report.Finding, error) {
		return []report.Finding{
			{ID: "lock.find-device.off", Status: report.StatusPass},
			{ID: "inside.sim.none", Status: report.StatusWarn, Summary: "1 SIM card is in use"},
			{ID: "inside.sd.none", Status: report.StatusUnknown, Summary: "the volumes are not known"},
		}, nil
	}}.locks(t.Context()))
	f, ok := found.ByID(check.ResetReadyInside)
	if !ok || f.Status != report.StatusWarn || !strings.Contains(f.Observed, "SIM card") || !strings.Contains(f.Observed, "volumes") || f.Remedy == "" {
		t.Errorf("got %+v, want a warning with both and what to do", f)
	}
	if f, _ := found.ByID(check.ResetReadyLocks); f.Status != report.StatusPass {
		t.Errorf("%s is %q, want %q", check.ResetReadyLocks, f.Status, report.StatusPass)
	}
}

// A finding shows the numbers that it compared, and how many locks were asked.
func TestReadyShowsWhatItSaw(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		unit report.Unit
		want string
	}{
		{report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038"}, SN: "30586/A1"}, "IMEI 868732053538038"},
		{report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038"}}, "IMEI 868732053538038"},
		{report.Unit{Serial: "c9a0a2a6", SN: "30586/A1"}, "S/N 30586/A1"},
		{report.Unit{Serial: "c9a0a2a6"}, "serial c9a0a2a6"},
	} {
		want := "case: " + tt.want + "; connected: " + tt.want
		f := Preconditions{Case: tt.unit, Connected: tt.unit}.unit()
		if f.Observed != want {
			t.Errorf("%+v: observed %q, want %q", tt.unit, f.Observed, want)
		}
		// A number stays as it is in every language, and the word before an adb serial does not.
		if seen, _ := f.Seen().In("es"); (seen == "caso: serie c9a0a2a6; conectado: serie c9a0a2a6") != (tt.want == "serial c9a0a2a6") {
			t.Errorf("%+v: in Spanish it is %q", tt.unit, seen)
		}
	}
	f := Preconditions{Locks: func(context.Context) ([]report.Finding, error) {
		return []report.Finding{{ID: locks.MiAccount, Status: report.StatusPass}, {ID: locks.ScreenLock, Status: report.StatusWarn}, {ID: locks.SIM, Status: report.StatusPass}}, nil
	}}.locks(t.Context())
	if len(f) != 1 || f[0].Observed != "2 checks" {
		t.Errorf("got %+v, want one finding of 2 checks", f)
	}
}

// What is new on the handset is said by its kind, with the names of its files.
func TestUnchangedSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	rows := []message.Sentence{message.AsIs("1 contact"), message.AsIs("2 events")}
	hidden := []message.Sentence{message.Say("page.item.contacts")}
	names := message.AsIs("DCIM/new.jpg")
	for _, tt := range []struct {
		name    string
		changes Changes
		err     error
		summary message.ID
		what    string // in the summary
		seen    string
	}{
		{"nothing", Changes{}, nil, "reset.ready.unchanged.same", "", ""},
		{"files", Changes{Owners: 1, Names: names}, nil, "reset.ready.unchanged.files", "1 file", "DCIM/new.jpg"},
		{"files without names", Changes{Owners: 2}, nil, "reset.ready.unchanged.files", "2 files", ""},
		{"rows", Changes{Rows: rows}, nil, "reset.ready.unchanged.new", "1 contact, 2 events.", ""},
		{"rows and files", Changes{Rows: rows, Owners: 3, Names: names}, nil, "reset.ready.unchanged.new", "1 contact, 2 events, 3 files.", "DCIM/new.jpg"},
		{"rows, and kinds that are shown no more", Changes{Rows: rows, Hidden: hidden}, nil, "reset.ready.unchanged.new", "1 contact, 2 events.", ""},
		{"files, and kinds that are shown no more", Changes{Owners: 1, Hidden: hidden}, nil, "reset.ready.unchanged.files", "1 file", ""},
		{"kinds that are shown no more", Changes{Idle: 1, Hidden: hidden}, nil, "reset.ready.unchanged.hidden", "", ""},
		{"caches", Changes{Idle: 1, Names: message.AsIs("Android/data/log")}, nil, "reset.ready.unchanged.idle", "1 ", "Android/data/log"},
		{"an error", Changes{}, errors.New("device offline"), "reset.ready.unchanged.unknown", "", "device offline"},
	} {
		f := Preconditions{Changes: func(context.Context) (Changes, error) { return tt.changes, tt.err }}.unchanged(t.Context())
		if f.Sentence().ID() != tt.summary || !strings.Contains(f.Summary, tt.what) || f.Observed != tt.seen {
			t.Errorf("%s: %q (%s), observed %q; want %s with %q, observed %q", tt.name, f.Summary, f.Sentence().ID(), f.Observed, tt.summary, tt.what, tt.seen)
		}
	}
}

// A lock that nothing overrides says itself what to do; of the others their names are enough.
func TestLocksSayWhatStands(t *testing.T) {
	t.Parallel()
	mi := report.Finding{ID: locks.MiAccount, Status: report.StatusFail}
	find := report.Finding{ID: locks.FindDevice, Status: report.StatusUnknown}
	repair := report.Finding{ID: locks.RepairMode, Status: report.StatusFail, Summary: "it is in repair mode", Remedy: "leave repair mode"}
	bare := report.Finding{ID: locks.RepairMode, Status: report.StatusUnknown, Summary: "repair mode is not known"}
	for _, tt := range []struct {
		name    string
		found   []report.Finding
		despite []string
		want    report.Status
		summary string // "": that of the check
		remedy  string
		seen    string
	}{
		{"no answer", nil, nil, report.StatusUnknown, "", "", "no answer"},
		{"two locks", []report.Finding{mi, find}, nil, report.StatusFail, "", "", "account.mi.signed-out is fail, lock.find-device.off is unknown"},
		{"one of two overridden", []report.Finding{mi, find}, []string{mi.ID}, report.StatusFail, "", "", "lock.find-device.off is unknown"},
		{"both overridden", []report.Finding{mi, find}, []string{mi.ID, find.ID}, report.StatusWarn, "", "", "account.mi.signed-out, lock.find-device.off"},
		{"repair mode", []report.Finding{mi, repair}, nil, report.StatusFail, "it is in repair mode", "leave repair mode", "account.mi.signed-out is fail, lock.repair-mode.off is fail"},
		{"repair mode, overridden", []report.Finding{repair}, []string{repair.ID}, report.StatusFail, "it is in repair mode", "leave repair mode", "lock.repair-mode.off is fail"},
		{"repair mode without a remedy", []report.Finding{bare}, nil, report.StatusFail, "", "", "lock.repair-mode.off is unknown"},
		{"repair mode that is off", []report.Finding{{ID: locks.RepairMode, Status: report.StatusPass, Remedy: "leave repair mode"}}, nil, report.StatusPass, "", "", "1 check"},
	} {
		found := Preconditions{Despite: tt.despite, Locks: func(context.Context) ([]report.Finding, error) { return tt.found, nil }}.locks(t.Context())
		f := found[0]
		if len(found) != 1 || f.Status != tt.want || f.Observed != tt.seen || tt.summary != "" && (f.Summary != tt.summary || f.Remedy != tt.remedy) || tt.summary == "" && (f.Summary == "it is in repair mode" || f.Remedy == "leave repair mode") {
			t.Errorf("%s: got %+v, want %q, %q, %q, %q", tt.name, found, tt.want, tt.summary, tt.remedy, tt.seen)
		}
	}
}

// The charge decides, with its limit while it is charged, and its answer is kept.
func TestBattery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		level, powered string
		want           report.Status
		seen           string
	}{
		{"100", "false", report.StatusPass, "100 %"},
		{"30", "true", report.StatusPass, "30 %, charging"},
		{"29", "true", report.StatusPass, "29 %, charging"},
		{"15", "false", report.StatusFail, "15 %"},
		{"14", "true", report.StatusFail, "14 %, charging"},
		{"0", "true", report.StatusFail, "0 %, charging"},
	} {
		f := Battery(t.Context(), charge(tt.level, tt.powered))
		if f.Status != tt.want || f.Observed != tt.seen || len(f.Evidence) != 1 {
			t.Errorf("%s, powered %s: %q, observed %q, evidence %q; want %q, %q", tt.level, tt.powered, f.Status, f.Observed, f.Evidence, tt.want, tt.seen)
		}
	}
}

// A handset in its recovery tells nothing but who it is: the backup is proved again, and
// nothing becomes better than it was.
func TestReadyAgain(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	later := since.Add(time.Hour)
	proved := func(context.Context) error { return nil }
	damaged := func(context.Context) error { return errors.New("one file differs") }
	for _, tt := range []struct {
		name      string
		backup    func(context.Context) error
		locks     report.Status
		unchanged report.Status
		ready     bool          // in both
		want      report.Status // of unchanged, before anything was sent
	}{
		{"all held", proved, report.StatusPass, report.StatusPass, true, report.StatusWarn},
		{"a damaged backup", damaged, report.StatusPass, report.StatusPass, false, report.StatusWarn},
		{"no backup to look at", nil, report.StatusPass, report.StatusPass, false, report.StatusWarn},
		{"locks that were not seen", proved, report.StatusUnknown, report.StatusPass, false, report.StatusWarn},
		{"caches had changed", proved, report.StatusPass, report.StatusWarn, true, report.StatusWarn},
		{"a photo was new", proved, report.StatusPass, report.StatusFail, false, report.StatusFail},
		{"changes were not seen", proved, report.StatusPass, report.StatusUnknown, false, report.StatusUnknown},
		{"there was no backup to compare with", proved, report.StatusPass, report.StatusSkipped, true, report.StatusSkipped},
	} {
		first := []report.Finding{
			{ID: check.ResetReadyBackup, Status: report.StatusPass, At: since},
			{ID: check.ResetReadyUnchanged, Status: tt.unchanged, Summary: "as it was", At: since},
			{ID: check.ResetReadyLocks, Status: tt.locks, At: since},
		}
		p := Preconditions{Backup: tt.backup, Now: func() time.Time { return later }}
		again, before := report.Findings(ReadyAgain(t.Context(), first, p)), report.Findings(ReadyInRecovery(t.Context(), first, since, p))
		if err := Stands(again); (err == nil) != tt.ready {
			t.Errorf("%s: again: error %v, want ready %t", tt.name, err, tt.ready)
		}
		if err := Stands(before); (err == nil) != tt.ready {
			t.Errorf("%s: before: error %v, want ready %t", tt.name, err, tt.ready)
		}
		if f, _ := again.ByID(check.ResetReadyUnchanged); f.Status != tt.unchanged || !f.At.Equal(since) {
			t.Errorf("%s: again: %s is %q at %v, want %q as it was", tt.name, f.ID, f.Status, f.At, tt.unchanged)
		}
		f, _ := before.ByID(check.ResetReadyUnchanged)
		vouched := tt.want == report.StatusWarn
		if f.Status != tt.want || vouched != (f.Method == report.MethodAttested) || vouched != strings.Contains(f.Summary, since.Format(time.RFC3339)) {
			t.Errorf("%s: before: %+v, want %q, and the person's word on it: %t", tt.name, f, tt.want, vouched)
		}
		if f, _ := again.ByID(check.ResetReadyBackup); !f.At.Equal(later) || (f.Status == report.StatusPass) != (tt.name != "a damaged backup" && tt.backup != nil) {
			t.Errorf("%s: the backup is %q at %v, want it looked at again at %v", tt.name, f.Status, f.At, later)
		}
	}
	if err := Stands(ReadyAgain(t.Context(), nil, Preconditions{Backup: proved})); !errors.Is(err, ErrNotReady) {
		t.Errorf("nothing was confirmed: error %v, want %v", err, ErrNotReady)
	}
	cut := []report.Finding{{ID: check.ResetReadyLocks, Status: report.StatusPass}}
	if err := Stands(ReadyAgain(t.Context(), cut, Preconditions{Backup: damaged})); !errors.Is(err, ErrNotReady) {
		t.Errorf("a list without the backup: error %v, want %v", err, ErrNotReady)
	}
}

// Two numbers of one kind tell units apart. The adb serial alone does so only where the
// case has nothing better.
func TestReadyUnit(t *testing.T) {
	t.Parallel()
	const first, second = "356938035643809", "490154203237518"
	for _, tt := range []struct {
		name            string
		kept, connected report.Unit
		want            report.Status
	}{
		{"the same IMEI", report.Unit{Serial: "a", IMEI: []string{first}, SN: "1/2"}, report.Unit{Serial: "b", IMEI: []string{first}}, report.StatusPass},
		{"the same S/N", report.Unit{Serial: "a", SN: "1/2"}, report.Unit{Serial: "b", SN: "1/2"}, report.StatusPass},
		{"the serial is all there is", report.Unit{Serial: "a"}, report.Unit{Serial: "a"}, report.StatusPass},
		{"another IMEI", report.Unit{Serial: "a", IMEI: []string{first}}, report.Unit{Serial: "a", IMEI: []string{second}}, report.StatusFail},
		{"the same IMEI, another S/N", report.Unit{Serial: "a", IMEI: []string{first}, SN: "1/2"}, report.Unit{Serial: "a", IMEI: []string{first}, SN: "1/3"}, report.StatusFail},
		{"no IMEI now", report.Unit{Serial: "a", IMEI: []string{first}, SN: "1/2"}, report.Unit{Serial: "a", SN: "1/2"}, report.StatusUnknown},
		{"no S/N now", report.Unit{Serial: "a", SN: "1/2"}, report.Unit{Serial: "a"}, report.StatusUnknown},
		{"an S/N before, an IMEI now", report.Unit{Serial: "a", SN: "1/2"}, report.Unit{Serial: "a", IMEI: []string{first}}, report.StatusUnknown},
		{"another serial", report.Unit{Serial: "a", SN: "1/2"}, report.Unit{Serial: "b", IMEI: []string{first}}, report.StatusFail},
	} {
		if f := (Preconditions{Case: tt.kept, Connected: tt.connected}).unit(); f.Status != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, f.Status, tt.want)
		}
	}
}

// The last check names the precondition that no longer holds, and each of its errors stops the reset.
func TestSince(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		id   string
		want report.Status
	}{
		{fmt.Errorf("%w: %w", ErrSince, ErrSilent), check.ResetReadyUnit, report.StatusUnknown},
		{fmt.Errorf("%w: %w", ErrSince, ErrExchanged), check.ResetReadyUnit, report.StatusFail},
		{fmt.Errorf("%w: one file differs", ErrSince), check.ResetReadyBackup, report.StatusFail},
		{errors.New("no space left on device"), check.ResetReadyBackup, report.StatusFail},
	} {
		f := Since(tt.err)
		if f.ID != tt.id || f.Status != tt.want || f.Observed == "" || !errors.Is(Stands([]report.Finding{f}), ErrNotReady) {
			t.Errorf("%v: got %+v, want %s %q", tt.err, f, tt.id, tt.want)
		}
	}
}
