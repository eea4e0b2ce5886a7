package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/link"
	"preship/adb/reset"
	"preship/backup/manifest"
	"preship/report"
	"preship/report/casedir"
	"preship/report/check"
	"preship/verify"
)

const savedPhoto = "/storage/emulated/0/DCIM/a.jpg"

// aHandset is a handset that gives its serial number and little else.
func aHandset(t *testing.T, serial string, wrong ...adbtest.Trouble) *adbtest.Handset {
	t.Helper()
	p, err := adbtest.Parse("test", fmt.Appendf(nil, `-- handset.txt --
title: Test handset
serial: %[1]s
features: shell_v2 cmd stat_v2 ls_v2
user: 0 c13 running Owner
-- getprop.txt --
[ro.build.version.sdk]: [31]
[ro.serialno]: [%[1]s]
-- tree.txt --
`, serial))
	must(t, err)
	h := adbtest.New(p, adbtest.WithTrouble(wrong...))
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// anErasure is the reset of a case with one saved photo, by a server with these handsets.
func anErasure(t *testing.T, opts Options, handsets ...*adbtest.Handset) *erasure {
	t.Helper()
	c, err := casedir.Create(filepath.Join(t.TempDir(), "case"), time.Now())
	must(t, err)
	s, err := adbtest.NewServer(adbtest.LocalAddr(), handsets...)
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	client, err := adb.New(adb.Options{Addr: s.Addr()})
	must(t, err)
	serial := "c9a0a2a6"
	if len(handsets) > 0 {
		serial = handsets[0].Serial()
	}
	e := New(aHost(t.TempDir()), deaf{}, opts).erase
	e.kept, e.client, e.device = c, client, client.Device(serial)
	t.Cleanup(func() { _ = e.Close() })

	photo := []byte("a photo")
	sum := sha256.Sum256(photo)
	entry := manifest.Entry{Type: manifest.TypeFile, Status: manifest.StatusProved, Size: int64(len(photo)), SHA256: hex.EncodeToString(sum[:])}
	entry.SetPath([]byte(savedPhoto))
	m := &manifest.Manifest{Head: manifest.Head{Schema: manifest.Schema, Complete: true, Prove: manifest.ProveHash}}
	m.Tail.Entries = 1
	must(t, os.MkdirAll(filepath.Dir(photoOf(e)), 0o700))
	must(t, os.WriteFile(photoOf(e), photo, 0o600))
	must(t, manifest.Write(c.Root(), m, func(yield func(manifest.Entry) bool) { yield(entry) }))
	must(t, c.SetStep(report.StepRecord{Name: report.StepBackup, State: report.StepDone}))
	return e
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// photoOf is the copy of the photo.
func photoOf(e *erasure) string {
	return filepath.Join(e.kept.Dir(), filepath.FromSlash(manifest.Dir+savedPhoto))
}

// damage writes other bytes of the same length into the copy of the photo.
func damage(t *testing.T, e *erasure) {
	t.Helper()
	must(t, os.WriteFile(photoOf(e), []byte("A PHOTO"), 0o600))
	must(t, os.Chtimes(photoOf(e), time.Time{}, time.Unix(1772359200, 0)))
}

// A backup is proved only if the step was done, no finding stands against it, and its
// files are what they were when they were proved, however often that was asked.
func TestBackupProved(t *testing.T) {
	t.Parallel()
	finding := func(s report.Status) report.Findings {
		return report.Findings{{ID: check.BackupComplete, Status: s, Summary: "x"}}
	}
	for _, tt := range []struct {
		name   string
		rec    report.StepRecord
		proved bool
	}{
		{"done", report.StepRecord{State: report.StepDone, Findings: finding(report.StatusPass)}, true},
		{"a warning", report.StepRecord{State: report.StepDone, Findings: finding(report.StatusWarn)}, true},
		{"a fail", report.StepRecord{State: report.StepDone, Findings: finding(report.StatusFail)}, false},
		{"an unknown", report.StepRecord{State: report.StepDone, Findings: finding(report.StatusUnknown)}, false},
		{"failed", report.StepRecord{State: report.StepFailed, Findings: finding(report.StatusPass)}, false},
		{"interrupted", report.StepRecord{State: report.StepInterrupted}, false},
		{"running", report.StepRecord{State: report.StepRunning}, false},
	} {
		e := anErasure(t, Options{})
		tt.rec.Name = report.StepBackup
		must(t, e.kept.SetStep(tt.rec))
		if err := e.backupProved(t.Context()); (err == nil) != tt.proved {
			t.Errorf("%s: %v, want proved %t", tt.name, err, tt.proved)
		}
	}
	e := anErasure(t, Options{})
	for range 2 { // the second time by the stamp of the first
		must(t, e.backupProved(t.Context()))
	}
	damage(t, e)
	for range 2 {
		if err := e.backupProved(t.Context()); err == nil {
			t.Error("a backup whose photo was written to is proved")
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := anErasure(t, Options{}).backupProved(over); !errors.Is(err, context.Canceled) {
		t.Errorf("in an ended context: %v, want %v", err, context.Canceled)
	}
}

// The last check before the wipe finds a backup that was damaged after the question, a
// handset that was exchanged, and one that does not answer.
func TestRecheck(t *testing.T) {
	t.Parallel()
	fact := func(v string) handset.Fact { return handset.Fact{Value: v} }
	of := func(serial string, wrong ...adbtest.Trouble) func(*testing.T) []*adbtest.Handset {
		return func(t *testing.T) []*adbtest.Handset { return []*adbtest.Handset{aHandset(t, serial, wrong...)} }
	}
	away := func(*testing.T) []*adbtest.Handset { return nil }
	for _, tt := range []struct {
		name     string
		handsets func(*testing.T) []*adbtest.Handset
		opts     Options
		damaged  bool
		want     []error // nil: nothing stands against the wipe
	}{
		{"in its recovery", away, Options{}, false, nil},
		{"in its recovery, and the backup is damaged", away, Options{}, true, []error{reset.ErrSince}},
		{"in its recovery, and the owner does without a backup", away, Options{WithoutBackup: "broken"}, true, nil},
		{"an empty reason is no reason", away, Options{WithoutBackup: " "}, true, []error{reset.ErrSince}},
		{"the same", of("TEST0001"), Options{}, false, nil},
		{"the same, and the backup is damaged", of("TEST0001"), Options{}, true, []error{reset.ErrSince}},
		{"another", of("TEST0002"), Options{}, false, []error{reset.ErrSince, reset.ErrExchanged}},
		{"another, and the owner does without a backup", of("TEST0002"), Options{WithoutBackup: "broken"}, false, []error{reset.ErrSince, reset.ErrExchanged}},
		{"the same, whose line breaks", of("TEST0001", adbtest.Trouble{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:dumpsys battery"}), Options{}, false, []error{adb.ErrClosed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := anErasure(t, tt.opts, tt.handsets(t)...)
			e.identity.Serial = fact("TEST0001")
			if tt.damaged {
				damage(t, e)
			}
			err := e.recheck(t.Context())
			if (err == nil) != (tt.want == nil) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			for _, want := range tt.want {
				if !errors.Is(err, want) && !(want == adb.ErrClosed && link.Broken(err)) {
					t.Errorf("error %v, want %v", err, want)
				}
			}
		})
	}
}

// The locks of a handset that broke off in the middle of the answers are not known.
func TestLocksThatBrokeOff(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		wrong []adbtest.Trouble
	}{
		{"every answer", nil},
		{"the accounts broke off", []adbtest.Trouble{{Kind: adbtest.TroubleCut, Service: "shell,v2,raw:dumpsys account"}}},
	} {
		e := anErasure(t, Options{}, aHandset(t, "TEST0001", tt.wrong...))
		found, err := e.locksNow(t.Context())
		if (err != nil) != (tt.wrong != nil) {
			t.Errorf("%s: error %v", tt.name, err)
		}
		ready := reset.Ready(t.Context(), reset.Preconditions{Reader: e.reader(), Locks: e.locksNow})
		if f, _ := report.Findings(ready).ByID(check.ResetReadyLocks); f.Status == report.StatusPass || err != nil && f.Status != report.StatusUnknown {
			t.Errorf("%s: %s is %q with %d findings", tt.name, f.ID, f.Status, len(found))
		}
	}
}

// The look after the answer compares the handset with the one that the question was about,
// by its numbers and by its Android ID.
func TestLookAfterAnswer(t *testing.T) {
	t.Parallel()
	unit := func(serial string) handset.Identity {
		return handset.Identity{Serial: handset.Fact{Value: serial, Source: "test"}}
	}
	for _, tt := range []struct {
		name  string
		asked handset.Identity
		id    string // Android ID before the answer; empty: as now
		want  report.Status
	}{
		{"the same", unit("TEST0001"), "", report.StatusPass},
		{"another number", unit("TEST0002"), "", report.StatusFail},
		{"another Android ID", unit("TEST0001"), "aaaa000011112222", report.StatusFail},
	} {
		e := anErasure(t, Options{}, aHandset(t, "TEST0001"))
		e.host.Key = func(context.Context) (*Key, error) { return &Key{}, nil }
		e.host.Free = func(string) (int64, error) { return 1 << 40, nil }
		e.identity = tt.asked
		must(t, e.kept.Bind(report.Unit{Serial: "TEST0001"}))
		e.handset.Serial = "TEST0001"
		before := verify.LookBefore(t.Context(), e.reader(), tt.asked)
		if before.AndroidID == "" {
			t.Fatal("the handset has no Android ID")
		}
		if tt.id != "" {
			before.AndroidID = tt.id
		}
		_, ready, err := e.lookAfterAnswer(t.Context(), before)
		if f, _ := ready.ByID(check.ResetReadyUnit); err != nil || f.Status != tt.want {
			t.Errorf("%s: %s is %q, error %v; want %q", tt.name, check.ResetReadyUnit, f.Status, err, tt.want)
		}
	}
}
