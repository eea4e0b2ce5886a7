package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"preship/adb/adbtest"
	"preship/backup"
	"preship/backup/agefile"
	"preship/backup/manifest"
	"preship/backup/restore"
	"preship/backup/selection"
	"preship/report"
	"preship/report/check"
)

// TestRunEncrypted: for every kind of key, a backup is saved, checked and resumed without
// the key, opened with it, and restored to a wiped handset.
func TestRunEncrypted(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"age", "age post-quantum", "ssh ed25519", "ssh ed25519 with a passphrase", "ssh rsa", "two keys", "passphrase"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.options.Take = selection.Selection{}
			var key *agefile.Key
			status := report.StatusWarn
			switch kind {
			case "age":
				r.options.Encrypt.To, key = ageKey(t)
			case "age post-quantum":
				id, err := age.GenerateHybridIdentity()
				if err != nil {
					t.Fatal(err)
				}
				r.options.Encrypt.To, key = []string{id.Recipient().String()}, parseKey(t, id.String(), "")
			case "ssh ed25519":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "")
			case "ssh ed25519 with a passphrase":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "of the key")
			case "ssh rsa":
				r.options.Encrypt.To, key, _ = sshKey(t, "rsa", "")
			case "two keys":
				r.options.Encrypt.To, key, _ = sshKey(t, "ed25519", "")
				other, _ := ageKey(t)
				r.options.Encrypt.To = append(other, r.options.Encrypt.To...)
			case "passphrase":
				r.options.Encrypt, status = backup.CheapPassphrase("horse staple"), report.StatusPass
			}
			b := r.mustRun()
			if b.Files.Proved != 12 || b.Bytes.Proved != 1517463 {
				t.Errorf("files %+v, bytes %+v; want 12 proved with 1517463", b.Files, b.Bytes)
			}
			wantStatus(t, b, check.BackupKey, status)
			if kind == "passphrase" {
				key = r.passphraseKey("horse staple")
				// It is an age identity like any other.
				file, err := os.ReadFile(filepath.Join(r.dir, "backup", "identity.age"))
				if err != nil {
					t.Fatal(err)
				}
				r.mustOpen(parseKey(t, string(file), "horse staple"))
			}
			r.mustOpen(key)
			r.options.Encrypt = agefile.Encryption{} // the keys of the first run stay
			before := r.stored()
			if b := r.mustRun(); b.Files.Proved != 12 {
				t.Errorf("again: files %+v, want 12 proved", b.Files)
			}
			for name, data := range r.stored() {
				if strings.HasPrefix(name, "backup/storage/") && before[name] != data {
					t.Errorf("%s was written again", name)
				}
			}
			r.mustOpen(key)
			wiped := newRig(t, "dir - - 2026-03-01T10:00:00Z /sdcard/DCIM\n")
			res := r.restoreTo(wiped, restore.Options{Key: key})
			if len(res.Problems) > 0 || res.Proved != 12 {
				t.Errorf("restored: %+v", res)
			}
			if len(res.NotRestored) == 0 {
				t.Error("the files that are not restored are not named")
			}
			for _, n := range res.NotRestored {
				if !strings.Contains(n.Instead, "backup show DIR") {
					t.Errorf("how to come by %s: %s", n.File, n.Instead)
				}
			}
			entries, _ := r.manifest()
			for path, e := range entries {
				if e.Type == manifest.TypeFile && !bytes.Equal(wiped.original(path), r.original(path)) {
					t.Errorf("%s is not what it was", path)
				}
			}
		})
	}
}

