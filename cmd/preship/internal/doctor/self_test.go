package doctor

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"preship/cmd/preship/internal/hold"
	"preship/cmd/preship/internal/volume"
	"preship/report"
	"preship/report/trust"
)

func TestDoctorLooksAtDisk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		volume      volume.Volume
		err         error
		status      report.Status
		found, next string
	}{
		{"plenty", volume.Volume{Free: 1 << 40}, nil, report.StatusPass, "1.1 TB free", ""},
		{"some", volume.Volume{Free: 20 << 30}, nil, report.StatusWarn, "21.5 GB", "--out"},
		{"none", volume.Volume{Free: 1 << 20}, nil, report.StatusFail, "1.0 MB", "Free some"},
		{"not told", volume.Volume{}, errors.ErrUnsupported, report.StatusUnknown, "could not be checked", "--out"},
	} {
		p := newComputer(t)
		p.machine.volume = func(string) (volume.Volume, error) { return tt.volume, tt.err }
		expect(t, tt.name, checkDisk(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
}

func TestDoctorTriesFolder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind        string
		status      report.Status
		found, next string
	}{
		{"ext4", report.StatusPass, "ext4, can be written", ""},
		{"", report.StatusPass, "can be written", ""},
		{"vfat", report.StatusWarn, "vfat", "no file larger than 4.3 GB"},
		{"tmpfs", report.StatusWarn, "tmpfs", "lost when this computer restarts"},
		{"smb", report.StatusWarn, "smb", "on the network"},
	} {
		p := newComputer(t)
		p.machine.volume = func(string) (volume.Volume, error) { return volume.Volume{Kind: tt.kind}, nil }
		expect(t, tt.kind, checkFolder(t.Context(), p.facts), tt.status, tt.found, tt.next)
		if left, err := filepath.Glob(filepath.Join(p.root, "*")); err != nil || len(left) != 0 {
			t.Errorf("%s: doctor left %v, %v", tt.kind, left, err)
		}
	}
	p := newComputer(t)
	p.Out = p.write("file", "", 0o600)
	expect(t, "a file", checkFolder(t.Context(), p.facts), report.StatusFail, "is not a folder", "--out")
	expect(t, "a file, for room", checkDisk(t.Context(), p.facts), report.StatusFail, "is not a folder", "--out")
}

func TestDoctorLooksAtClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name        string
		built       time.Time
		zone        string
		status      report.Status
		found, next string
	}{
		{"right", now.AddDate(0, -1, 0), "", report.StatusPass, "2026-11-22 12:00 UTC (+00:00)", ""},
		{"not known when built", time.Time{}, "UTC", report.StatusPass, "2026-11-22", ""},
		{"built today, to the west", now.Add(8 * time.Hour), "", report.StatusPass, "2026-11-22", ""},
		{"built in its future", now.AddDate(0, 0, 2), "", report.StatusFail, "before this preship was built on 2026-11-24", "Set this computer's clock"},
		{"no such zone", now, "Middle/Earth", report.StatusWarn, "Middle/Earth", "TZ"},
	} {
		p := newComputer(t)
		p.machine.built, p.vars["TZ"] = tt.built, tt.zone
		expect(t, tt.name, checkClock(t.Context(), p.facts), tt.status, tt.found, tt.next)
	}
}

func TestDoctorLooksAtKey(t *testing.T) {
	t.Parallel()
	p := newComputer(t)
	expect(t, "none", checkKey(t.Context(), p.facts), report.StatusPass, "preship makes one on first use: "+p.root, "")
	file := filepath.Join(p.root, "config", "preship", "signing.key")
	if _, _, err := trust.LoadOrCreateKey(file); err != nil {
		t.Fatal(err)
	}
	expect(t, "made", checkKey(t.Context(), p.facts), report.StatusPass, "ssh-ed25519 SHA256:", "")
	if runtime.GOOS != "windows" {
		if err := os.Chmod(file, 0o644); err != nil {
			t.Fatal(err)
		}
		expect(t, "open to all", checkKey(t.Context(), p.facts), report.StatusFail, "0644", "chmod 600")
	}
	p.write("config/preship/signing.key", "rubbish", 0o600)
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, "no key", checkKey(t.Context(), p.facts), report.StatusFail, "signing.key", "preship key new")
}

func TestDoctorSeesOthers(t *testing.T) {
	t.Parallel()
	p := newComputer(t)
	expect(t, "never used", checkOthers(t.Context(), p.facts), report.StatusPass, "no other preship", "")
	dir := filepath.Join(p.root, "config", "preship", "busy")
	h, err := hold.Take(dir, "a handset")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Note(hold.Note{Case: "/cases/PS-1"}); err != nil {
		t.Fatal(err)
	}
	expect(t, "one works", checkOthers(t.Context(), p.facts), report.StatusWarn, "case /cases/PS-1", "Let it finish")
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	p.write("config/preship/busy/left.lock", "/cases/PS-2\n", 0o600)
	expect(t, "one was killed", checkOthers(t.Context(), p.facts), report.StatusPass, "no other preship", "")
}

func TestDoctorLooksAtTerminal(t *testing.T) {
	t.Parallel()
	p := newComputer(t)
	expect(t, "none", checkTerminal(t.Context(), p.facts), report.StatusPass, "give every answer as a flag", "")
	p.Console.InTTY, p.Console.ErrTTY, p.Console.Columns = true, true, func() int { return 90 }
	p.vars["LANG"] = "de_DE.UTF-8"
	expect(t, "one", checkTerminal(t.Context(), p.facts), report.StatusPass, "without colour, 90 columns", "")
	if runtime.GOOS != "windows" {
		p.vars["LC_ALL"] = "C"
		expect(t, "one without UTF-8", checkTerminal(t.Context(), p.facts), report.StatusWarn, "questions can be asked", "UTF-8")
	}
}

// TestDoctorRows runs every check: a computer without adb is not ready, and every row has
// its parts.
func TestDoctorRows(t *testing.T) {
	t.Parallel()
	rows, ready, err := run(t.Context(), newComputer(t).facts)
	if err != nil || ready != NotReady || len(rows) != len(checks) {
		t.Fatalf("without adb: %d rows, readiness %d, %v", len(rows), ready, err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.ID] || r.Found == "" || r.Looks == "" || r.Next == nil || strings.Contains(r.ID, " ") {
			t.Errorf("row %+v", r)
		}
		seen[r.ID] = true
	}
}
