package reset

import (
	"errors"
	"slices"
	"testing"

	"preship/report"
	"preship/report/check"
)

func TestTokens(t *testing.T) {
	for _, tt := range []struct {
		u    report.Unit
		want []string
	}{
		{report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038", "868732053538046"}}, []string{"538038", "538046", "a0a2a6"}},
		{report.Unit{Serial: "abc"}, []string{"abc"}},
		{report.Unit{}, nil},
	} {
		if got := Tokens(tt.u); !slices.Equal(got, tt.want) {
			t.Errorf("Tokens(%v) = %q, want %q", tt.u, got, tt.want)
		}
	}
}

func TestAllow(t *testing.T) {
	unit := report.Unit{Serial: "c9a0A2A6", IMEI: []string{"868732053538038"}}
	ready := func(s report.Status) []report.Finding {
		return []report.Finding{{ID: check.ResetReadyUnit, Status: report.StatusPass}, {ID: check.ResetReadyBackup, Status: s}}
	}
	for _, tt := range []struct {
		name     string
		ready    []report.Finding
		typed    string
		unit     report.Unit
		emulated bool
		want     error
	}{
		{"the end of the IMEI", ready(report.StatusPass), "538038", unit, false, nil},
		{"the end of the serial", ready(report.StatusPass), " a0a2a6\n", unit, false, nil},
		{"a warning, and one declined", ready(report.StatusSkipped), "538038", unit, false, nil},
		{"the whole IMEI", ready(report.StatusPass), "868732053538038", unit, false, nil},
		{"the whole IMEI, as a scanner or the box writes it", ready(report.StatusPass), "868732 05 353803 8", unit, false, nil},
		{"the whole IMEI of another handset", ready(report.StatusPass), "868732053538046", unit, false, ErrNotConfirmed},
		{"the beginning of the IMEI", ready(report.StatusPass), "868732", unit, false, ErrNotConfirmed},
		{"nothing typed", ready(report.StatusPass), "", unit, false, ErrNotConfirmed},
		{"yes", ready(report.StatusPass), "y", unit, false, ErrNotConfirmed},
		{"nothing typed for a handset without numbers", ready(report.StatusPass), "", report.Unit{}, false, ErrNotConfirmed},
		{"the word for emulated ones", ready(report.StatusPass), ConfirmEmulated, unit, true, nil},
		{"the word for emulated ones, a real one", ready(report.StatusPass), ConfirmEmulated, unit, false, ErrNotConfirmed},
		{"another word, an emulated one", ready(report.StatusPass), "yes", unit, true, ErrNotConfirmed},
		{"nothing typed, an emulated one", ready(report.StatusPass), "", unit, true, ErrNotConfirmed},
		{"the end of the IMEI of an emulated one", ready(report.StatusPass), "538038", unit, true, nil},
		{"backup unknown", ready(report.StatusUnknown), "538038", unit, false, ErrNotReady},
		{"backup wrong, emulated", ready(report.StatusFail), ConfirmEmulated, unit, true, ErrNotReady},
		{"the end of the serial in capitals", ready(report.StatusPass), "A0A2A6", unit, false, nil},
		{"less than the end", ready(report.StatusPass), "38038", unit, false, ErrNotConfirmed},
		{"more than the end", ready(report.StatusPass), "8538038", unit, false, ErrNotConfirmed},
		{"separators, for a number that is empty", ready(report.StatusPass), "--", report.Unit{Serial: "c9a0a2a6", IMEI: []string{""}}, false, ErrNotConfirmed},
		{"the end of a second IMEI", ready(report.StatusPass), "538046", report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038", "868732053538046"}}, false, nil},
		{"a whole second IMEI", ready(report.StatusPass), "868732053538046", report.Unit{Serial: "c9a0a2a6", IMEI: []string{"868732053538038", "868732053538046"}}, false, nil},
		{"the first finding is in the way", append([]report.Finding{{ID: check.ResetReadyLocks, Status: report.StatusUnknown}}, ready(report.StatusPass)...), "538038", unit, false, ErrNotReady},
		{"nothing asked", nil, "538038", unit, false, ErrNotReady},
	} {
		permit, err := Allow(tt.ready, tt.typed, tt.unit, tt.emulated)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
		if (permit != Permit{}) != (tt.want == nil) || tt.want == nil && permit.serial != tt.unit.Serial {
			t.Errorf("%s: permit %+v with error %v", tt.name, permit, err)
		}
	}
}

// Only a status that is known, and is no fail and no unknown, lets a reset begin.
func TestStandsRefusesOtherWords(t *testing.T) {
	t.Parallel()
	for status, ready := range map[report.Status]bool{
		report.StatusPass: true, report.StatusWarn: true, report.StatusSkipped: true,
		report.StatusFail: false, report.StatusUnknown: false, "": false, "passed": false,
	} {
		if err := Stands([]report.Finding{{ID: check.ResetReadyBackup, Status: status}}); (err == nil) != ready {
			t.Errorf("%q: %v", status, err)
		}
	}
}

// A refusal names every finding that stands against the reset, and no other.
func TestStandsNamesTheFindings(t *testing.T) {
	t.Parallel()
	err := Stands([]report.Finding{
		{ID: check.ResetReadyUnit, Status: report.StatusUnknown},
		{ID: check.ResetReadyBackup, Status: report.StatusSkipped},
		{ID: check.ResetReadyInside, Status: report.StatusWarn},
		{ID: check.ResetReadyLocks, Status: report.StatusPass},
		{ID: check.ResetReadyBattery, Status: report.StatusFail},
	})
	if want := ErrNotReady.Error() + ": " + check.ResetReadyUnit + ", " + check.ResetReadyBattery; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

func TestTables(t *testing.T) {
	for _, w := range Ways {
		if w.Name == "" || w.Title.Empty() || w.Does.Empty() || w.Asks.Empty() || w.Proof.Empty() || w.fits == nil || w.follow == nil {
			t.Errorf("way %q has an incomplete text", w.Name)
		}
	}
	if _, ok := WayNamed("broadcast"); ok {
		t.Error("there is a way by broadcast, which proves nothing and does nothing")
	}
}
