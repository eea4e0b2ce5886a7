package verify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

// An owner's word counts only for an unknown answer, and never as a pass.
func TestAttest(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, tt := range []struct {
		name    string
		changes map[string]string
		check   string
		want    report.Status
		method  report.Method
		against bool
	}{
		{"not seen", map[string]string{lineFind: "-"}, locks.FindDevice, report.StatusWarn, report.MethodAttested, false},
		{"accounts not seen", map[string]string{lineAccounts: ""}, locks.MiAccount, report.StatusWarn, report.MethodAttested, false},
		{"seen to be off", nil, locks.FindDevice, report.StatusPass, report.MethodObserved, false},
		{"seen to be on", map[string]string{lineFind: "Row: 0 isLastStatusOpen=1\n"}, locks.FindDevice, report.StatusFail, report.MethodObserved, true},
		{"seen to be signed in", map[string]string{lineAccounts: boundAccounts}, locks.GoogleAccount, report.StatusFail, report.MethodObserved, true},
		{"the account's web page", nil, CheckUnlinked, report.StatusWarn, report.MethodAttested, false},
	} {
		out, fs := locksOf(t, fresh.but(tt.changes))
		against := Attest(&out, fs, []Attestation{{tt.check, at}})
		every(t, fs)
		f, _ := report.Findings(fs).ByID(tt.check)
		if f.Status != tt.want || f.Method != tt.method || slices.Contains(against, tt.check) != tt.against {
			t.Errorf("%s: %s is %s, %s, contradicted %v; want %s, %s, %t", tt.name, tt.check, f.Status, f.Method, against, tt.want, tt.method, tt.against)
		}
		if i := slices.IndexFunc(out.Locks, func(l report.Lock) bool { return l.ID == tt.check }); i >= 0 && (out.Locks[i].Status != tt.want || out.Locks[i].Method != tt.method) {
			t.Errorf("%s: among the locks it stands as %+v", tt.name, out.Locks[i])
		}
		if said := strings.Contains(f.Summary, "The owner says"); said != (tt.method == report.MethodAttested) || said && (!f.At.Equal(at.Truncate(time.Second)) || f.Remedy != "") {
			t.Errorf("%s: finding %+v", tt.name, f)
		}
	}
}

// A word on one check does not count for another, or for a check that is not a lock.
func TestAttestIsByName(t *testing.T) {
	t.Parallel()
	out, fs := locksOf(t, fresh.but(map[string]string{lineFind: "-", lineDebt: "-"}))
	Attest(&out, fs, []Attestation{{locks.FindDevice, time.Now()}, {"clean.files", time.Now()}, {"", time.Now()}})
	if status := statusOf(t, fs, locks.Debt); status != report.StatusUnknown {
		t.Errorf("%s is %s without an attestation", locks.Debt, status)
	}
	out, fs = locksOf(t, fresh.but(map[string]string{lineFind: "-"}))
	Attest(&out, fs, []Attestation{{"clean.files", time.Now()}, {check.IdentityIMEI, time.Now()}, {locks.FindDevice, time.Now()}})
	if status := statusOf(t, fs, locks.FindDevice); status != report.StatusWarn {
		t.Errorf("%s is %s, attested after words that count for nothing here", locks.FindDevice, status)
	}
	fs = []report.Finding{{ID: "clean.files", Status: report.StatusUnknown}}
	Attest(&report.Accounts{}, fs, []Attestation{{"clean.files", time.Now()}})
	if fs[0].Status != report.StatusUnknown {
		t.Errorf("the contents of the storage were attested: %+v", fs[0])
	}
}

// The maker's side is asked about where its vendor has one.
func TestUnlinked(t *testing.T) {
	t.Parallel()
	_, fs := locksOf(t, fresh)
	f, ok := report.Findings(fs).ByID(CheckUnlinked)
	if !ok || f.Status != report.StatusUnknown || !strings.Contains(f.Remedy, "--attest "+CheckUnlinked) || !strings.Contains(f.Remedy, "https://") {
		t.Errorf("%s is %+v, want unknown, with how to see it", CheckUnlinked, f)
	}
	plain := strings.NewReplacer("Xiaomi", "unknown", "ro.miui.", "ro.x.").Replace(propsText)
	_, fs = locksOf(t, fresh.but(map[string]string{lineProps: plain}))
	if status := statusOf(t, fs, CheckUnlinked); status != "" {
		t.Errorf("%s of another vendor is %q", CheckUnlinked, status)
	}
}

// The word that a handset has no modem does not make an IMEI known that a phone does not
// show.
func TestAttestNoModem(t *testing.T) {
	t.Parallel()
	found := []report.Finding{{ID: check.IdentityIMEI, Status: report.StatusUnknown}}
	contradicted := Attest(&report.Accounts{}, found, []Attestation{{Check: check.IdentityIMEI}})
	if found[0].Status != report.StatusUnknown || len(contradicted) > 0 {
		t.Errorf("the finding is %+v, contradicted %q", found[0], contradicted)
	}
}
