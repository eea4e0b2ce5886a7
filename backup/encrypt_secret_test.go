package backup_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"preship/backup/meter"
	"preship/testdata/program"
)

// TestRunEncryptedOpensWithAge: the files can be opened without preship.
func TestRunEncryptedOpensWithAge(t *testing.T) {
	t.Parallel()
	program := program.Path(t, "age")
	r := newRig(t, someFiles)
	var file string
	r.options.Encrypt.To, _, file = sshKey(t, "ed25519", "")
	r.mustRun()
	out, err := exec.CommandContext(t.Context(), program, "-d", "-i", file, r.host("DCIM/Camera/a.jpg.age")).Output()
	if err != nil || !bytes.Equal(out, r.original(photo)) {
		t.Errorf("age gives %d bytes, error %v", len(out), err)
	}
}

// TestRunEncryptedHidesContents: whatever a handset's owner has in files,
// contacts, messages and the rest is nowhere on the disk, and neither is a part
// of it while the backup is being made.
func TestRunEncryptedHidesContents(t *testing.T) {
	t.Parallel()
	profile := func(p string) string {
		return android13(p) + "text - - 2026-03-01T10:00:02Z /sdcard/Download/letter.txt \"dearest Ottoline, burn this\"\n"
	}
	plain := fullRig(t, "redmi-note-10", profile)
	plain.mustRun()
	needles := map[string]string{"a file": "dearest Ottoline, burn this", "a message": "ready for pick-up"}
	for name, data := range plain.stored() {
		if strings.HasSuffix(name, "contacts.jsonl") {
			needles["a contact"] = between(t, data, `"display_name":"`, `"`)
		}
		if strings.HasSuffix(name, "calls.jsonl") {
			needles["a call"] = between(t, data, `"number":"`, `"`)
		}
	}
	if len(needles) != 4 {
		t.Fatalf("only %v to look for", needles)
	}
	for what, needle := range needles {
		if !holds(plain.stored(), needle) {
			t.Errorf("%s, %q, is not in a backup that is not encrypted", what, needle)
		}
	}
	r := fullRig(t, "redmi-note-10", profile)
	r.options.Encrypt.To, _ = ageKey(t)
	looked := 0
	r.options.Progress = func(p meter.Progress) {
		if looked == 3 || p.FilesDone%16 != 0 || p.Phase == meter.PhaseListing {
			return
		}
		looked++
		for what, needle := range needles {
			if name, ok := where(r.now(), needle); ok {
				t.Errorf("%s is readable in %s while the backup is made", what, name)
			}
		}
	}
	r.mustRun()
	if looked == 0 {
		t.Error("the watcher saw nothing while the backup was made")
	}
	for what, needle := range needles {
		if name, ok := where(r.stored(), needle); ok {
			t.Errorf("%s is readable in %s", what, name)
		}
	}
	for name := range r.stored() {
		if strings.HasPrefix(name, "backup/storage/") || strings.HasPrefix(name, "backup/items/") || strings.HasPrefix(name, "backup/data/") {
			if !strings.HasSuffix(name, ".age") {
				t.Errorf("%s is not named as encrypted", name)
			}
		}
	}
}

func holds(files map[string]string, needle string) bool {
	_, ok := where(files, needle)
	return ok
}

func where(files map[string]string, needle string) (string, bool) {
	for name, data := range files {
		if strings.Contains(data, needle) {
			return name, true
		}
	}
	return "", false
}

func between(t testing.TB, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	found, _, end := strings.Cut(rest, to)
	if !ok || !end || len(found) < 5 {
		t.Fatalf("no %q in %.200q", from, s)
	}
	return found
}
