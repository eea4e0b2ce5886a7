package reset

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"preship/adb"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

// That the handset left is on disk before anything else is awaited: a run that
// dies here must know it when it is resumed.
func TestLeavingIsSavedAtOnce(t *testing.T) {
	for _, name := range []string{"recovery", "by-hand"} {
		synctest.Test(t, func(t *testing.T) {
			p, s := newPhone(), &saves{}
			if name == "by-hand" {
				p.moves(time.Minute, adb.StateAbsent)
				p.moves(3*time.Minute, adb.StateUnauthorized)
			}
			if _, err := wayTo(t, name).Run(t.Context(), newJob(t, p, s)); err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(s.kept, func(r report.Reset) bool { return r.LeftAt != nil && r.ReturnedAt == nil }) {
				t.Errorf("%s: saved %+v, want a state in which it has left and is not back", name, s.kept)
			}
		})
	}
}

// lost is a phone whose state cannot be asked for.
type lost struct{ *phone }

func (lost) State(context.Context) (adb.State, error) { return "", adb.ErrNoServer }

// A state that cannot be asked for is an error, not an absent handset.
func TestStateThatCannotBeAsked(t *testing.T) {
	for _, name := range []string{"recovery", "settings", "by-hand"} {
		p := newPhone()
		j := newJob(t, p, &saves{})
		j.Device = lost{p}
		got, err := wayTo(t, name).Run(t.Context(), j)
		if !errors.Is(err, adb.ErrNoServer) || len(p.sent) > 0 || got.TriggeredAt != nil {
			t.Errorf("%s: error %v, sent %q, triggered at %v; want %v and nothing", name, err, p.sent, got.TriggeredAt, adb.ErrNoServer)
		}
	}
	j := newJob(t, newPhone(), &saves{})
	j.Device, j.Earlier = lost{newPhone()}, earlierRun("")
	if got, err := Resume(t.Context(), j); !errors.Is(err, adb.ErrNoServer) || got.ReturnedState != nil {
		t.Errorf("resumed: error %v, state %v; want %v and no state", err, got.ReturnedState, adb.ErrNoServer)
	}
}

// What an earlier run saved says whether the wipe may be under way, and whether
// the reset is over.
func TestEarlierRuns(t *testing.T) {
	back := func(r report.Reset, state string) report.Reset {
		r.ReturnedState = &state
		return r
	}
	rung := func(r report.Reset, rung report.Rung) report.Reset { r.Rung = rung; return r }
	untriggered := rung(report.Reset{Way: "recovery"}, report.RungAttested)
	bench := back(report.Reset{Way: "bench", TriggeredAt: earlierRun("").TriggeredAt}, "device")
	changed := bench
	changed.Findings = report.Findings{{ID: check.ResetAndroidID, Status: report.StatusPass}}
	for _, tt := range []struct {
		name          string
		r             report.Reset
		mayBeSent, ok bool
	}{
		{"no answer, back and forgotten", back(rung(earlierRun(""), report.RungCameBackUnauthorized), "unauthorized"), false, true},
		{"no answer, back and let in", back(earlierRun(""), "device"), false, false},
		{"no answer, back in the recovery", back(earlierRun(""), "recovery"), true, false},
		{"an odd answer, back and let in", back(earlierRun("Format_data_ok."), "device"), true, false},
		{"formatted, not seen again", earlierRun("Format_data_success."), true, false},
		{"formatted, back", back(earlierRun("Format_data_success."), "unauthorized"), false, true},
		{"a person's word alone, nothing triggered", untriggered, false, false},
		{"an emulator, back as it was", bench, false, false},
		{"an emulator with another Android ID", changed, false, true},
	} {
		if got := MayBeSent(tt.r); got != tt.mayBeSent {
			t.Errorf("%s: may be sent %t, want %t", tt.name, got, tt.mayBeSent)
		}
		if got := Done(tt.r); got != tt.ok {
			t.Errorf("%s: done %t, want %t", tt.name, got, tt.ok)
		}
	}
}

