package main

import (
	"strings"
	"testing"
)

// A handset that enters repair mode while it is being copied is neither called
// saved nor erased: some of the visible data is not its owner's.
func TestRepairModeDuringTheBackup(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	a.at = " files, " // of the bar
	a.then = func(a *asked) { a.sh("settings put global repair_mode_active 1") }
	code := a.run("prepare")
	told := a.told.String()
	if a.then != nil {
		t.Fatalf("the bar was not shown\n%s", told)
	}
	if code != exitNotReady || wipes(a.handset) != 0 || a.questions != 0 {
		t.Errorf("exit %d, %d wipes, %d questions to erase, want %d and none\n%s", code, wipes(a.handset), a.questions, exitNotReady, told)
	}
	_, backup, _ := strings.Cut(told, "2/6 backup")
	backup, _, _ = strings.Cut(backup, "3/6 accounts")
	if !strings.Contains(backup, "The handset is in repair mode") || strings.Contains(backup, "saved,") {
		t.Errorf("the backup is called whole, or does not say why it is not:\n%s", backup)
	}
}

// A handset that no longer reports whether it is in the mode is no pass either.
func TestRepairModeUntoldAfterTheBackup(t *testing.T) {
	t.Parallel()
	a := newAsked(t)
	a.at = " files, "
	a.then = func(a *asked) { a.sh("settings put global repair_mode_active maybe") }
	if code := a.run("prepare"); code != exitNotReady || wipes(a.handset) != 0 || a.questions != 0 {
		t.Errorf("exit %d, %d wipes, %d questions to erase, want %d and none", code, wipes(a.handset), a.questions, exitNotReady)
	}
	backup, _, _ := strings.Cut(a.told.String(), "3/6 accounts")
	if !strings.Contains(backup, "unknown The handset does not report whether it is in repair mode.") {
		t.Errorf("the backup does not say that it is not known:\n%s", backup)
	}
}
