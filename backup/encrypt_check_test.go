package backup_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/restore"
)

// TestCheckEncrypted: a change of an encrypted file is found without a key, and one that
// was made in the manifest too is found with the key.
func TestCheckEncrypted(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	const a, b = "DCIM/Camera/c.jpg.age", "Music/g.mp3.age"
	for _, tt := range []struct {
		name  string
		spoil func(r *rig) error
		what  string
		keyed bool // only found with the key
	}{
		{"bit flipped", func(r *rig) error { return flip(r.host(a), 5000) }, "SHA-256", false},
		{"head changed", func(r *rig) error { return flip(r.host(a), 30) }, "SHA-256", false},
		{"cut short", func(r *rig) error { return os.Truncate(r.host(a), 5000) }, "5000 bytes", false},
		{"two swapped", func(r *rig) error {
			return errors.Join(os.Rename(r.host("Music/h.mp3.age"), r.host("x")), os.Rename(r.host(b), r.host("Music/h.mp3.age")), os.Rename(r.host("x"), r.host(b)))
		}, "SHA-256", false},
		{"list of keys gone", remove("backup/encryption.json"), "missing", false},
		{"two swapped, in the manifest too", func(r *rig) error {
			return r.swapStored("/storage/emulated/0/Music/g.mp3", "/storage/emulated/0/Music/h.mp3")
		}, "contents differ from the handset", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.options.Encrypt.To = to
			r.mustRun()
			if err := tt.spoil(r); err != nil {
				t.Fatal(err)
			}
			if res := r.check(true); (len(res.Problems) == 0) != tt.keyed || !tt.keyed && !strings.Contains(res.Problems[0].What, tt.what) {
				t.Errorf("without the key: %+v", res.Problems)
			}
			res, err := r.checkOpened(key)
			if err != nil || len(res.Problems) == 0 || !strings.Contains(res.Problems[0].What, tt.what) {
				t.Errorf("with the key: %+v, error %v; want %q", res.Problems, err, tt.what)
			}
		})
	}
}

// TestEncryptedNeedsItsKey: no file opens without the key, or with another.
func TestEncryptedNeedsItsKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	r.options.Encrypt.To, _ = ageKey(t)
	r.mustRun()
	_, other := ageKey(t)
	if _, err := r.checkOpened(other); !errors.Is(err, agefile.ErrWrongKey) {
		t.Errorf("check with another key: error %v, want ErrWrongKey", err)
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := agefile.PassphraseKey(root, []byte("x")); !errors.Is(err, agefile.ErrWrongKey) {
		t.Errorf("a passphrase for a backup without one: error %v, want ErrWrongKey", err)
	}
	for key, want := range map[*agefile.Key]error{nil: agefile.ErrKeyNeeded, other: agefile.ErrWrongKey} {
		before := r.handset.Sent()
		if _, err := restore.Run(t.Context(), r.device, root, restore.Options{Key: key}); !errors.Is(err, want) {
			t.Errorf("restore: error %v, want %v", err, want)
		}
		if n := len(r.handset.Sent()) - len(before); n != 0 {
			t.Errorf("%d lines were sent", n)
		}
	}
	p := newRig(t, someFiles)
	p.options.Encrypt = backup.CheapPassphrase("right")
	p.mustRun()
	other2, err := os.OpenRoot(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other2.Close()
	if _, err := agefile.PassphraseKey(other2, []byte("wrong")); !errors.Is(err, agefile.ErrWrongKey) {
		t.Errorf("another passphrase: error %v, want ErrWrongKey", err)
	}
}

// TestRunEncryptedContinuesAfterAKill damages an encrypted backup as a power cut may, and
// resumes it without a secret.
func TestRunEncryptedContinuesAfterAKill(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	var key *agefile.Key
	r.options.Encrypt.To, key = ageKey(t)
	r.mustRun()
	r.options.Encrypt = agefile.Encryption{}
	lines, err := os.ReadFile(filepath.Join(r.dir, "backup", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	half := append(lines[:len(lines)*2/3:len(lines)*2/3], '\n')
	if err := errors.Join(
		os.WriteFile(filepath.Join(r.dir, "backup", "journal.jsonl"), half, 0o600),
		os.WriteFile(filepath.Join(r.dir, "backup", "items", "left.jsonl.age"), []byte("no age file"), 0o600),
		os.Truncate(r.host("Music/e.mp3.age"), 70000), flip(r.host("DCIM/Camera/b.jpg.age"), 1000),
		os.Remove(filepath.Join(r.dir, manifest.Name)),
	); err != nil {
		t.Fatal(err)
	}
	if b := r.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	res, err := r.checkOpened(key)
	if err != nil || len(res.Problems) != 1 || !strings.Contains(res.Problems[0].File, "left.jsonl.age") {
		t.Errorf("opened: %+v, error %v; want an error only for the files left there", res.Problems, err)
	}
}