// A handset with the numbers of the case is the one of the case; where both know a
// serial number and they differ, it is not.
func TestReadyUnitBySerialNumber(t *testing.T) {
	const imei = "868732053538038"
	for _, tt := range []struct {
		name       string
		kept, here report.Unit
		want       report.Status
	}{
		{"same IMEI and S/N", report.Unit{IMEI: []string{imei}, SN: "1/2"}, report.Unit{IMEI: []string{imei}, SN: "1/2"}, report.StatusPass},
		{"S/N learned since", report.Unit{IMEI: []string{imei}}, report.Unit{IMEI: []string{imei}, SN: "1/2"}, report.StatusPass},
		{"same S/N of a tablet", report.Unit{SN: "1/2"}, report.Unit{SN: "1/2"}, report.StatusPass},
		{"other S/N of a tablet", report.Unit{SN: "1/2"}, report.Unit{SN: "1/3"}, report.StatusFail},
	} {
		if f := (Preconditions{Case: tt.kept, Connected: tt.here}).unit(); f.Status != tt.want {
			t.Errorf("%s: %q (%s), want %q", tt.name, f.Status, f.Observed, tt.want)
		}
	}
}

// Only a lock without an override puts its own remedy before the table's,
// and only a card in the handset makes its own finding.
func TestReadyLocksHasARemedy(t *testing.T) {
	look := func(found ...report.Finding) []report.Finding {
		return Preconditions{Locks: func(context.Context) ([]report.Finding, error) { return found, nil }}.locks(t.Context())
	}
	soft := look(report.Finding{ID: locks.MiAccount, Status: report.StatusFail, Summary: "signed in", Remedy: "sign out"})
	if len(soft) != 1 || soft[0].Remedy == "sign out" || soft[0].Summary == "signed in" {
		t.Errorf("a lock that can be overridden: %+v, want the words of %s", soft, check.ResetReadyLocks)
	}
	firm := look(report.Finding{ID: locks.RepairMode, Status: report.StatusFail, Summary: "in repair mode", Remedy: "leave it"})
	if len(firm) != 1 || firm[0].Remedy != "leave it" || firm[0].Summary != "in repair mode" {
		t.Errorf("a lock that cannot: %+v, want its own words", firm)
	}
	inside := look(report.Finding{ID: locks.MiAccount, Status: report.StatusPass}, report.Finding{ID: locks.SIM, Status: report.StatusWarn, Summary: "a SIM"})
	if len(inside) != 2 || inside[1].ID != check.ResetReadyInside || inside[1].Status != report.StatusWarn || inside[1].Observed != "a SIM" {
		t.Errorf("a SIM card inside: %+v, want a finding of its own", inside)
	}
	if clear := look(report.Finding{ID: locks.MiAccount, Status: report.StatusPass}, report.Finding{ID: locks.SIM, Status: report.StatusPass}); len(clear) != 1 {
		t.Errorf("nothing inside: %+v, want one finding", clear)
	}
}

func TestReadyBatteryNamesItsEvidence(t *testing.T) {
	f := Preconditions{Reader: charge("15", "true")}.battery(t.Context())
	if !slices.Equal(f.Evidence, []string{"evidence/battery"}) || f.Observed != "15 %, charging" {
		t.Errorf("observed %q by %q", f.Observed, f.Evidence)
	}
}

// A page of the reset is kept as evidence with everything masked that is not one
// of the vendor's own words: it may name who is signed in.
func TestOnlyTheVendorsWordsAreKept(t *testing.T) {
	for _, text := range []string{"Jordan Example", "6230123535", "someone@example.com", "", "Factory reset Jordan", "Jordan's Factory reset"} {
		if isWord(text) {
			t.Errorf("%q counts as a word of the vendor's", text)
		}
	}
	for key, row := range words {
		for language, word := range row {
			if shown := strings.ReplaceAll(word, "%d", "10"); !isWord(shown) || !says(shown, key) {
				t.Errorf("%s of %s, %q, does not count as a word of the vendor's", key, language, shown)
			}
			if strings.Contains(word, "%d") && (says(strings.ReplaceAll(word, "%d", "x"), key) || says(strings.ReplaceAll(word, "%d", ""), key)) {
				t.Errorf("%s of %s, %q, counts without its number", key, language, word)
			}
		}
	}
}

// A reset that was not followed to its last question is not called so.
func TestPagesThatWereSeen(t *testing.T) {
	for _, tt := range []struct {
		name string
		seen []string
		want report.Status
	}{
		{"none", nil, report.StatusWarn},
		{"the first", []string{"About phone"}, report.StatusWarn},
		{"to the last", []string{"About phone", "last warning"}, report.StatusPass},
	} {
		g := &guide{attempt: newAttempt(&Job{}, report.Reset{}), seen: tt.seen}
		g.found(nil)
		if got := statusOf(g.out, check.ResetPages); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
