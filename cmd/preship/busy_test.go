package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"preship/adb"
	"preship/adb/handset"
	"preship/cmd/preship/internal/console"
	"preship/report"
)

func TestHold(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there")
	first, err := take(dir, "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.note("/cases/PS-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := take(dir, "a"); !errors.Is(err, errBusy) || !strings.Contains(err.Error(), "case /cases/PS-1") {
		t.Errorf("taken twice: %v, want errBusy and the case", err)
	}
	other, err := take(dir, "b")
	if err != nil {
		t.Errorf("another handset: %v", err)
	}
	for _, h := range []*hold{first, other} {
		if err := h.release(); err != nil {
			t.Error(err)
		}
	}
	again, err := take(dir, "a")
	if err != nil {
		t.Fatalf("after it was released: %v", err)
	}
	defer again.release()
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("%d files in the folder, want only that of the handset still held", len(left))
	}
}

func TestSameServer(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"localhost:5037": "localhost:5037", "127.0.0.1:5037": "localhost:5037", "[::1]:5037": "localhost:5037",
		"10.0.0.2:5037": "10.0.0.2:5037", "localfilesystem:/run/adb": "localfilesystem:/run/adb",
	} {
		if got := sameServer(addr); got != want {
			t.Errorf("sameServer(%q) = %q, want %q", addr, got, want)
		}
	}
}

// One handset by cable and over the network is one; two of a kind that is
// emulated are two.
func TestOneHandsetByTwoWays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	client, err := adb.New(adb.Options{Addr: "127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	unit := report.Unit{IMEI: []string{"868732053538038"}}
	claim := func(serial, kind string) (*job, error) {
		j := &job{env: &env{Console: &console.Console{ConfigDir: func() (string, error) { return dir, nil }}}, client: client, alone: true}
		j.handset.Kind = kind
		t.Cleanup(func() { _ = j.releaseHolds() })
		if err := j.claim(serial); err != nil {
			return j, err
		}
		return j, j.claimUnit(unit)
	}
	first, err := claim("c9a0a2a6", report.KindDevice)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := claim("192.0.2.7:5555", report.KindDevice); !errors.Is(err, errBusy) {
		t.Errorf("the same over the network: %v, want errBusy", err)
	}
	if _, err := claim("emulator-5554", report.KindEmulator); err != nil {
		t.Errorf("an emulated one with the same numbers: %v", err)
	}
	if err := first.close(); err != nil {
		t.Error(err)
	}
	if _, err := claim("192.0.2.8:5555", report.KindDevice); err != nil {
		t.Errorf("after the first was done: %v", err)
	}
}

// TestSecondIsTold: while one preship waits for the owner, every other that would
// work on the handset is told so and ends before it sends it anything; when the
// first is killed, the next goes on.
func TestSecondIsTold(t *testing.T) {
	t.Parallel()
	s := newStoryOwned(t, demoProfile, "idle")
	saved := filepath.Join(s.home, "saved")
	if out, err := s.command(t.Context(), "backup", "--out", saved).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first := s.command(t.Context(), "prepare", "--json", "--out", filepath.Join(s.home, "out"), "--confirm=emulated", "--no-input", "--wait", "5m")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "Sign out"); {
	}
	for _, args := range [][]string{
		{"prepare", "--out", filepath.Join(s.home, "other"), "--confirm=emulated", "--no-input"},
		{"backup", "--out", filepath.Join(s.home, "other")},
		{"reset", "--case", saved, "--confirm=emulated", "--no-input"},
		{"restore", "--case", saved},
	} {
		cmd := s.command(t.Context(), args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		_ = cmd.Run() // its code is looked at
		if code := cmd.ProcessState.ExitCode(); code != int(exitNoHandset) {
			t.Errorf("preship %s: exit code %d, want %d\n%s", args[0], code, exitNoHandset, stderr.String())
		}
		if text := stderr.String(); !strings.Contains(text, "another preship is working on this handset, case ") {
			t.Errorf("preship %s said %q", args[0], text)
		}
	}
	pages := 0
	for _, sent := range s.handset.Sent() {
		row, ok := handset.Match(orWord(sent.Line, sent.Service))
		switch {
		case strings.HasPrefix(sent.Line, "am start "):
			pages++ // by the first, for its owner to sign out
		case !ok || row.Writes:
			t.Errorf("the handset was sent %q", sent)
		}
	}
	if pages > 1 {
		t.Errorf("%d pages were opened on the handset, want the first one's", pages)
	}
	_ = first.Process.Kill()
	_, _ = io.Copy(io.Discard, out)
	_ = first.Wait() // it was killed
	if out, err := s.command(t.Context(), "backup", "--case", saved).CombinedOutput(); err != nil {
		t.Errorf("after the first was killed: %v\n%s", err, out)
	}
}
