package verify

import (
	"slices"
	"strings"
	"testing"

	"preship/adb/handset"
	"preship/adb/handset/locks"
	"preship/report"
	"preship/report/check"
)

// Files of an owner are counted by the folders everybody's storage has. The name
// of a folder that a person made is private, and is counted as elsewhere.
func TestFilesAreCountedByFolder(t *testing.T) {
	t.Parallel()
	const list = "/sdcard/\x00/sdcard/DCIM\x00/sdcard/DCIM/Camera/1.jpg\x00/sdcard/DCIM/2.jpg\x00/sdcard/Tax 2025/a.pdf\x00/sdcard/b.pdf\x00" +
		"/sdcard/MIUI/backup/AllBackup/x.bak\x00/sdcard/MIUI/debug/y\x00/sdcard/Android/media/com.chat/c.jpg\x00/sdcard/Android/data/com.chat/d\x00" +
		"/sdcard/Pictures/.nomedia\x00"
	f, out := asked(t, "clean.files", lineFiles, handset.Answer{Stdout: []byte(list)}, beforeReset())
	if want := "Android: 1, DCIM: 2, MIUI: 1, elsewhere: 2"; f.Observed != want || *out.Files != 6 || f.Status != report.StatusFail {
		t.Errorf("%q, %d files, %q; want %q, 6 and fail", f.Observed, *out.Files, f.Status, want)
	}
	for name, list := range map[string]string{
		"a name of another folder": "/sdcard/\x00/data/a\x00", "a name without a slash": "/sdcard/\x00x\x00", "the root alone, cut": "/sdcard/",
	} {
		if f, out := asked(t, "clean.files", lineFiles, handset.Answer{Stdout: []byte(list)}, beforeReset()); f.Status != report.StatusUnknown || out.Files != nil {
			t.Errorf("%s: %q, %v files; want unknown", name, f.Status, out.Files)
		}
	}
}

// Accounts of a handset that does not list its users are counted where it shows
// some, and nothing is counted if it shows no accounts.
func TestAccountsAfterAReset(t *testing.T) {
	t.Parallel()
	one := fresh.but(map[string]string{lineAccounts: "User UserInfo{0:Owner:4c13}:\n  Accounts: 1\n    Account {name=6230***535, type=com.xiaomi}\n"})
	for name, tt := range map[string]struct {
		phone answers
		want  report.Status
		count int // -1: not known
	}{
		"none":                          {fresh, report.StatusPass, 0},
		"one":                           {one, report.StatusFail, 1},
		"one, and the users not listed": {one.but(map[string]string{lineUsers: "-"}), report.StatusFail, 1},
		"none, and users not listed":    {fresh.but(map[string]string{lineUsers: "-"}), report.StatusUnknown, -1},
	} {
		out, fs, err := Clean(t.Context(), tt.phone, beforeReset())
		if err != nil {
			t.Fatal(err)
		}
		count := -1
		if out.Accounts != nil {
			count = *out.Accounts
		}
		if status := statusOf(t, fs, "clean.accounts"); status != tt.want || count != tt.count {
			t.Errorf("%s: %q, counted %d; want %q and %d", name, status, count, tt.want, tt.count)
		}
	}
}

// A numbered unit that differs in one number is another unit, whatever the others say.
func TestSameUnitNamesTheDifference(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*report.Unit)
		want   report.Status
		told   string
	}{
		{"all as before", func(*report.Unit) {}, report.StatusPass, "IMEI as before, S/N as before, serial as before"},
		{"the slots in another order", func(u *report.Unit) { slices.Reverse(u.IMEI) }, report.StatusPass, "IMEI as before, S/N as before, serial as before"},
		{"one IMEI less", func(u *report.Unit) { u.IMEI = u.IMEI[:1] }, report.StatusFail, "IMEI differs, S/N as before, serial as before"},
		{"another S/N", func(u *report.Unit) { u.SN = "1/2" }, report.StatusFail, "IMEI as before, S/N differs, serial as before"},
		{"the S/N not known before", func(u *report.Unit) { u.SN = "" }, report.StatusPass, "IMEI as before, S/N not known on both sides, serial as before"},
		{"only numbers that differ", func(u *report.Unit) { *u = report.Unit{Serial: "x"} }, report.StatusFail, "IMEI not known on both sides, S/N not known on both sides, serial differs"},
	} {
		before := beforeReset()
		tt.change(&before.Unit)
		out, fs, err := Clean(t.Context(), fresh, before)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := report.Findings(fs).ByID("clean.same-unit")
		if f.Status != tt.want || f.Observed != tt.told || out.SameUnit == nil || *out.SameUnit != (tt.want == report.StatusPass) {
			t.Errorf("%s: %q, %q; want %q, %q", tt.name, f.Status, f.Observed, tt.want, tt.told)
		}
	}
}

// A rung that an observation contradicts does not count, even if the check itself had
// reached one; the top rung lists what each of its checks leaves open.
func TestRungLists(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	out, _ := Rung(report.Reset{Rung: report.RungFormatAnswered}, &report.Clean{Rung: report.RungObservedClean, SameUnit: &yes, AndroidIDChanged: &no})
	if out.Rung != report.RungNone {
		t.Errorf("rung %q, want none", out.Rung)
	}
	out, _ = Rung(report.Reset{}, &report.Clean{Rung: report.RungObservedClean})
	open := 0
	for _, row := range cleanRows {
		if c, _ := check.ByID(row.id); c.NotProved != "" {
			open++
		}
	}
	if len(out.NotProved) != open+1 || slices.ContainsFunc(out.NotProved, func(s string) bool { return strings.HasSuffix(s, ": ") }) {
		t.Errorf("%d limits %q, want one of the rung and one for each of %d checks", len(out.NotProved), out.NotProved, open)
	}
}

// An owner can attest only if the finding says so and names the flag.
func TestAttestIsOfferedWhereTheOwnerCanSee(t *testing.T) {
	t.Parallel()
	_, fs := locksOf(t, fresh.but(map[string]string{lineFind: "-", lineDebt: "-", lineAccounts: "-", lineOwners: "-"}))
	for _, l := range locks.All {
		f, asked := report.Findings(fs).ByID(l.ID)
		if !asked {
			continue
		}
		want := f.Status == report.StatusUnknown && l.Look != ""
		if got := strings.Contains(f.Remedy, "--attest "+l.ID); got != want {
			t.Errorf("%s is %q and offers %q, want --attest offered %t", l.ID, f.Status, f.Remedy, want)
		}
	}
}