// TestRunEncryptedRefuses: a backup is never encrypted in part, and never to other keys
// than before.
func TestRunEncryptedRefuses(t *testing.T) {
	t.Parallel()
	to, key := ageKey(t)
	other, otherKey := ageKey(t)
	for _, tt := range []struct {
		name   string
		begin  agefile.Encryption
		spoil  func(r *rig) error
		want   agefile.Encryption
		key    *agefile.Key
		reason error
	}{
		{"plain, then to a key", agefile.Encryption{}, nil, agefile.Encryption{To: to}, nil, agefile.ErrPlainBackup},
		{"plain, then with a passphrase", agefile.Encryption{}, nil, backup.CheapPassphrase("p"), nil, agefile.ErrPlainBackup},
		{"to a key, then to another", agefile.Encryption{To: to}, nil, agefile.Encryption{To: other}, nil, agefile.ErrOtherKey},
		{"to a key, then to one more", agefile.Encryption{To: to}, nil, agefile.Encryption{To: append(other, to...)}, nil, agefile.ErrOtherKey},
		{"to a key, then with a passphrase", agefile.Encryption{To: to}, nil, backup.CheapPassphrase("p"), nil, agefile.ErrOtherKey},
		{"with a passphrase, then another", backup.CheapPassphrase("p"), nil, backup.CheapPassphrase("q"), nil, agefile.ErrOtherKey},
		{"with a passphrase, then to a key", backup.CheapPassphrase("p"), nil, agefile.Encryption{To: to}, nil, agefile.ErrOtherKey},
		{"a key that does not open it", agefile.Encryption{To: to}, nil, agefile.Encryption{}, otherKey, agefile.ErrWrongKey},
		{"the list of keys gone", agefile.Encryption{To: to}, remove("backup/encryption.json"), agefile.Encryption{}, nil, agefile.ErrKeyList},
		{"the list of keys gone, and asked again", agefile.Encryption{To: to}, remove("backup/encryption.json"), agefile.Encryption{To: to}, nil, agefile.ErrPlainBackup},
		{"the key of a passphrase gone", backup.CheapPassphrase("p"), remove("backup/identity.age"), agefile.Encryption{}, nil, agefile.ErrKeyList},
		{"the key of a passphrase changed", backup.CheapPassphrase("p"), func(r *rig) error {
			return flip(filepath.Join(r.dir, "backup", "identity.age"), 60)
		}, agefile.Encryption{}, nil, agefile.ErrKeyList},
		{"the same key, opened", agefile.Encryption{To: to}, nil, agefile.Encryption{To: to}, key, nil},
		{"the same passphrase", backup.CheapPassphrase("p"), nil, backup.CheapPassphrase("p"), nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.options.Encrypt = tt.begin
			r.mustRun()
			if tt.spoil != nil {
				if err := tt.spoil(r); err != nil {
					t.Fatal(err)
				}
			}
			before := r.stored()
			r.options.Encrypt, r.options.Key = tt.want, tt.key
			b, err := r.run(context.Background())
			if !errors.Is(err, tt.reason) {
				t.Fatalf("error %v, want %v", err, tt.reason)
			}
			if tt.reason == nil {
				wantStatus(t, b, check.BackupKey, report.StatusPass)
				return
			}
			after := r.stored()
			for name := range after {
				if before[name] != after[name] {
					t.Errorf("%s was written", name)
				}
			}
		})
	}
}

// TestRunEncryptedKeepsNames: names that could become equal by the ending stay different,
// and names that are too long are cut.
func TestRunEncryptedKeepsNames(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	long := strings.Repeat("y", 250)
	names := []string{"a", "a.age/in", "a.age.dir/in", "b.AGE/in", "B", "c.age", long + "yyyyy", long + "zzzzz", long + ".age/in"}
	for i, name := range names {
		r.push("/storage/emulated/0/n/"+name, []byte{byte(i), 99})
	}
	var key *agefile.Key
	r.options.Encrypt.To, key = ageKey(t)
	for range 2 {
		if b := r.mustRun(); b.Files.Proved != int64(12+len(names)) {
			t.Fatalf("files %+v, want all proved: %+v", b.Files, b.Findings)
		}
	}
	r.mustOpen(key)
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for i, name := range names {
		f, _, err := backup.Open(root, "/storage/emulated/0/n/"+name, key)
		if err != nil {
			t.Errorf("%.20s: %v", name, err)
			continue
		}
		got, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil || !bytes.Equal(got, []byte{byte(i), 99}) {
			t.Errorf("%.20s holds %v, error %v", name, got, err)
		}
	}
}

