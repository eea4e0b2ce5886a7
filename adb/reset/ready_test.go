package reset

import (
	"context"
	"errors"
	"strings"
	"testing"

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
		{"another handset", func(p *Preconditions) { p.Connected.IMEI = []string{"868732053538046"} }, check.ResetReadyUnit, report.StatusFail},
		{"the IMEI is not told any more", func(p *Preconditions) { p.Connected.IMEI = nil }, check.ResetReadyUnit, report.StatusUnknown},
		{"the IMEI with another S/N", func(p *Preconditions) { p.Case.SN, p.Connected.SN = "30586/A1", "30586/A2" }, check.ResetReadyUnit, report.StatusFail},
		{"the IMEI, and the S/N is not told", func(p *Preconditions) { p.Case.SN = "30586/A1" }, check.ResetReadyUnit, report.StatusPass},
		{"a tablet that does not tell its S/N any more", func(p *Preconditions) {
			p.Case.IMEI, p.Connected.IMEI, p.Case.SN = nil, nil, "30586/A1"
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