// TestRunEncryptedJudgesLocalBackups: the run that writes them checks them without a
// secret, and so does the next run.
func TestRunEncryptedJudgesLocalBackups(t *testing.T) {
	t.Parallel()
	const dir = "/storage/emulated/0/MIUI/backup/AllBackup/20260301_120000/"
	bak := bakOf("com.example.notes")
	const description = "<MIUI-backup><packages><package><packageName>com.example.notes</packageName><bakFile>n.bak</bakFile><state>1</state><error>0</error></package></packages></MIUI-backup>"
	for name, tt := range map[string]struct {
		bak    []byte
		status report.Status
	}{"whole": {bak, report.StatusPass}, "cut": {bak[:len(bak)-600], report.StatusWarn}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, someFiles)
			r.push(dir+"descript.xml", []byte(description))
			r.push(dir+"n.bak", tt.bak)
			var key *agefile.Key
			r.options.Encrypt.To, key = ageKey(t)
			for _, r.options.Key = range []*agefile.Key{nil, nil, key} {
				b := r.mustRun()
				wantStatus(t, b, check.BackupLocalBackup, tt.status)
				if b.Files.Proved != 14 {
					t.Errorf("files %+v, want 14 proved", b.Files)
				}
			}
			r.mustOpen(key)
		})
	}
}

// TestRunEncryptedKeepsTheProvedVersion: if a file changed and its new version is not
// proved, both versions are kept, encrypted.
func TestRunEncryptedKeepsTheProvedVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	to, key := ageKey(t)
	r.options.Encrypt.To = to
	r.mustRun()
	old := r.original(photo)
	next := r.later(newerPhoto, adbtest.Trouble{Kind: adbtest.TroubleWrongHash, Path: photo})
	if b := next.mustRun(); b.Files.Proved != 11 {
		t.Errorf("files %+v, want 11 proved", b.Files)
	}
	next.mustOpen(key)
	f, err := os.Open(next.host("DCIM/Camera/a.jpg.age"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := backup.Decrypt(f, key); err != nil || !bytes.Equal(got, old) {
		t.Errorf("in its place lie %d bytes, error %v; want the version that was proved", len(got), err)
	}
	last := r.later(newerPhoto)
	if b := last.mustRun(); b.Files.Proved != 12 {
		t.Errorf("files %+v, want 12 proved", b.Files)
	}
	last.mustOpen(key)
}

// TestRunEncryptedUnderWindowsRules: names that are changed for two reasons.
func TestRunEncryptedUnderWindowsRules(t *testing.T) {
	t.Parallel()
	r := newRig(t, someFiles)
	names := append([]string{"Case", "case", "CASE.age/in", "case.AGE.dir/in", strings.Repeat(":", 80)}, hostileNames...)
	for i, name := range names {
		r.push("/storage/emulated/0/odd/"+name, []byte{byte(i)})
	}
	var key *agefile.Key
	r.options.Encrypt.To, key = ageKey(t)
	for range 2 {
		r.options = backup.UnderWindows(r.options)
		if b := r.mustRun(); b.Files.Proved != int64(12+len(names)) {
			t.Fatalf("files %+v, want all proved: %+v", b.Files, b.Findings)
		}
		r.mustOpen(key)
	}
	seen := map[string]string{}
	entries, _ := r.manifest()
	for path, e := range entries {
		if e.Type != manifest.TypeFile {
			continue
		}
		host := e.Host
		if host == "" {
			host = "backup" + path + ".age"
		}
		if other, ok := seen[backup.FoldedPath(host)]; ok || !strings.HasSuffix(host, ".age") {
			t.Errorf("%q is stored at %q, as %q is", path, host, other)
		}
		seen[backup.FoldedPath(host)] = path
	}
}
